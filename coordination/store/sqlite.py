"""The library's SQLite recorders, on durable connections.

DESIGN §4: one growing position that is never used again. It is the column `rowid` because the
statements of the library read that name. To be named as PERSISTENCE_MODULE, as the library's users
expect.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from threading import get_ident
from typing import Any, ClassVar

import msgspec
from eventsourcing import sqlite
from eventsourcing.persistence import (
    DatabaseError,
    IntegrityError,
    StoredEvent,
)
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteProcessRecorder,
    SQLiteTrackingRecorder,
)

from coordination.store.lock import WriterLock, forget, noted
from coordination.store.recorder import Hold, Row
from coordination.store.refusal import StoreRefused
from coordination.store.sqlite_connections import DurableDatastore, DurableTransaction
from schemas.recorded_event import Heads

FORMAT = 1  # PRAGMA user_version: raised when the tables change
ROW = "rowid, originator_id, originator_version, topic, state"
STORED = "rowid, originator_id, state"
OF_STREAMS = "originator_id, originator_version, state"
MORE = ",(?,?,?,?)"  # one more row of an insert
# Rows of one statement: each lets other threads of Python run, and waits for them to let it on.
AT_ONCE = 64
LAST = "originator_id, max(originator_version)"
BY_VERSION = "ORDER BY originator_id, originator_version"
IN_ORDER = "rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?"
OF_A_STREAM = "originator_id = ? AND originator_version > ? ORDER BY originator_version"
OURS = 0x4D434F4F  # PRAGMA application_id: "MCOO"


class SQLiteLedgerRecorder(SQLiteApplicationRecorder):
    """The events of all ledgers in one order, and the head of each ledger."""

    shared = False
    file: tuple[int, int] | None = None  # the file that was opened, by device and number

    def __init__(
        self, datastore: SQLiteDatastore, events_table_name: str = "stored_events"
    ) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        assert isinstance(datastore, DurableDatastore)
        self.datastore: DurableDatastore = datastore
        self.insert_events_statement = (
            f"INSERT INTO {events_table_name} "
            "(originator_id, originator_version, topic, state) VALUES (?,?,?,?)"
        )
        self._receive = (
            f"INSERT INTO {events_table_name} "
            "(rowid, originator_id, originator_version, topic, state) VALUES (?,?,?,?,?)"
        )
        self._lock: WriterLock | None = None
        self._turn_of = 0  # a thread

    def construct_create_table_statements(self) -> list[str]:
        return [
            f"""
            CREATE TABLE IF NOT EXISTS {self.events_table_name} (
                rowid INTEGER PRIMARY KEY AUTOINCREMENT,
                originator_id TEXT NOT NULL,
                originator_version INTEGER NOT NULL,
                topic TEXT NOT NULL,
                state BLOB NOT NULL,
                UNIQUE (originator_id, originator_version)
            )""",
            """
            CREATE TABLE IF NOT EXISTS ledger_heads (
                ledger TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL
            ) WITHOUT ROWID""",
            f"PRAGMA application_id={OURS}",
            f"PRAGMA user_version={FORMAT}",
        ]

    @property
    def place(self) -> str:
        return str(self.datastore.pool.db_name)

    def append(self, stored_events: Sequence[StoredEvent], moved: Heads, before: Heads) -> int:
        """As asked; what goes into a file that was deleted or put aside is no record."""
        position = self._append(stored_events, moved, before)
        self._note(position)
        return position

    def _append(self, stored_events: Sequence[StoredEvent], moved: Heads, before: Heads) -> int:
        store = self.datastore
        with store.one_writes, DurableTransaction(store.writing, commit=True) as cursor:
            _move(cursor, moved, before)
            for first in range(0, len(stored_events), AT_ONCE):
                some = stored_events[first : first + AT_ONCE]
                rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in some]
                statement = self.insert_events_statement + MORE * (len(rows) - 1)
                cursor.execute(statement, tuple(chain.from_iterable(rows)))
            return cursor.lastrowid or 0

    def receive(self, events: Sequence[Row], moved: Heads, before: Heads) -> None:
        """As asked; AUTOINCREMENT goes on after the highest position that was ever given."""
        with self.datastore.transaction(commit=True) as cursor:
            _move(cursor, moved, before)
            cursor.executemany(self._receive, events)
        self._note(events[-1][0])

    def _note(self, position: int) -> None:
        if identity(self.place) != self.file:
            raise StoreRefused("store.gone", path=self.place)
        if self._lock is not None:
            self._lock.note(position)

    def heads(self) -> tuple[int, Heads]:
        with self.datastore.transaction(commit=False) as cursor:
            position = self._max_notification_id(cursor) or 0
            cursor.execute("SELECT ledger, seq, hash FROM ledger_heads ORDER BY ledger")
            rows = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
        try:
            return position, msgspec.convert(rows, Heads)
        except msgspec.ValidationError as error:  # no column keeps its type in a damaged file
            raise DatabaseError("the head of a ledger is malformed") from error

    def rows(self, after: int, until: int, limit: int) -> Sequence[Row]:
        return self._selected(ROW, IN_ORDER, (after, until, limit))

    def stored(self, after: int, until: int, limit: int) -> Sequence[tuple[int, str, bytes]]:
        return self._selected(STORED, IN_ORDER, (after, until, limit))

    def stored_of(self, streams: Sequence[str]) -> Sequence[tuple[str, int, bytes]]:
        return self._selected(OF_STREAMS, f"{_among(streams)} {BY_VERSION}", (*streams,))

    def versions(self, streams: Sequence[str]) -> Sequence[tuple[str, int]]:
        return self._selected(LAST, f"{_among(streams)} GROUP BY originator_id", (*streams,))

    def rows_of(self, stream: str, after: int) -> Sequence[Row]:
        return self._selected(ROW, OF_A_STREAM, (stream, after))

    def _selected(self, columns: str, which: str, values: tuple[Any, ...]) -> Sequence[Any]:
        statement = f"SELECT {columns} FROM {self.events_table_name} WHERE {which}"
        if self._turn_of == get_ident():
            return _tuples(self.datastore.writing.cursor(), statement, values)
        with self.datastore.transaction(commit=False) as cursor:
            return _tuples(cursor, statement, values)

    def noted(self) -> int:
        return noted(Path(self.place))

    def identity(self) -> tuple[object, ...]:
        return ("sqlite", self.file)

    def damage(self) -> Iterator[str]:
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("PRAGMA integrity_check")
            said = [str(row[0]) for row in cursor.fetchall()]
        yield from (line for line in said if line != "ok")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else writes; whoever does reads on the connection it writes on."""
        self._turn_of = get_ident()
        try:
            yield
        finally:
            self._turn_of = 0

    def hold(self, timeout: float) -> Hold:
        with self.datastore.one_writes:
            self.datastore.writing.cursor()  # opened now: later the name may be another file's
        self._lock = WriterLock(Path(self.place), timeout)
        return self._lock


