"""The writer: one thread decides and appends, and answers nobody before the commit.

Commands queue; what has gathered is decided against cached states and committed as one
transaction. Each command is still atomic and answered for itself, rejections too: they may rest on
events of the same transaction.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import reduce
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from msgspec import Struct
from msgspec.structs import replace

from coordination.store.answers import Answer, Asked, Done, Refused
from coordination.store.event_store import PAGE, EventStore, Reading, refusal_of
from coordination.store.recorder import Heads
from coordination.store.refusal import StoreRefused
from schemas.message import stream_of, subject_of
from schemas.recorded_event import AnyCommand, AnyEvent, RecordedEvent

BATCH = 256  # commands that may share a commit
CACHED_STREAMS = 20_000
ATTEMPTS = 3  # at deciding again, where another writer was faster


class Decider(Struct, frozen=True):
    """The two pure functions of a subject; the service hands them in."""

    decide: Callable[[Any, AnyCommand], Sequence[AnyEvent] | Refused]
    evolve: Callable[[Any, AnyEvent], Any]


class Stream(Struct, frozen=True):
    """A state, and the position of the store up to which it is known to hold."""

    state: Any
    version: int
    holds_at: int


class Group(Struct):
    """Commands that are kept together or not at all, and the place for their answers."""

    asked: Sequence[Asked]
    keep: bool
    answers: "Future[list[Answer]]"
    decided: list[tuple[RecordedEvent, ...] | Refused] = []


class Draft:
    """What would be appended: states, heads and events over those that stand."""

    def __init__(self, states: Mapping[str, Stream], heads: Heads) -> None:
        self.states = dict(states)
        self.heads = dict(heads)
        self.events: list[StoredEvent] = []


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
        self._position = 0
        self._queue: SimpleQueue[Group | None] = SimpleQueue()
        self._closing = Lock()
        self._closed = False
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def ask(self, asked: Asked) -> "Future[Answer]":
        """The future answer; it is durable when it comes."""
        answer: Future[Answer] = Future()
        answer.set_running_or_notify_cancel()  # what is asked is decided: nobody takes it back

        def pass_on(answers: "Future[list[Answer]]") -> None:
            if error := answers.exception():
                answer.set_exception(error)
            else:
                answer.set_result(answers.result()[0])

        self._put([asked], keep=True).add_done_callback(pass_on)
        return answer

    def ask_together(self, asked: Sequence[Asked], *, keep: bool) -> list[Answer]:
        """All decided in order in one transaction, each seeing those before it.

        Any refusal, or `keep` false, keeps nothing; the answers say what would have happened.
        """
        return self._put(asked, keep=keep).result()

    def close(self) -> None:
        """Answers what is queued, then lets another process write."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        self._hold.release()

    def _put(self, asked: Sequence[Asked], *, keep: bool) -> "Future[list[Answer]]":
        group = Group(asked, keep, Future())
        with self._closing:
            if self._closed:
                raise StoreRefused("store.closed", path=self.store.place)
            self._queue.put(group)
        return group.answers

    def _run(self) -> None:
        going_on = True
        while going_on:
            batch, going_on = self._gathered()
            if batch:
                self.handle(batch)

    def _gathered(self) -> tuple[list[Group], bool]:
        batch: list[Group] = []
        group = self._queue.get()
        while group is not None:
            batch.append(group)
            if len(batch) == BATCH:
                return batch, True
            try:
                group = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def handle(self, batch: Sequence[Group]) -> None:
        """Decide, commit, answer: in this order, and nothing before the commit."""
        for attempt in range(1, ATTEMPTS + 1):
            committed = False
            try:
                with self.store.recorder.turn():
                    self.commit(self.decide(batch))
                    committed = True
            except Exception as error:
                if not committed:
                    self._states.clear()
                    self._heads = None
                    if self._is_worth_another(error) and attempt < ATTEMPTS:
                        continue
                    self._refuse(batch, error)
                    return
            self.reply(batch)
            return

    def _is_worth_another(self, error: Exception) -> bool:
        """Somebody was faster, or the turn was lost to a server that thought us dead: nothing was
        kept, and what stands now is decided on anew."""
        lost_turn = self.store.recorder.shared and isinstance(error, PersistenceError)
        return isinstance(error, IntegrityError) or lost_turn

    def _refuse(self, batch: Sequence[Group], error: Exception) -> None:
        refused = self._explained(error)
        for group in batch:
            if not group.answers.done():
                group.answers.set_exception(refused)

    def decide(self, batch: Sequence[Group]) -> Draft:
        """The draft of all groups that are kept. A group that fails spoils no other."""
        self._look_around()
        draft = Draft({}, self._heads or {})
        for group in batch:
            if group.answers.done():
                continue  # failed in an earlier attempt
            trial = Draft(draft.states, draft.heads)
            try:
                group.decided = [self._decide(asked, trial) for asked in group.asked]
            except PersistenceError:
                raise
            except Exception as error:
                group.answers.set_exception(error)
                continue
            if group.keep and not any(isinstance(one, Refused) for one in group.decided):
                trial.events = draft.events + trial.events
                draft = trial
        return draft

    def _look_around(self) -> None:
        """Where others write too, nothing is decided on a state that they may have moved."""
        if self._heads is None or self.store.recorder.shared:
            self._position, self._heads = self.store.standing()

    def _decide(self, asked: Asked, draft: Draft) -> tuple[RecordedEvent, ...] | Refused:
        stream = stream_of(asked.command)
        decider = self.deciders[subject_of(stream)]
        before = draft.states.get(stream) or self._stream(stream, decider)
        decision = decider.decide(before.state, asked.command)
        if isinstance(decision, Refused):
            return decision
        heads = dict(draft.heads)
        pairs = [
            self.store.record(asked, event, version, heads)
            for version, event in enumerate(decision, start=before.version + 1)
        ]
        state = reduce(decider.evolve, decision, before.state)
        version = before.version + len(decision)
        draft.states[stream] = Stream(state, version, self._position)
        draft.heads = heads
        draft.events += [stored for _, stored in pairs]
        return tuple(recorded for recorded, _ in pairs)

    def _stream(self, stream: str, decider: Decider) -> Stream:
        known = self._states.get(stream)
        if known is None:
            known = Stream(None, 0, -1)
        elif known.holds_at >= self._position or not self.store.recorder.shared:
            return known
        news = [recorded.data for recorded in self.store.of(stream, after=known.version)]
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
                # Our own commit, whose answer was lost.
                self._position = self.store.position()
        self._heads = draft.heads
        for stream, state in draft.states.items():
            self._states[stream] = replace(state, holds_at=self._position)
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

    def reply(self, batch: Sequence[Group]) -> None:
        for group in batch:
            if not group.answers.done():
                group.answers.set_result([self._answer(decided) for decided in group.decided])

    def _answer(self, decided: tuple[RecordedEvent, ...] | Refused) -> Answer:
        return decided if isinstance(decided, Refused) else Done(decided, self._position)

    def _explained(self, error: Exception) -> Exception:
        if isinstance(error, IntegrityError):
            return StoreRefused("store.conflict", path=self.store.place)
        if isinstance(error, PersistenceError):
            return refusal_of(error, self.store.place)
        return error
