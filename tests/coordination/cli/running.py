"""Runs the real command line on a real SQLite file, at a moment that the test chooses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count
from pathlib import Path

from msgspec import Struct

from coordination.cli.application import main
from coordination.cli.terminal import Surroundings

MORNING = datetime(2026, 9, 15, 8, tzinfo=UTC)


class Run(Struct, frozen=True):
    """What a run of the command line said, and with which code it left."""

    code: int
    output: str = ""
    errors: str = ""


def command_line(folder: Path, **environ: str) -> Callable[..., Run]:
    """Each run is a second later; identifiers count."""
    seconds, numbers = count(), count(1)
    settings = {"SQLITE_DBNAME": str(folder / "coordination.sqlite"), "COLUMNS": "100", **environ}

    def run(*arguments: str, given: str = "", **more: str) -> Run:
        output, errors = StringIO(), StringIO()
        surroundings = Surroundings(
            environ={**settings, **more},
            clock=lambda: MORNING + timedelta(seconds=next(seconds)),
            new_id=lambda: f"id-{next(numbers)}",
            input=StringIO(given),
            output=output,
            errors=errors,
        )
        code = main(arguments, surroundings)
        return Run(code, output.getvalue(), errors.getvalue())

    return run
