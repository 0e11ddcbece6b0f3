"""Must-show 1 of the bus: three nodes on this machine, one cut off, and all alike in the end."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from coordination.cli.terminal import ExitCode
from schemas.vocabulary import THREE
from tests.test_readme import sessions, shows

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from coordination.cli import main; sys.exit(main())"
NODE = re.compile(
    r"^ (?P<who>hub\.brussels|AWEX|FIT) +(?P<node>well|cut off) +(?P<plan>[0-9a-f]{8})"
    r" +(?P<hub>\d+) +(?P<awex>\d+) +(?P<fit>\d+)\n +(?P<links>[0-9a-f]{8}( +[0-9a-f]{8}){2})$",
    re.MULTILINE,
)
CUT = "The line between FIT and the hub is cut."
IDENTICAL = "The three plans are identical, and so are the three ledgers."
ENDED = "Everything that was started has ended."


class Row(Struct, frozen=True):
    """What the demonstration shows of a node: its plan, and each ledger with its last link."""

    who: str
    node: str
    plan: str
    ledgers: tuple[str, ...]

    @property
    def record(self) -> tuple[str, tuple[str, ...]]:
        return self.plan, self.ledgers


def command(*more: str) -> list[str]:
    return [sys.executable, "-c", PROGRAM, "demo-federation", *more]


def environ(folder: Path, **more: str) -> dict[str, str]:
    """What it makes goes into the folder; settings of who starts it must not matter."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "COORDINATION_LANGUAGE": "en",
        "COORDINATION_SECRETARIAT": "fit",
        "SQLITE_DBNAME": "/nowhere/at/all.sqlite",
        "TMPDIR": str(folder),
        "COLUMNS": "80",
        **more,
    }


@contextmanager
def playing(folder: Path, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """In a process group of its own, which is killed at the end."""
    process = subprocess.Popen(
        command(*more),
        env=environ(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if is_running(process.pid):
                os.killpg(process.pid, signal.SIGKILL)


def is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def until_it_is_cut(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    read = []
    for line in process.stdout:
        read.append(line)
        if line.startswith(CUT):
            return
    raise AssertionError("".join(read))


def standings(output: str) -> list[list[Row]]:
    rows = [
        Row(
            found["who"],
            found["node"],
            found["plan"],
            (found["hub"], found["awex"], found["fit"], *found["links"].split()),
        )
        for found in NODE.finditer(output)
    ]
    return [rows[at : at + 3] for at in range(0, len(rows), 3)]


def test_three_nodes_part_and_are_alike_again_and_nothing_is_left(tmp_path: Path) -> None:
    with playing(tmp_path) as process:
        output, _ = process.communicate(timeout=180)
        assert process.returncode == ExitCode.DONE, output
        assert not is_running(process.pid)
    assert list(tmp_path.iterdir()) == []
    september, parted, again = standings(output)
    assert [row.node for row in (*september, *parted, *again)] == [
        *("well", "well", "well"),
        *("well", "well", "cut off"),
        *("well", "well", "well"),
    ]
    assert [len({row.record for row in rows}) for rows in (september, parted, again)] == [1, 2, 1]
    assert parted[0].record == parted[1].record
    assert len({september[0].record, parted[0].record, parted[2].record, again[0].record}) == 4
    assert output.count(IDENTICAL) == 2
    assert [word for word in ("waiting", "rejected") if f" {word} " not in output] == []
    _, [(make, printed)] = sessions()
    assert make == "make demo-federation"
    assert shows(printed, output)


@pytest.mark.parametrize(
    "how, more, left", [(signal.SIGINT, (), 0), (signal.SIGHUP, ("--keep",), 1)]
)
def test_who_breaks_it_off_leaves_only_what_was_to_be_kept(
    tmp_path: Path, how: signal.Signals, more: tuple[str, ...], left: int
) -> None:
    """By Ctrl-C, or by closing the terminal, which everything that runs in it is told."""
    with playing(tmp_path, *more) as process:
        until_it_is_cut(process)
        os.killpg(process.pid, how)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == ExitCode.INTERRUPTED, output
        assert not is_running(process.pid)
    assert ENDED in output
    kept = list(tmp_path.iterdir())
    assert len(kept) == left
    for folder in kept:
        assert f"{folder} keeps the keys, stores and logs." in output
        assert {f"node-{agency}.log" for agency in THREE} <= {one.name for one in folder.iterdir()}


def test_what_it_started_ends_even_where_it_is_killed_itself(tmp_path: Path) -> None:
    with playing(tmp_path) as process:
        until_it_is_cut(process)
        process.kill()
        process.wait()
        end = time.monotonic() + 20
        while is_running(process.pid):
            assert time.monotonic() < end
            time.sleep(0.05)


def test_without_a_server_it_says_what_to_install(tmp_path: Path) -> None:
    """As where the interpreter has none beside it."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    libraries = [entry for entry in sys.path if entry.endswith("site-packages")]
    around: Mapping[str, str] = environ(
        tmp_path, PATH=str(python.parent), PYTHONPATH=os.pathsep.join([str(ROOT), *libraries])
    )
    told = subprocess.run(
        [str(python), *command()[1:]], env=around, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (
        ExitCode.STORE_REFUSED,
        "There is no program nats-server here: pip install 'mission-coordination[server]'\n",
    )
    assert list(tmp_path.iterdir()) == [python.parent]
