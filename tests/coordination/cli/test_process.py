"""The command line as a process of its own: exit codes, streams, and a quick start."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coordination.cli.terminal import ExitCode
from tests.coordination.cli.test_commands import CONFIRM, PUBLISH

PROGRAM = "import sys; from coordination.cli import main; sys.exit(main())"


def process(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**os.environ, "SQLITE_DBNAME": str(folder / "a.sqlite"), "LANG": "en", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments, code",
    [
        (PUBLISH, ExitCode.DONE),
        (("plan", "2027"), ExitCode.DONE),
        (("--help",), ExitCode.DONE),
        (CONFIRM, ExitCode.REJECTED),
        (("plan", "next year"), ExitCode.MALFORMED),
        (("dance",), ExitCode.MALFORMED),
    ],
)
def test_a_process_leaves_with_the_code_of_its_answer(
    tmp_path: Path, arguments: tuple[str, ...], code: ExitCode
) -> None:
    done = process(tmp_path, *arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (code is ExitCode.DONE)


def test_a_folder_without_room_for_a_store_is_refused(tmp_path: Path) -> None:
    done = process(tmp_path / "nowhere", *PUBLISH)
    assert (done.returncode, done.stdout) == (ExitCode.STORE_REFUSED, "")
    assert "Traceback" not in done.stderr


def test_help_comes_quickly(tmp_path: Path) -> None:
    started = time.monotonic()
    process(tmp_path, "mission", "--help")
    assert time.monotonic() - started < 3  # 0.4 s alone on two cores; the rest is for busy ones


def test_whoever_reads_may_stop_reading(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "policies"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "SQLITE_DBNAME": str(tmp_path / "a.sqlite")},
    ) as writing:
        assert writing.stdout is not None
        assert writing.stderr is not None
        writing.stdout.close()
        assert (writing.wait(), writing.stderr.read()) == (ExitCode.DONE, b"")


def test_letters_that_a_terminal_does_not_have_break_nothing(tmp_path: Path) -> None:
    done = process(tmp_path, "plan", "caf\udce9", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (
        ExitCode.MALFORMED,
        "YEAR: ?caf\\udce9? ? characters in UTF-8; these bytes are none\n",
    )
