"""One process writes (DESIGN §4): a lock beside the database, which ends with its holder.

The file of the lock says which process writes, and how far it has come. SQLite takes a damaged
end of its log for one that was never finished, and would silently go on from an earlier state.
"""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from coordination.store.refusal import StoreRefused

PAUSE = 0.02  # seconds between two tries
LINE = 40  # always as long, so that noting needs no new room on the disk


class WriterLock:
    """
    Held on a file of its own, for closing any second handle on the database itself would drop the
    locks of SQLite.
    """

    def __init__(self, database: Path, timeout: float) -> None:
        """Raises StoreRefused after `timeout` seconds, naming the process that writes."""
        try:
            self._handle = os.open(_beside(database), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o664)
        except OSError as error:
            raise StoreRefused("store.read-only", path=str(database)) from error
        give_up = time.monotonic() + timeout
        while not self._taken():
            if time.monotonic() >= give_up:
                process, _ = _line(os.pread(self._handle, LINE, 0))
                self.release()
                raise StoreRefused("store.other-writer", path=str(database), process=process)
            time.sleep(PAUSE)
        try:
            _, position = _line(os.pread(self._handle, LINE, 0))
            self._write(position)
        except OSError as error:
            self.release()
            raise StoreRefused("store.disk-full", path=str(database)) from error

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def note(self, position: int) -> None:
        """How far the store has come, after it is durable there. A hint: it is never synced."""
        with suppress(OSError):
            self._write(position)

    def _write(self, position: int) -> None:
        os.pwrite(self._handle, f"{os.getpid()} {position}".ljust(LINE).encode(), 0)

    def release(self) -> None:
        handle, self._handle = self._handle, -1  # its number may soon be another file's
        os.close(handle)


def noted(database: Path) -> int:
    """How far the store had come when its writer last said so; 0 where nobody did."""
    try:
        return _line(_beside(database).read_bytes())[1]
    except OSError:
        return 0


def forget(database: Path) -> None:
    """Where a database is made anew, what was noted of another one of its name is void."""
    with suppress(OSError):
        os.truncate(_beside(database), 0)


def _beside(database: Path) -> Path:
    database = database.resolve()  # SQLite follows links too: one database has one lock
    return database.with_name(database.name + ".writer")


def _line(raw: bytes) -> tuple[str, int]:
    """The process and the position; a power cut may have left anything."""
    process, _, position = raw.decode(errors="replace").strip().partition(" ")
    return process or "?", int(position) if position.isdecimal() else 0
