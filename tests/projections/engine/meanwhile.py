"""A history in which something else happens, once, as soon as it is read."""

from collections.abc import Callable, Iterator

from coordination.store.checking import Reading
from coordination.store.event_store import EventStore
from schemas.recorded_event import Heads
from schemas.upcasting import Happened


def nothing() -> None:
    """Nothing else happens."""


class Meanwhile(EventStore):
    """`happens` is what another process does between the reading and the writing of this one."""

    happens: Callable[[], object] = staticmethod(nothing)

    def _happen(self) -> None:
        happens, self.happens = self.happens, nothing
        happens()

    def checking(self, position: int = 0, heads: Heads | None = None) -> Reading:
        reading = super().checking(position, heads)
        self._happen()
        return reading

    def stored(self, after: int, until: int) -> Iterator[tuple[int, str, bytes]]:
        self._happen()
        return super().stored(after, until)

    def happened(self, stream: str, after: int) -> Iterator[tuple[int, Happened]]:
        told = list(super().happened(stream, after))
        self._happen()
        yield from told
