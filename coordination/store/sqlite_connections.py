"""Connections to SQLite with the settings that durability needs, enforced and read back.

DESIGN §4: WAL, `synchronous=FULL` on every connection, BEGIN IMMEDIATE for writing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, ClassVar

from eventsourcing.persistence import OperationalError
from eventsourcing.sqlite import (
    SQLITE3_DEFAULT_LOCK_TIMEOUT,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from coordination.store.refusal import StoreRefused


class DurableTransaction(SQLiteTransaction):
    def __enter__(self) -> SQLiteCursor:
        connection = self.connection._sqlite_conn
        if connection.in_transaction:
            connection.rollback()  # of somebody who was interrupted
        # A deferred transaction that starts to write late can fail for no reason of its own.
        begin = "BEGIN IMMEDIATE" if self.commit else "BEGIN"
        try:
            return SQLiteCursor(connection.execute(begin))
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class DurableConnection(SQLiteConnection):
    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        with DurableTransaction(self, commit=commit) as cursor, cursor:
            yield cursor


class DurableConnectionPool(SQLiteConnectionPool):
    # What each setting is set to, and how SQLite reads it back.
    settings: ClassVar[dict[str, tuple[str, str]]] = {
        "synchronous": ("FULL", "2"),
        "journal_mode": ("WAL", "wal"),
    }

    def _create_connection(self) -> DurableConnection:
        try:
            # Not as the library does it, which has each statement prepared anew.
            connection = sqlite3.connect(
                self.db_name,
                timeout=self.lock_timeout or SQLITE3_DEFAULT_LOCK_TIMEOUT,
                isolation_level=None,
                check_same_thread=False,
                uri=True,
            )
            connection.row_factory = sqlite3.Row
            for setting, (wanted, read_back) in self.settings.items():
                connection.execute(f"PRAGMA {setting}={wanted}")
                found = str(connection.execute(f"PRAGMA {setting}").fetchone()[0])
                if found != read_back:
                    raise StoreRefused(
                        "store.setting-not-kept", setting=setting, wanted=wanted, found=found
                    )
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error
        return DurableConnection(connection, max_age=self.max_age)


class DurableDatastore(SQLiteDatastore):
    pool_class: ClassVar[type[DurableConnectionPool]] = DurableConnectionPool

    def __init__(self, db_name: str, **options: Any) -> None:
        self._writing: SQLiteConnection | None = None
        self.one_writes = Lock()
        super().__init__(db_name, **options)
        self.pool.close()
        self.pool = self.pool_class(
            db_name=db_name, lock_timeout=options.get("lock_timeout"), pool_size=2
        )

    @property
    def writing(self) -> SQLiteConnection:
        """A connection that is kept for whoever writes: asking the pool takes longer than a row."""
        if self._writing is None:
            self._writing = self.pool._create_connection()
        return self._writing

    def close(self) -> None:
        super().close()
        with self.one_writes:
            if self._writing is not None:
                self._writing.close()
