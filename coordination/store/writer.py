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

from coordination.store.answers import Answer, Asked, Done, Refused
from coordination.store.event_store import EventStore, explained
from coordination.store.ledger import Heads
from coordination.store.lock import WriterLock
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
    state: Any
    version: int


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
    Takes the writer's lock of the store, for as long as it is open; close it.

    Raises StoreRefused where another process writes.
    """

    def __init__(self, store: EventStore, deciders: Mapping[str, Decider]) -> None:
        self.store, self.deciders = store, deciders
        self._lock = WriterLock(store.path, store.lock_timeout)
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
        self._lock.release()

    def _put(self, asked: Sequence[Asked], *, keep: bool) -> "Future[list[Answer]]":
        group = Group(asked, keep, Future())
        with self._closing:
            if self._closed:
                raise StoreRefused("store.closed", path=str(self.store.path))
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
            try:
                self.commit(self.decide(batch))
            except Exception as error:
                self._states.clear()
                self._heads = None
                if isinstance(error, IntegrityError) and attempt < ATTEMPTS:
                    continue  # somebody was faster: decide again on what stands now
                refused = self._explained(error)
                for group in batch:
                    if not group.answers.done():
                        group.answers.set_exception(refused)
                return
            self.reply(batch)
            return

    def decide(self, batch: Sequence[Group]) -> Draft:
        """The draft of all groups that are kept. A group that fails spoils no other."""
        if self._heads is None:
            self._position, self._heads = self.store.recorder.heads()
        draft = Draft({}, self._heads)
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
        draft.states[stream] = Stream(state, before.version + len(decision))
        draft.heads = heads
        draft.events += [stored for _, stored in pairs]
        return tuple(recorded for recorded, _ in pairs)

    def _stream(self, stream: str, decider: Decider) -> Stream:
        if cached := self._states.get(stream):
            return cached
        history = [recorded.data for recorded in self.store.of(stream)]
        return Stream(reduce(decider.evolve, history, None), len(history))

    def commit(self, draft: Draft) -> None:
        """One transaction; after it the draft is what stands."""
        moved = {
            ledger: head
            for ledger, head in draft.heads.items()
            if (self._heads or {}).get(ledger) != head
        }
        if draft.events:
            try:
                self._position = self.store.recorder.append(draft.events, moved)
            except IntegrityError:
                if not self._is_ours(draft.events):
                    raise
                # Our own commit, whose answer was lost.
                self._position = self.store.position()
        self._heads = draft.heads
        for stream, state in draft.states.items():
            self._states[stream] = state
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
            return StoreRefused("store.conflict", path=str(self.store.path))
        if isinstance(error, PersistenceError):
            return explained(error, self.store.path)
        return error
