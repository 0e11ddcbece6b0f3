"""Disks that are full, read-only or damaged: a clear reason, nothing lost, nothing half-written."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from coordination.store.answers import Asked, Done
from coordination.store.refusal import StoreRefused
from tests.faults.clerk import commands, opened, opened_by, started

FLIPS = 300


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A store with forty events, all of them in the one file."""
    path = tmp_path / "events.sqlite"
    store = opened(str(path))
    writer = started(store)
    for number, command in zip(range(40), commands("one"), strict=False):
        writer.ask(Asked(command=command, role="coordinator", id=str(number))).result()
    writer.close()
    store.close()
    return path


def events_in(path: Path) -> list[str]:
    store = opened(str(path))
    found = [f"{one.stream} {one.version}" for one in store.events()]
    store.close()
    return found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 512 KiB of its own; mounting needs the superuser."""
    mounted = tmp_path / "small"
    mounted.mkdir()
    disk = ("mount", "-t", "tmpfs", "-o", "size=512k,mode=777", "tmpfs", str(mounted))
    as_root = () if os.geteuid() == 0 else ("sudo", "-n")
    subprocess.run([*as_root, *disk], check=True)
    yield mounted
    subprocess.run([*as_root, "umount", str(mounted)], check=True)


def test_a_full_disk_is_told_and_keeps_what_was_answered(small_disk: Path) -> None:
    store = opened(str(small_disk / "events.sqlite"))
    writer = started(store)
    answered = []
    refused = None
    for command in commands("one"):
        future = writer.ask(Asked(command=command, role="coordinator", id=str(uuid4())))
        if future.exception():
            refused = future.exception()
            break
        answer = future.result()
        assert isinstance(answer, Done)
        answered += [f"{one.stream} {one.version}" for one in answer.events]
    writer.close()
    assert isinstance(refused, StoreRefused)
    assert refused.key == "store.disk-full"
    assert [f"{one.stream} {one.version}" for one in store.events()] == answered
    assert list(store.verify()) == []
    store.close()


READS_AND_WRITES = """
import os, sys
import coordination.store.sqlite  # before the rights to read it are gone
from tests.faults.clerk import opened, started, commands
from coordination.store.answers import Asked
from coordination.store.refusal import StoreRefused
if os.geteuid() == 0:
    os.setuid(65534)  # the superuser may write everywhere
try:
    store = opened(sys.argv[1])
    print(len(list(store.events())))
    writer = started(store)
    writer.ask(Asked(command=next(commands("two")), role="coordinator", id="x")).result()
except StoreRefused as refused:
    print(refused.key)
"""


def test_a_read_only_disk_is_told_by_name(written: Path) -> None:
    written.chmod(0o444)
    written.parent.chmod(0o555)
    for folder in written.parents:
        if folder.owner() == "root" and str(folder).startswith("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    said = subprocess.run(
        [sys.executable, "-c", READS_AND_WRITES, str(written)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    written.parent.chmod(0o755)
    assert said.splitlines()[-1] in ("store.read-only", "store.cannot-open")
    assert len(events_in(written)) == 40


def test_a_second_process_that_writes_is_refused_with_the_number_of_the_first(
    written: Path,
) -> None:
    store = opened(str(written))
    other = opened(str(written))
    writer = started(store)
    other.lock_timeout = 0.1
    with pytest.raises(StoreRefused) as refused:
        started(other)
    assert refused.value.key == "store.other-writer"
    assert refused.value.parameters["path"] == str(written)
    assert int(refused.value.parameters["process"]) > 0
    assert len(list(other.events())) == 40  # reading goes on
    writer.close()
    second = started(other)
    second.close()
    other.close()
    store.close()


def test_a_database_that_another_program_locks_is_told_and_written_to_afterwards(
    written: Path,
) -> None:
    store = opened_by({"SQLITE_DBNAME": str(written), "SQLITE_LOCK_TIMEOUT": "1"})
    writer = started(store)
    asked = Asked(command=next(commands("two")), role="coordinator", id="x")
    with closing(sqlite3.connect(written)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreRefused) as refused:
            writer.ask_and_wait(asked)
    assert (refused.value.key, refused.value.parameters) == (
        "store.not-usable",
        {"path": str(written), "reason": "database is locked"},
    )
    assert isinstance(writer.ask_and_wait(asked), Done)
    writer.close()
    assert len(list(store.events())) == 41
    store.close()


def test_a_flipped_byte_is_never_read_as_another_history(written: Path, tmp_path: Path) -> None:
    """Wherever a byte flips, the history read is the one recorded, or a refusal says why not."""
    recorded = events_in(written)
    raw = written.read_bytes()
    places = random.Random(907)
    seen: Counter[str] = Counter()
    damaged = tmp_path / "damaged.sqlite"
    for _ in range(FLIPS):
        place = places.randrange(len(raw))
        flipped = bytearray(raw)
        flipped[place] ^= 1 << places.randrange(8)
        for rest in ("-wal", "-shm"):
            damaged.with_name(damaged.name + rest).unlink(missing_ok=True)
        damaged.write_bytes(flipped)
        try:
            assert events_in(damaged) == recorded
        except StoreRefused as refused:
            seen[refused.key] += 1
        else:
            seen["same history"] += 1
    assert seen["store.broken"] > FLIPS // 4
    assert sum(seen.values()) == FLIPS


def test_verify_names_the_event_whose_byte_flipped(written: Path) -> None:
    raw = bytearray(written.read_bytes())
    place = raw.index(b"Mission 3")
    raw[place + 8] = ord("8")
    written.write_bytes(raw)
    store = opened(str(written))
    assert [(one.what, one.ledger, one.seq) for one in store.verify()] == [
        ("ledger.hash", "awex", 8)
    ]
    store.close()


def test_a_store_copied_while_it_is_written_is_whole(written: Path, tmp_path: Path) -> None:
    """Database and log together are a store; what the copy lacks at the end is all it lacks."""
    store = opened(str(written))
    writer = started(store)
    pairs = zip(range(20), commands("two"), strict=False)
    for number, command in pairs:
        writer.ask(Asked(command=command, role="coordinator", id=f"two-{number}")).result()
    copy = tmp_path / "copy.sqlite"
    shutil.copy(written, copy)
    shutil.copy(f"{written}-wal", f"{copy}-wal")
    writer.close()
    assert events_in(copy) == events_in(written)
    store.close()
