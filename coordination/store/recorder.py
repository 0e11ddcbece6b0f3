"""What the store asks of a database, whichever it is; `sqlite` and `postgres` answer it.

A module that PERSISTENCE_MODULE may name has one factory, as the library wants it, and that
factory makes a LedgerRecorder.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias, runtime_checkable
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from schemas.recorded_event import Heads

Row: TypeAlias = tuple[int, str, int, str, bytes]  # position, stream, version, topic, event


class Hold(Protocol):
    """The right to write, until it is released."""

    def release(self) -> None: ...


class LedgerRecorder(Protocol):
    """`place` names the database to people; `shared` says that other processes may write too."""

    place: str
    shared: bool

    def append(self, stored_events: Sequence[StoredEvent], moved: Heads, before: Heads) -> int:
        """
        Events, and the heads they move from what they were `before`, in one transaction.

        Returns the position of the last event. Raises the library's IntegrityError where a head
        or a stream has moved since: nothing is kept then.
        """
        ...

    def receive(self, events: Sequence[Row], moved: Heads, before: Heads) -> None:
        """
        Events of another store, each at the position it has there, and the heads they move, in
        one transaction. What is recorded next follows the last of them without a hole.

        Raises the library's IntegrityError where a head, a stream or a position is taken.
        """
        ...

    def heads(self) -> tuple[int, Heads]:
        """The last position, 0 when there is none, and all heads, as of one moment."""
        ...

    def noted(self) -> int:
        """The position that was last noted beside the database; 0 where none is."""
        ...

    def select_events(
        self, originator_id: UUID | str, *, gt: int | None = None, limit: int | None = None
    ) -> Sequence[StoredEvent]: ...

    def rows(self, after: int, until: int, limit: int) -> Sequence[Row]:
        """At most `limit` rows after a position, up to another, in order."""
        ...

    def stored(self, after: int, until: int, limit: int) -> Sequence[tuple[int, str, bytes]]:
        """As `rows`, but only position, stream and event: for who reads very many."""
        ...

    def stored_of(self, streams: Sequence[str]) -> Sequence[tuple[str, int, bytes]]:
        """Stream, version and event of all rows of these streams, each stream in order."""
        ...

    def versions(self, streams: Sequence[str]) -> Sequence[tuple[str, int]]:
        """The last version of each of these streams that has one."""
        ...

    def rows_of(self, stream: str, after: int) -> Sequence[Row]:
        """The rows of one stream after a version, in order."""
        ...

    def identity(self) -> tuple[object, ...]:
        """The same for every way to one database, whatever name it was opened by."""
        ...

    def damage(self) -> Iterator[str]:
        """What the database itself finds wrong with its files."""
        ...

    def turn(self) -> AbstractContextManager[None]:
        """Between looking at the heads and moving them, where others write too: one at a time."""
        ...

    def hold(self, timeout: float) -> Hold:
        """Take the right to write. Raises StoreRefused where another process has it for itself."""
        ...


@runtime_checkable
class LedgerFactory(Protocol):
    def ledger_recorder(self) -> LedgerRecorder:
        """Checks the database, and makes its tables where it is new. Raises StoreRefused."""
        ...

    def close(self) -> None: ...
