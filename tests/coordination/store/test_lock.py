"""One process writes a database, by whatever name it calls it, until it ends in whatever way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coordination.store.lock import WriterLock, forget, noted
from coordination.store.refusal import StoreRefused

HOLDS_THE_LOCK = """
import sys, time
from pathlib import Path
from coordination.store.lock import WriterLock, forget, noted
lock = WriterLock(Path(sys.argv[1]), 0)
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def held_elsewhere(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes the database, until the test lets it end."""
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_process_that_writes_is_named(tmp_path: Path) -> None:
    database = tmp_path / "events.sqlite"
    with held_elsewhere(database) as process:
        with pytest.raises(StoreRefused) as refused:
            WriterLock(database, 0.1)
        assert (refused.value.key, refused.value.parameters) == (
            "store.other-writer",
            {"path": str(database), "process": str(process.pid)},
        )


def test_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    database = tmp_path / "events.sqlite"
    with held_elsewhere(database) as process:
        os.kill(process.pid, signal.SIGKILL)
        WriterLock(database, 5).release()


def test_a_link_to_the_database_is_no_second_database(tmp_path: Path) -> None:
    database, link = tmp_path / "events.sqlite", tmp_path / "link.sqlite"
    database.touch()
    link.symlink_to(database)
    lock = WriterLock(database, 0)
    with pytest.raises(StoreRefused) as refused:
        WriterLock(link, 0)
    assert refused.value.parameters == {"path": str(link), "process": str(os.getpid())}
    lock.release()
    WriterLock(link, 0).release()


def test_what_is_noted_is_there_for_the_next_writer(tmp_path: Path) -> None:
    database = tmp_path / "events.sqlite"
    assert noted(database) == 0
    first = WriterLock(database, 0)
    first.note(41)
    first.note(7)
    first.release()
    first.note(99)  # no longer its file
    second = WriterLock(database, 0)
    assert noted(database) == 7
    second.release()
    forget(database)
    assert noted(database) == 0
