"""What the engine asks of a database; `sqlite` and `postgres` answer it. SQL is written once, with
`?` for each value; what differs between the two is the dialect."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from msgspec import Struct

from projections.engine.projection import Kind

MOMENT = "moment"  # the type of a point in time, beside the kinds of columns


class Dialect(Struct, frozen=True):
    """`types` by kind of column; `today` is the civil day as SQL; `comments`: whether the database
    keeps comments of its own."""

    types: Mapping[str, str]
    today: str
    comments: bool

    def type_of(self, kind: Kind | str) -> str:
        return self.types[str(kind)]


class Transaction(Protocol):
    """All that is read in it is of one moment; all that is written in it is kept, or nothing."""

    def select(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None: ...

    def write(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same statement for each row."""
        ...


class ReadModelsUnusable(Exception):
    """The database of the read models cannot be used; they can always be built anew."""


class Database(Protocol):
    """`place` names the database to people."""

    place: str
    dialect: Dialect

    def reading(self) -> AbstractContextManager[Transaction]: ...

    def writing(self) -> AbstractContextManager[Transaction]:
        """One at a time, over all processes."""
        ...

    def grant(self, transaction: Transaction, views: Sequence[str]) -> None:
        """Let whoever may only read see these views, where the database knows such roles."""
        ...

    def close(self) -> None: ...
