"""The file of the mailroom: durable before a method returns, shared by threads and processes.

The command line opens it beside the running node, so nobody holds it: each change is a transaction
that waits for its turn.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Self

from coordination.mailroom.refusal import MailroomRefused

OURS = 0x4D434D52  # PRAGMA application_id: "MCMR"
FORMAT = 1  # PRAGMA user_version: raised when the tables change
LARGEST = 2**63 - 1  # integer of SQLite
PATIENCE = 10.0  # seconds that a change waits for those of others


class Database:
    """A context manager. Raises MailroomRefused where the file is not ours or cannot be used."""

    tables: ClassVar[tuple[str, ...]] = ()
    # What each setting is set to, and how SQLite reads it back.
    settings: ClassVar[dict[str, tuple[str, str]]] = {
        "journal_mode": ("WAL", "wal"),
        "synchronous": ("FULL", "2"),
    }

    def __init__(self, path: Path | str, clock: Callable[[], datetime]) -> None:
        self.place, self.clock = str(path), clock
        self._one_at_a_time = Lock()
        with self._explained():
            self._connection = sqlite3.connect(
                path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            try:
                made = self._look()
                self._settle()
                if not made:
                    self._make()
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        with self._one_at_a_time:
            self._connection.close()

    def _look(self) -> bool:
        """
        Whether it has been made already.

        Before anything is set: settings would change another program's database.
        """
        try:
            [[ours]] = self._connection.execute("PRAGMA application_id")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
                raise
            raise MailroomRefused("mailroom.not-ours", path=self.place) from error
        [[found]] = self._connection.execute("PRAGMA user_version")
        [[tables]] = self._connection.execute("SELECT count(*) FROM sqlite_schema")
        if (tables or ours) and ours != OURS:
            raise MailroomRefused("mailroom.not-ours", path=self.place)
        if found > FORMAT:
            raise MailroomRefused(
                "mailroom.newer-format", path=self.place, found=found, known=FORMAT
            )
        return bool(tables)

    def _settle(self) -> None:
        for setting, (wanted, read_back) in self.settings.items():
            self._patiently(f"PRAGMA {setting}={wanted}")
            found = str(self._connection.execute(f"PRAGMA {setting}").fetchone()[0])
            if found != read_back:
                raise MailroomRefused(
                    "mailroom.setting-not-kept",
                    path=self.place,
                    setting=setting,
                    wanted=wanted,
                    found=found,
                )

    def _patiently(self, statement: str) -> None:
        """SQLite does not wait where two programs make WAL of a new file at once."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._connection.execute(statement)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    def _make(self) -> None:
        with self.changing() as connection:
            for table in self.tables:
                connection.execute(table)
            connection.execute(f"PRAGMA application_id={OURS}")
            connection.execute(f"PRAGMA user_version={FORMAT}")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is durable afterwards, or nothing happened."""
        with self._one_at_a_time, self._explained():
            connection = self._connection
            if connection.in_transaction:
                connection.execute("ROLLBACK")  # of somebody who was interrupted
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def selected(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._one_at_a_time, self._explained():
            return self._connection.execute(statement, values).fetchall()

    def moment(self, at: datetime | None) -> str:
        """In UTC, so that moments sort as text; now, where none is said."""
        return (at or self.clock()).astimezone(UTC).isoformat(timespec="microseconds")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise MailroomRefused(
                "mailroom.not-usable", path=self.place, reason=str(error)
            ) from error


def moment_of(written: str) -> datetime:
    return datetime.fromisoformat(written)
