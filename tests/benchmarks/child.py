"""A process of its own for what is counted from its start, or by its memory.

python -m tests.benchmarks.child ready  until the plan is answered; says so on a line
python -m tests.benchmarks.child first  builds the read models; says events, seconds, peak bytes
python -m tests.benchmarks.child again  builds those that are there anew; says the same
"""

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from time import perf_counter

import msgspec
from msgspec import Struct

from schemas.asking import AskPlan
from tests.benchmarks import node

BUILDS = {"again": node.build_again, "first": node.build}
ENDS = "BENCH_ENDS"  # when the last event of the store was recorded


class Rebuilt(Struct, frozen=True):
    """`peak_bytes` of the process, and of the one that it may have had help from."""

    events: int
    seconds: float
    peak_bytes: int

    @property
    def per_second(self) -> float:
        return self.events / self.seconds


def seconds_to_ready(environ: Mapping[str, str], ends: datetime) -> float:
    """From the start of a process to its first answer, a plan."""
    began = perf_counter()
    _said("ready", environ, ends)
    return perf_counter() - began


def rebuilt(what: str, environ: Mapping[str, str], ends: datetime) -> Rebuilt:
    return msgspec.json.decode(_said(what, environ, ends), type=Rebuilt)


def _said(what: str, environ: Mapping[str, str], ends: datetime) -> bytes:
    """The line that the process says; its end is not waited for before that."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.child", what],
        env={**os.environ, **environ, ENDS: ends.isoformat()},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    process.stdout.close()
    assert process.wait() == 0, f"{what} of {dict(environ)} failed"
    return line


def main(what: str) -> None:
    ends = datetime.fromisoformat(os.environ[ENDS])
    with node.opened(os.environ, ends) as service:
        if what == "ready":
            service.answer(AskPlan(year=ends.year))
            print("ready", flush=True)
            return
        if what == "again":
            node.build(service)
        began = perf_counter()
        events = BUILDS[what](service)
        seconds = perf_counter() - began
    partner = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = (_peak_of_this_process() + partner) * 1024
    sys.stdout.buffer.write(msgspec.json.encode(Rebuilt(events, seconds, peak)) + b"\n")


def _peak_of_this_process() -> int:
    """In KiB, since it began: what getrusage says may be the peak of who started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main(sys.argv[1])
