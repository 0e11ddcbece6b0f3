import subprocess
import sys

from tests.benchmarks.peak import Watch

MEBIBYTE = 2**20
HOLDS = "held = b'x' * {bytes}; del held; print('held', flush=True); input()"
STARTS = """
import subprocess, sys
other = [sys.executable, "-c", {code!r}]
subprocess.run(other)
"""


def peak_of(code: str) -> int:
    """Of a process that says when it has held what it is to hold."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with Watch(process.pid) as watch:
        process.stdout.readline()
    process.communicate(b"\n")
    return watch.peak_bytes


def test_what_was_held_and_let_go_counts_and_what_others_hold_does_not() -> None:
    ours = b"x" * (200 * MEBIBYTE)  # a process may begin where we are, not with what we hold
    peak = peak_of(HOLDS.format(bytes=100 * MEBIBYTE))
    assert 100 * MEBIBYTE < peak < len(ours)


def test_a_process_that_was_started_counts_too() -> None:
    alone = HOLDS.format(bytes=100 * MEBIBYTE)
    assert peak_of(STARTS.format(code=alone)) > peak_of(alone)
