"""What the engine asks of a history; the event store answers it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

from schemas.recorded_event import Heads, Told
from schemas.upcasting import Happened

Stored: TypeAlias = tuple[int, str, bytes]  # position, stream, and the bytes of the event


class Checking(Protocol):
    """A reader that checks the chain as it goes: `heads` is how far each ledger has been found
    whole, at `position`."""

    @property
    def position(self) -> int: ...

    @property
    def heads(self) -> Heads: ...

    def more(self, limit: int, until: int) -> Sequence[tuple[int, Happened]]:
        """
        At most `limit` events that follow, up to the position `until`.

        Raises where the history is not what was recorded.
        """
        ...


class Source(Protocol):
    def position(self) -> int:
        """The position of the last event; 0 where there is none."""
        ...

    def checking(self, position: int, heads: Heads) -> Checking:
        """A reader that goes on from a place where the chain had been checked."""
        ...

    def fits(self, position: int, heads: Heads) -> bool:
        """Whether this history is the one that had these heads at that position."""
        ...

    def stored(self, after: int, until: int) -> Iterator[Stored]:
        """The events between two positions in order, as they are kept: for what was checked."""
        ...

    def told_of(self, after: Mapping[str, int]) -> Iterator[tuple[str, Told]]:
        """Of several streams, the events after a version of each, in order."""
        ...

    def happened(self, stream: str, after: int) -> Iterator[tuple[int, Happened]]:
        """The events of one stream after a version, oldest first, each with its position."""
        ...
