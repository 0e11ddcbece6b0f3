import os
import sys
import time
from pathlib import Path

import pytest

from coordination.bus.refusal import BusRefused
from coordination.demo.process import Process

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("stays", flush=True)
time.sleep(60)
"""


def started(folder: Path, script: str) -> Process:
    return Process("one", folder, [sys.executable, "-c", script], os.environ)


def said(process: Process, words: str) -> None:
    end = time.monotonic() + 20
    while words not in process.log.read_text():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_program_that_ended_by_itself_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    process = started(tmp_path, "raise SystemExit('no port is free')")
    said(process, "no port is free")
    process.end()
    with pytest.raises(BusRefused) as refused:
        process.check()
    assert (refused.value.key, refused.value.parameters) == (
        "demo.ended",
        {"name": "one", "said": "no port is free"},
    )


def test_a_program_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    process = started(tmp_path, "import time; print('runs', flush=True); time.sleep(60)")
    said(process, "runs")
    process.check()
    process.end()
    with pytest.raises(BusRefused):
        process.check()


def test_a_program_that_does_not_want_to_end_is_killed(tmp_path: Path) -> None:
    process = started(tmp_path, STUBBORN)
    said(process, "stays")
    process.end(patience=0.2)
    with pytest.raises(BusRefused):
        process.check()
