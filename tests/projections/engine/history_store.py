"""A store of events at times that a test chooses: what the engine reads, without the deciders."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from coordination.store.answers import Asked
from coordination.store.event_store import EventStore
from coordination.store.recorder import Heads
from schemas.cycle import OpenCycle
from schemas.message import stream_of
from schemas.recorded_event import AnyEvent, RecordedEvent

ASKED = Asked(
    command=OpenCycle(by="hub", effective=date(2026, 1, 12), cycle="cycle-hub-2026"),
    role="coordinator",
    id="command-1",
)


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

    def record(self, events: Sequence[AnyEvent]) -> Sequence[RecordedEvent]:
        """Kept as one transaction, each with the next version of its stream."""
        before, pairs = dict(self.heads), []
        for event in events:
            self._versions[stream_of(event)] += 1
            version = self._versions[stream_of(event)]
            pairs.append(self.store.record(ASKED, event, version, self.heads))
        moved = {ledger: head for ledger, head in self.heads.items() if before.get(ledger) != head}
        self.store.recorder.append([stored for _, stored in pairs], moved, before)
        recorded = [one for one, _ in pairs]
        self.events += recorded
        return recorded

    def close(self) -> None:
        self.store.close()
