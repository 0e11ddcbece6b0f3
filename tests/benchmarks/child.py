"""A process of its own for what is counted from its start, or by its memory.

python -m tests.benchmarks.child ready  until the plan is answered; says so on a line
python -m tests.benchmarks.child first  builds the read models; says how many events and seconds
python -m tests.benchmarks.child again  builds those that are there anew; says the same
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from time import perf_counter

import msgspec
from msgspec import Struct

from schemas.asking import AskPlan
from tests.benchmarks import node
from tests.benchmarks.peak import Watch

BUILDS = {"again": node.build_again, "first": node.build}
ENDS = "BENCH_ENDS"  # when the last event of the store was recorded


class Built(Struct, frozen=True):
    events: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.events / self.seconds


def seconds_to_ready(environ: Mapping[str, str], ends: datetime) -> float:
    """From the start of a process to its first answer, a plan."""
    began = perf_counter()
    with _started("ready", environ, ends) as process:
        _line(process)
        return perf_counter() - began


def built(what: str, environ: Mapping[str, str], ends: datetime) -> tuple[Built, int]:
    """And the most memory, in bytes, of the process and of the one that it may have help from."""
    with _started(what, environ, ends) as process, Watch(process.pid) as watch:
        line = _line(process)
    return msgspec.json.decode(line, type=Built), watch.peak_bytes


@contextmanager
def _started(
    what: str, environ: Mapping[str, str], ends: datetime
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends once its line was heard."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.child", what],
        env={**os.environ, **environ, ENDS: ends.isoformat()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    yield process
    process.communicate()
    assert process.returncode == 0, f"{what} of {dict(environ)} failed"


def _line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def main(what: str) -> None:
    ends = datetime.fromisoformat(os.environ[ENDS])
    with node.opened(os.environ, ends) as service:
        if what == "ready":
            service.answer(AskPlan(year=ends.year))
            _say(b"ready")
            return
        if what == "again":
            node.build(service)
        began = perf_counter()
        events = BUILDS[what](service)
        seconds = perf_counter() - began
    _say(msgspec.json.encode(Built(events, seconds)))


def _say(line: bytes) -> None:
    """Waits until it was heard: who measures memory has to see us as we are now."""
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
