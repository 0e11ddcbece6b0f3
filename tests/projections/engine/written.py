"""What the engine writes to a database, transaction by transaction, and how long each took."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from msgspec import Struct

from projections.engine.database import Database, Transaction


class Writing(Struct):
    """`seconds`: from when it had the right to write until it was kept."""

    statements: list[str]
    seconds: float = 0.0


class Written:
    """A database as the engine takes it, which notes what is written; `transactions` in order."""

    def __init__(self, database: Database) -> None:
        self.place, self.dialect, self.grant = database.place, database.dialect, database.grant
        self.reading, self.close = database.reading, database.close
        self._writing = database.writing
        self.transactions: list[Writing] = []

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        noted = Writing([])
        self.transactions.append(noted)
        with self._writing() as transaction:
            began = perf_counter()
            yield Noting(transaction, noted.statements)
        noted.seconds = perf_counter() - began

    def switches(self) -> list[Writing]:
        """The transactions in which views were switched to another build."""
        return [
            one for one in self.transactions if any("CREATE VIEW" in sql for sql in one.statements)
        ]


class Noting:
    def __init__(self, transaction: Transaction, noted: list[str]) -> None:
        self._transaction, self._noted = transaction, noted
        self.select = transaction.select

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._noted.append(sql)
        self._transaction.execute(sql, values)

    def write(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._noted.append(sql)
        self._transaction.write(sql, rows)
