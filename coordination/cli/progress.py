"""How far a long piece of work has come, for a person who watches it."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from coordination.cli.terminal import Terminal


def bar_of(terminal: Terminal) -> Progress:
    """Among the errors, gone when the work is done, and silent where no terminal is."""
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
