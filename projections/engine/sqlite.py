"""Read models in a SQLite file of their own: in the file of the store they would slow its commits
(DESIGN §4).

`synchronous=NORMAL`: a power cut may take the last transactions, whole, and the events behind them
are still in the store.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from projections.engine.database import MOMENT, Dialect, ReadModelsUnusable, Transaction
from projections.engine.projection import Kind

PAGE_SIZE = 16_384  # rows of two or three kilobytes fill smaller pages badly
OURS = 0x4D435244  # PRAGMA application_id: "MCRD"
# The day in Brussels, whatever the machine's zone is: SQLite knows no other. Summer time is from
# the last Sunday of March to that of October, at 01:00 UTC (Directive 2000/84/EC, articles 2, 3).
_SUMMER = " AND ".join(
    f"datetime('now') {comes} datetime(strftime('%Y-{last_week}', 'now'), 'weekday 0', '+1 hour')"
    for comes, last_week in ((">=", "03-25"), ("<", "10-25"))
)
TODAY = f"date('now', CASE WHEN {_SUMMER} THEN '+2 hours' ELSE '+1 hour' END)"
DIALECT = Dialect(
    types={
        Kind.TEXT: "TEXT",
        Kind.INTEGER: "INTEGER",
        Kind.BOOLEAN: "BOOLEAN",
        Kind.DATE: "DATE",
        MOMENT: "TEXT",
    },
    today=TODAY,
    comments=False,
)


class SQLiteTransaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def select(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._connection.execute(sql, values)

    def write(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(sql, rows)


class SQLiteDatabase:
    """Raises ReadModelsUnusable where the file is none of ours or cannot be written."""

    dialect = DIALECT

    def __init__(self, place: str, lock_timeout: float) -> None:
        self.place, self._lock_timeout = place, lock_timeout
        self._idle: list[sqlite3.Connection] = []
        self._writer = self._connected()
        self._turn = Lock()

    def _connected(self) -> sqlite3.Connection:
        with explained():
            connection = sqlite3.connect(
                self.place,
                timeout=self._lock_timeout,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                [[ours]] = connection.execute("PRAGMA application_id")
                [[tables]] = connection.execute("SELECT count(*) FROM sqlite_schema")
                if tables and ours != OURS:
                    raise ReadModelsUnusable(f"{self.place} is another program's database")
                connection.execute(f"PRAGMA page_size={PAGE_SIZE}")
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=NORMAL")
                if ours != OURS:
                    connection.execute(f"PRAGMA application_id={OURS}")
            except BaseException:
                connection.close()
                raise
        return connection

    @contextmanager
    def reading(self) -> Iterator[SQLiteTransaction]:
        try:
            connection = self._idle.pop()
        except IndexError:  # asked by looking first, two threads would take the last one
            connection = self._connected()
        with explained():
            connection.execute("BEGIN")
            try:
                yield SQLiteTransaction(connection)
            finally:
                connection.execute("ROLLBACK")
                self._idle.append(connection)

    @contextmanager
    def writing(self) -> Iterator[SQLiteTransaction]:
        with self._turn, explained():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield SQLiteTransaction(self._writer)
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def grant(self, transaction: Transaction, views: Sequence[str]) -> None:
        """Whoever may read the file may read all of it."""

    def close(self) -> None:
        for connection in (*self._idle, self._writer):
            connection.close()


@contextmanager
def explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise ReadModelsUnusable(str(error)) from error
