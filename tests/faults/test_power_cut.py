"""A power cut right after an answer: what was answered has reached the disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.clerk import opened
from tests.faults.disk import CALLS, Disk, calls, replay

COMMANDS = 60
DURABLE = "coordination.store.sqlite"
UNSAFE = "tests.faults.normal_recorder"


def lost_by_power_cuts(folder: Path, module: str) -> set[str]:
    """Cuts the power after every tenth answer; the events that were answered and are not there."""
    database, notes, trace = folder / "events.sqlite", folder / "notes", folder / "trace"
    subprocess.run(
        [
            *("strace", "-f", "-qq", "-y", "-xx", "-s", "10000000", "-e", f"trace={CALLS}"),
            *("-o", str(trace), sys.executable, "-m", "tests.faults.clerk"),
            *(str(database), str(notes), module, str(COMMANDS)),
        ],
        check=True,
    )
    disk, answered, lost = Disk(), set[str](), set[str]()
    cuts = 0
    for name, path, rest in calls(trace):
        replay(disk, name, path, rest)
        if Path(path) == notes:
            answered.update(disk.written[path].decode().split("\n")[:-1])
            if len(answered) % 10 == 0:
                after = folder / f"after-{len(answered)}"
                after.mkdir()
                disk.left_in(after)
                lost |= answered - held_in(after / database.name)
                cuts += 1
    assert cuts == COMMANDS // 10
    return lost


def held_in(database: Path) -> set[str]:
    store = opened(str(database))
    held = {f"{one.stream} {one.version}" for one in store.events()}
    assert list(store.verify()) == []
    store.close()
    return held


def test_nothing_answered_is_lost_to_a_power_cut(tmp_path: Path) -> None:
    assert lost_by_power_cuts(tmp_path, DURABLE) == set()


def test_the_same_cuts_show_a_store_that_does_not_sync_each_commit(tmp_path: Path) -> None:
    assert lost_by_power_cuts(tmp_path, UNSAFE) != set()


@pytest.mark.parametrize("module", [DURABLE, UNSAFE])
def test_the_disk_is_rebuilt_to_the_byte(tmp_path: Path, module: str) -> None:
    """What the calls wrote is what the files hold: the simulated disk leaves no call out."""
    lost_by_power_cuts(tmp_path, module)
    disk = Disk()
    for name, path, rest in calls(tmp_path / "trace"):
        replay(disk, name, path, rest)
    for file in ("events.sqlite", "events.sqlite-wal"):
        written = bytes(disk.written.get(str(tmp_path / file), b""))
        assert written == (tmp_path / file).read_bytes()
