"""How far a long piece of work has come, for a person who watches it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from coordination.cli.terminal import Terminal

if TYPE_CHECKING:
    from rich.progress import Progress

MOMENT = 0.5  # seconds that a person waits without wondering


def bar_of(terminal: Terminal) -> "Progress":
    """Among the errors, gone when the work is done, and silent where no terminal is."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    around = terminal.surroundings
    console = Console(file=around.errors, _environ={**around.environ})
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


class Watched:
    """Work that shows a bar once it takes longer than a moment; call it with how far it is."""

    def __init__(self, terminal: Terminal, description: str) -> None:
        self._terminal, self._description = terminal, description
        self._turn = Lock()
        self._done, self._total = 0, 0
        self._bar: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        with self._turn:
            self._done, self._total = done, total
            self._show()

    def appear(self) -> None:
        with self._turn:
            self._bar = bar_of(self._terminal)
            self._bar.add_task(self._description, total=None)
            self._show()
            self._bar.start()

    def _show(self) -> None:
        if self._bar is not None and self._total:
            self._bar.update(self._bar.task_ids[0], completed=self._done, total=self._total)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def watched(terminal: Terminal, description: str, after: float = MOMENT) -> Iterator[Watched]:
    """`after`: seconds until the bar appears, if the work is not done by then."""
    work = Watched(terminal, description)
    timer = Timer(after, work.appear)
    timer.daemon = True
    timer.start()
    try:
        yield work
    finally:
        timer.cancel()
        timer.join()
        work.end()
