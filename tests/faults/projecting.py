"""A projector that catches up with a store, in processes each of which dies a call later.

    strace -f -e inject=CALL:signal=KILL:when=LIMIT \\
        python -m tests.faults.projecting CALL STORE FOLDER PROJECTOR FIRST LAST

strace counts the calls of each process for itself. So process n first makes LIMIT - n calls that
change nothing, and dies as it is about to make the n-th of those that count; the rows it leaves
are `n.sqlite` in the folder. Says n for each that died, from FIRST to LAST or until one gets
through.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from msgspec.structs import replace

import coordination.store.sqlite  # noqa: F401  # else each forked process would import it, traced
from projections.engine.kept import Folded
from projections.engine.projector import Projector
from projections.engine.read_models import ReadModels
from projections.engine.shelf import Shelf
from projections.engine.source import Checking, Source
from projections.engine.sqlite import SQLiteDatabase
from projections.tables import ALL
from tests.faults.clerk import opened

BATCH = 50
LIMIT = 600
NOW = datetime(2026, 9, 24, 8, tzinfo=UTC)


def _unlink(_: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink("no-such-file")


# All calls by which SQLite changes a disk, each with one that changes nothing.
CALLS: Mapping[str, Callable[[int], object]] = {
    "pwrite64": lambda file: os.pwrite(file, b"", 0),
    "write": lambda file: os.write(file, b""),
    "ftruncate": lambda file: os.ftruncate(file, 0),
    "fdatasync": os.fdatasync,
    "fsync": os.fsync,
    "unlink": _unlink,
}


class PositionApart(Projector):
    """The planted fault: the position is kept in a transaction of its own, before the rows."""

    def keep(
        self,
        group: Sequence[Shelf],
        folded: Sequence[Folded],
        position: int,
        checked: Checking | None,
    ) -> bool:
        with self.database.writing() as transaction:
            for shelf in group:
                self.builds.move(transaction, shelf.build, position, changed=True)
            if checked is not None:
                self.builds.check(transaction, checked.position, checked.heads)
        for shelf in group:
            shelf.build = replace(shelf.build, position=position)
        return super().keep(group, folded, position, checked)


PROJECTORS = {one.__name__: one for one in (Projector, PositionApart)}


def caught_up(store: Source, file: Path, kind: type[Projector] = Projector) -> ReadModels:
    database = SQLiteDatabase(str(file), 5)
    read_models = ReadModels(database, ALL, store, lambda: NOW, batch=BATCH)
    read_models.projector = kind(database, read_models.builds, store, batch=BATCH)
    read_models.catch_up()
    return read_models


def run(call: str, store: str, file: Path, kind: type[Projector], number: int) -> bool:
    """In a process of its own; whether it got through."""
    process = os.fork()
    if process == 0:
        try:
            with TemporaryFile() as idle:
                for _ in range(LIMIT - number):
                    CALLS[call](idle.fileno())
                caught_up(opened(store), file, kind).close()
                os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(process, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0


if __name__ == "__main__":
    call, store, folder, projector, first, last = sys.argv[1:]
    for number in range(int(first), int(last) + 1):
        if run(call, store, Path(folder, f"{number}.sqlite"), PROJECTORS[projector], number):
            break
        os.write(1, f"{number}\n".encode())