def _among(streams: Sequence[str]) -> str:
    return f"originator_id IN ({', '.join('?' * len(streams))})"


def _tuples(cursor: SQLiteCursor, statement: str, values: tuple[Any, ...]) -> Sequence[Any]:
    cursor.execute(statement, values)
    # The library's cursor gives rows that also know names, which costs time.
    cursor.sqlite_cursor.row_factory = None
    return cursor.sqlite_cursor.fetchall()


def identity(file: Path | str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _move(cursor: SQLiteCursor, moved: Heads, before: Heads) -> None:
    for ledger, (seq, link) in moved.items():
        cursor.execute(*_moving(ledger, seq, link, before.get(ledger)))
        if cursor.sqlite_cursor.rowcount != 1:
            raise IntegrityError(f"the head of {ledger} has moved")


def _moving(
    ledger: str, seq: int, link: str, before: tuple[int, str] | None
) -> tuple[str, tuple[Any, ...]]:
    """The statement that moves a head from where it was, and only from there."""
    if before is None:
        return "INSERT OR IGNORE INTO ledger_heads VALUES (?,?,?)", (ledger, seq, link)
    moves = "UPDATE ledger_heads SET seq=?, hash=? WHERE ledger=? AND hash=?"
    return moves, (seq, link, ledger, before[1])


class LedgerProcessRecorder(SQLiteLedgerRecorder, SQLiteProcessRecorder):
    """For users of the library who run a process application on this store."""

    def construct_create_table_statements(self) -> list[str]:
        ledger = super().construct_create_table_statements()
        return [*ledger, *SQLiteTrackingRecorder(self.datastore).create_table_statements]


# By its module's name: the library takes the one factory that it finds in this module.
class SQLiteLedgerFactory(sqlite.SQLiteFactory):
    application_recorder_class = SQLiteLedgerRecorder
    process_recorder_class = LedgerProcessRecorder
    datastore_class: ClassVar[type[DurableDatastore]] = DurableDatastore

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        plain = self.datastore
        plain.close()
        self.datastore = self.datastore_class(
            plain.pool.db_name,
            lock_timeout=plain.pool.lock_timeout,
            single_row_tracking=plain.single_row_tracking,
            originator_id_type=plain.originator_id_type,
        )

    def ledger_recorder(self) -> SQLiteLedgerRecorder:
        path = Path(self.datastore.pool.db_name)
        if not path.is_file():
            forget(path)
        before = noted(path)
        empty = _is_empty(path)
        if empty and before:
            raise StoreRefused("store.end-lost", path=str(path), found=0, noted=before)
        recorder = SQLiteLedgerRecorder(self.datastore)
        if empty:
            recorder.create_table()
        with self.datastore.transaction(commit=False):
            pass  # the settings are kept
        recorder.file = identity(path)
        return recorder


def _is_empty(path: Path) -> bool:
    """
    Whether there is nothing yet. Raises StoreRefused where what there is is not ours.

    Looks without writing, for the settings of the store would change another program's database.
    """
    if not path.is_file():
        return True
    try:
        ours, found, tables = _looked(path, "ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
            raise
        # Who made or changed it was killed: every program that opens it undoes what was begun.
        ours, found, tables = _looked(path, "rw")
    if tables and ours != OURS:
        raise StoreRefused("store.not-ours", path=str(path))
    if found > FORMAT:
        raise StoreRefused("store.newer-format", path=str(path), found=found, known=FORMAT)
    return not tables


def _looked(path: Path, mode: str) -> tuple[int, int, int]:
    """Whose database it is, its format, and how many tables it has."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        [[ours]] = connection.execute("PRAGMA application_id")
        [[found]] = connection.execute("PRAGMA user_version")
        [[tables]] = connection.execute("SELECT count(*) FROM sqlite_schema")
    return ours, found, tables
