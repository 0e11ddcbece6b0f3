"""The writer: one thread at a time decides and appends, and answers nobody before the commit.

What has gathered is decided against cached states and committed as one transaction. Each command is
still atomic and answered for itself, rejections too: they may rest on events of the same
transaction.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import reduce
from itertools import chain
from threading import Thread
from typing import Any, TypeAlias

from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from msgspec import Struct

from coordination.store.answers import Answer, Asked, Done, Refused
from coordination.store.checking import Reading
from coordination.store.draft import Draft, Stream
from coordination.store.event_store import PAGE, EventStore
from coordination.store.explained import refusal_of
from coordination.store.gathering import Gathering
from coordination.store.receiving import Delivery, Received, take_in
from coordination.store.refusal import StoreRefused
from schemas.message import stream_of, subject_of
from schemas.recorded_event import AnyCommand, AnyEvent, Heads, RecordedEvent
from schemas.vocabulary import Agency

BATCH = 256  # commands that may share a commit
CACHED_STREAMS = 20_000
ATTEMPTS = 3  # at deciding again, where another writer was faster


class Decider(Struct, frozen=True):
    """The two pure functions of a subject; the service hands them in."""

    decide: Callable[[Any, AnyCommand], Sequence[AnyEvent] | Refused]
    evolve: Callable[[Any, AnyEvent], Any]


class Group(Struct):
    """Commands that are kept together or not at all, and the place for their answers."""

    asked: Sequence[Asked]
    keep: bool
    answers: "Future[list[Answer]]"
    decided: list[tuple[RecordedEvent, ...] | Refused] = []


Waiting: TypeAlias = Group | Delivery


class Writer:
    """
    Takes the right to write for as long as it is open; close it.

    `checking` goes on from where the history was found whole; without it, from the first event.
    Raises StoreRefused where another process has that right for itself.
    """

    def __init__(
        self,
        store: EventStore,
        deciders: Mapping[str, Decider],
        checking: Reading | None = None,
    ) -> None:
        self.store, self.deciders = store, deciders
        self._hold = store.recorder.hold(store.lock_timeout)
        try:
            checking = checking or store.checking()
            while checking.more(PAGE):
                pass  # nothing is decided on a history that is not what was recorded
        except StoreRefused:
            self._hold.release()
            raise
        self._states: OrderedDict[str, Stream] = OrderedDict()
        self._heads: Heads | None = None
        self._position = self._others_wrote = 0
        self._gathering: Gathering[Waiting] = Gathering(self.handle, store.place, BATCH)
        self._thread = Thread(target=self._gathering.run, name="writer", daemon=True)
        self._thread.start()

    def ask(self, asked: Asked) -> "Future[Answer]":
        """The future answer; it is durable when it comes. Never waits."""
        answer: Future[Answer] = Future()
        answer.set_running_or_notify_cancel()  # what is asked is decided: nobody takes it back

        def pass_on(answers: "Future[list[Answer]]") -> None:
            if error := answers.exception():
                answer.set_exception(error)
            else:
                answer.set_result(answers.result()[0])

        group = Group([asked], True, Future())
        group.answers.add_done_callback(pass_on)
        self._gathering.put(group)
        return answer

    def ask_and_wait(self, asked: Asked) -> Answer:
        """The answer, durable. Where nobody else asks, this very thread decides."""
        return self.ask_together([asked], keep=True)[0]

    def ask_together(self, asked: Sequence[Asked], *, keep: bool) -> list[Answer]:
        """All decided in order in one transaction, each seeing those before it.

        Any refusal, or `keep` false, keeps nothing; the answers say what would have happened.
        """
        group = Group(asked, keep, Future())
        self._gathering.put_or_decide(group)
        return group.answers.result()

    def receive(self, ledger: Agency, events: Sequence[bytes]) -> Received:
        """
        Takes in events of one ledger, in its order, as they came off the wire.

        What fits is durable when this returns; the first that does not, and all after it, is not
        kept.
        """
        delivery = Delivery(ledger, events, Future())
        self._gathering.put_or_decide(delivery)
        return delivery.answers.result()

    def close(self) -> None:
        """Answers what is queued, then lets another process write."""
        if self._gathering.close():
            self._thread.join()
            self._hold.release()

    def handle(self, batch: Sequence[Waiting]) -> None:
        """Decide, commit, answer: in this order, and nothing before the commit."""
        for attempt in range(1, ATTEMPTS + 1):
            committed = False
            try:
                with self.store.recorder.turn():
                    self.commit(self.decide(batch))
                    committed = True
            except Exception as error:
                if not committed:
                    self._forget()
                    if self._is_worth_another(error) and attempt < ATTEMPTS:
                        continue
                    self._refuse(batch, error)
                    return
            except BaseException:  # who decides was interrupted, perhaps between commit and memory
                self._forget()
                raise
            self.reply(batch)
            return

    def _forget(self) -> None:
        self._states.clear()
        self._heads = None

    def _is_worth_another(self, error: Exception) -> bool:
        """Somebody was faster, or the turn was lost to a server that thought us dead: nothing was
        kept, and what stands now is decided on anew."""
        lost_turn = self.store.recorder.shared and isinstance(error, PersistenceError)
        return isinstance(error, IntegrityError) or lost_turn

    def _refuse(self, batch: Sequence[Waiting], error: Exception) -> None:
        refused = self._explained(error)
        for group in batch:
            if not group.answers.done():
                group.answers.set_exception(refused)

    def decide(self, batch: Sequence[Waiting]) -> Draft:
        """The draft of all groups that are kept. A group that fails spoils no other."""
        self._look_around()
        draft = Draft(self._heads or {})
        for group in batch:
            if group.answers.done():
                continue  # failed in an earlier attempt
            trial = draft.trial()
            try:
                keep = self._tried(group, trial)
            except PersistenceError:
                raise
            except Exception as error:
                group.answers.set_exception(error)
                continue
            if keep:
                draft.keep(trial)
        return draft

    def _tried(self, group: Waiting, trial: Draft) -> bool:
        """Whether what came of it is to be kept."""
        if isinstance(group, Delivery):
            group.received = self.take_in(group, trial)
            return True
        group.decided = [self._decide(asked, trial) for asked in group.asked]
        return group.keep and not any(isinstance(one, Refused) for one in group.decided)

    def take_in(self, delivery: Delivery, draft: Draft) -> Received:
        """Adds to the draft what fits."""
        return take_in(self.store, draft, delivery.ledger, delivery.events)

    def _look_around(self) -> None:
        """Where others write too, nothing is decided on a state that they may have moved."""
        if self._heads is None or self.store.recorder.shared:
            position, heads = self.store.standing()
            if self._heads is None or position != self._position:
                self._others_wrote = position
            self._position, self._heads = position, heads

    def _decide(self, asked: Asked, draft: Draft) -> tuple[RecordedEvent, ...] | Refused:
        stream = stream_of(asked.command)
        decider = self.deciders[subject_of(stream)]
        before = draft.stream(stream) or self._stream(stream, decider, draft)
        decision = decider.decide(before.state, asked.command)
        if isinstance(decision, Refused):
            return decision
        pairs = [
            self.store.record(asked, event, version, draft.heads)
            for version, event in enumerate(decision, start=before.version + 1)
        ]
        state = reduce(decider.evolve, decision, before.state)
        version = before.version + len(decision)
        draft.states[stream] = Stream(state, version, self._position)
        draft.events += [stored for _, stored in pairs]
        return tuple(recorded for recorded, _ in pairs)

    def _stream(self, stream: str, decider: Decider, draft: Draft) -> Stream:
        known = self._states.get(stream)
        drafted = draft.rows_of(stream)
        if known is None:
            known = Stream(None, 0, -1)
        elif known.holds_at >= self._others_wrote and not drafted:
            return known
        stored = self.store.of(stream, after=known.version)
        news = [one.data for one in chain(stored, map(self.store.recorded, drafted))]
        state = reduce(decider.evolve, news, known.state)
        return Stream(state, known.version + len(news), self._position)

    def commit(self, draft: Draft) -> None:
        """One transaction; after it the draft is what stands."""
        before = self._heads or {}
        moved = {ledger: head for ledger, head in draft.heads.items() if before.get(ledger) != head}
        if draft.events:
            try:
                self._position = self.store.recorder.append(draft.events, moved, before)
            except PersistenceError:
                if not self._is_ours(draft.events):
                    raise
                # Our own commit, whose answer was lost; who knows what others wrote since.
                self._forget()
                self._position = self.store.position()
                return
        self._heads = draft.heads
        for stream in draft.received:
            self._states.pop(stream, None)
        for stream, state in draft.states.items():
            self._states[stream] = Stream(state.state, state.version, self._position)
            self._states.move_to_end(stream)
        while len(self._states) > CACHED_STREAMS:
            self._states.popitem(last=False)

    def _is_ours(self, events: Sequence[StoredEvent]) -> bool:
        """Whether the store holds these very events: their identifiers and hashes are in them."""
        return all(
            event
            in self.store.recorder.select_events(
                event.originator_id, gt=event.originator_version - 1, limit=1
            )
            for event in events
        )

    def reply(self, batch: Sequence[Waiting]) -> None:
        for group in batch:
            if group.answers.done():
                continue
            if isinstance(group, Delivery):
                group.answers.set_result(group.received)
            else:
                group.answers.set_result([self._answer(decided) for decided in group.decided])

    def _answer(self, decided: tuple[RecordedEvent, ...] | Refused) -> Answer:
        return decided if isinstance(decided, Refused) else Done(decided, self._position)

    def _explained(self, error: Exception) -> Exception:
        if isinstance(error, IntegrityError):
            return StoreRefused("store.conflict", path=self.store.place)
        if isinstance(error, PersistenceError):
            return refusal_of(error, self.store.place)
        return error
