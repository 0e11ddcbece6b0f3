"""The most memory that a process, and those it started, ever held: the kernel's own account.

Not `ru_maxrss`, with which a process begins where whoever started it was.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

OFTEN = 0.05  # seconds between two looks: what the kernel notes only grows


class Watch:
    """Looks on while its block runs; `peak_bytes` is the sum of what each process reached."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._reached: dict[int, int] = {}
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    @property
    def peak_bytes(self) -> int:
        return sum(self._reached.values())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(OFTEN):
            self.look()
        self.look()

    def look(self) -> None:
        for process in (self._process, *_started_by(self._process)):
            if (reached := _reached(process)) is not None:
                self._reached[process] = reached


def _started_by(process: int) -> Iterator[int]:
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            yield from map(int, children.read_text().split())
        except OSError:  # the thread has ended
            continue


def _reached(process: int) -> int | None:
    """In bytes; None where the process has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return None
    said = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    kilobytes = next(said, None)
    return None if kilobytes is None else int(kilobytes) * 1024
