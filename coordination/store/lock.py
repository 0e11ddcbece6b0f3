"""One process writes (DESIGN §4): a lock beside the database, which ends with its holder."""

import fcntl
import os
import time
from pathlib import Path

from coordination.store.refusal import StoreRefused

PAUSE = 0.02  # seconds between two tries


class WriterLock:
    """
    Held on a file of its own, for closing any second handle on the database itself would drop the
    locks of SQLite.
    """

    def __init__(self, database: Path, timeout: float) -> None:
        """Raises StoreRefused after `timeout` seconds, naming the process that writes."""
        database = database.resolve()  # SQLite follows links too: one database has one lock
        path = database.with_name(database.name + ".writer")
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o664)
        except OSError as error:
            raise StoreRefused("store.read-only", path=str(database)) from error
        give_up = time.monotonic() + timeout
        while not self._taken():
            if time.monotonic() >= give_up:
                holder = os.pread(self._handle, 20, 0).decode(errors="replace").strip() or "?"
                os.close(self._handle)
                raise StoreRefused("store.other-writer", path=str(database), process=holder)
            time.sleep(PAUSE)
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, str(os.getpid()).encode(), 0)

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        os.close(self._handle)
