"""What would be appended, over what stands: states, heads and events of one transaction."""

from collections.abc import Iterator
from typing import Any

from eventsourcing.persistence import StoredEvent
from msgspec import Struct

from coordination.store.recorder import Row
from schemas.message import owner_of
from schemas.recorded_event import Heads
from schemas.vocabulary import Agency


class Stream(Struct, frozen=True):
    """A state, and the position of the store up to which it is known to hold."""

    state: Any
    version: int
    holds_at: int


class Draft:
    """`received` names the streams with events that nobody decided here: no state tells of them
    until somebody asks for one."""

    def __init__(self, heads: Heads, below: "Draft | None" = None) -> None:
        self.heads, self._below = dict(heads), below
        self.states: dict[str, Stream] = {}
        self.events: list[StoredEvent] = []
        self.received: set[str] = set()

    def stream(self, stream: str) -> Stream | None:
        below = None if self._below is None else self._below.stream(stream)
        return self.states.get(stream) or below

    def all_events(self) -> Iterator[StoredEvent]:
        """Those below first."""
        if self._below is not None:
            yield from self._below.all_events()
        yield from self.events

    def rows_of(self, stream: str) -> list[Row]:
        """The events of a stream that others decided and nobody has folded, with what stands on
        them; they have no position yet."""
        below = [] if self._below is None else self._below.rows_of(stream)
        if stream not in self.received:
            return below
        return below + [
            (0, stream, event.originator_version, event.topic, event.state)
            for event in self.events
            if event.originator_id == stream
        ]

    def of_ledger(self, ledger: Agency) -> list[bytes]:
        """The events of a ledger, in order; the last of them is its head."""
        return [
            event.state
            for event in self.all_events()
            if owner_of(str(event.originator_id)) == ledger
        ]

    def trial(self) -> "Draft":
        """A draft over this one, which it may be kept in or not."""
        return Draft(self.heads, self)

    def keep(self, trial: "Draft") -> None:
        for stream in trial.received & self.states.keys():
            del self.states[stream]
        self.states |= trial.states
        self.received |= trial.received
        self.heads = trial.heads
        self.events += trial.events
