"""A store of events at times that a test chooses: what the engine reads, without the deciders."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

from eventsourcing.persistence import StoredEvent

from coordination.store.answers import Asked
from coordination.store.event_store import EventStore
from coordination.store.recorder import Row
from schemas.cycle import OpenCycle
from schemas.message import stream_of
from schemas.recorded_event import AnyEvent, Heads, RecordedEvent, hash_of
from schemas.upcasting import Unreadable

ASKED = Asked(
    command=OpenCycle(by="hub", effective=date(2026, 1, 12), cycle="cycle-hub-2026"),
    role="coordinator",
    id="command-1",
)
NOW, FUTURE = b'"dataversion":1', b'"dataversion":9'


Store = TypeVar("Store", bound=EventStore)


class HistoryStore:
    """`now` is the time of what is recorded next; `events` all that was recorded here."""

    def __init__(self, file: Path) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        numbers = count(1)
        self.store = EventStore(
            {"SQLITE_DBNAME": str(file)}, self.clock, lambda: f"event-{next(numbers)}"
        )
        self.heads: Heads = {}
        self.events: list[RecordedEvent] = []
        self._versions: Counter[str] = Counter()

    def clock(self) -> datetime:
        return self.now

    def opened(self, kind: type[Store]) -> Store:
        """The same database, as another process has it."""
        return kind({"SQLITE_DBNAME": self.store.place}, self.clock, lambda: "none is made")

    def record(self, events: Sequence[AnyEvent]) -> Sequence[RecordedEvent]:
        """Kept as one transaction, each with the next version of its stream."""
        before = dict(self.heads)
        pairs = [self._next(event) for event in events]
        self._append([stored for _, stored in pairs], before)
        recorded = [one for one, _ in pairs]
        self.events += recorded
        return recorded

    def record_of_the_future(self, event: AnyEvent) -> None:
        """As a newer program writes it: whole, and nothing that this one can read."""
        before = dict(self.heads)
        recorded, stored = self._next(event)
        raw = stored.state.replace(NOW, FUTURE)
        self.heads[recorded.ledger] = (recorded.seq, hash_of(raw))
        self._append([replace(stored, state=raw)], before)

    def _next(self, event: AnyEvent) -> tuple[RecordedEvent, StoredEvent]:
        stream = stream_of(event)
        self._versions[stream] += 1
        return self.store.record(ASKED, event, self._versions[stream], self.heads)

    def _append(self, stored: Sequence[StoredEvent], before: Heads) -> None:
        moved = {ledger: head for ledger, head in self.heads.items() if before.get(ledger) != head}
        self.store.recorder.append(stored, moved, before)

    def close(self) -> None:
        self.store.close()


class Newer(EventStore):
    """A program that can read what was of the future."""

    def read_or_not(self, row: Row) -> RecordedEvent | Unreadable:
        return super().read_or_not((*row[:4], row[4].replace(FUTURE, NOW)))

    def stored(self, after: int, until: int) -> Iterator[tuple[int, str, bytes]]:
        for position, stream, raw in super().stored(after, until):
            yield position, stream, raw.replace(FUTURE, NOW)
