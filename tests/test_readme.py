"""The session on the README's first screen runs as it is printed, and its picture is true.

tests/journeys/test_demo_federation.py runs the other one.
"""

import re
import shlex
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path

from coordination.cli import main
from coordination.cli.terminal import Surroundings
from projections import tables
from projections.engine.layout import views_of
from tests.picture import PICTURE, drawn

README = Path(__file__).parents[1] / "README.md"
LEFT_OUT = "…"


def sessions() -> list[list[tuple[str, list[str]]]]:
    """The commands of each session, each with the lines printed below it."""
    text = README.read_text(encoding="utf-8")
    return [_steps(block) for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL)]


def _steps(block: str) -> list[tuple[str, list[str]]]:
    steps: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line)
    return steps


def run(command: str, database: Path) -> str:
    written = StringIO()
    numbers = count(1)
    around = Surroundings(
        environ={"SQLITE_DBNAME": str(database), "COLUMNS": "100"},
        clock=lambda: datetime(2026, 11, 24, 9, tzinfo=UTC),
        new_id=lambda: f"id-{next(numbers)}",
        input=StringIO(),
        output=written,
        errors=written,
    )
    main(shlex.split(command)[1:], around)
    return written.getvalue()


def shows(printed: list[str], output: str) -> bool:
    """Whether an output has these lines in this order; only `…` may leave lines out."""
    pattern = "".join(
        r"(?:.*\n)*" if line == LEFT_OUT else re.escape(line) + r"\n" for line in printed
    )
    return re.fullmatch(pattern, output) is not None


def test_the_session_of_the_readme_runs_as_it_is_printed(tmp_path: Path) -> None:
    database = tmp_path / "demo.sqlite"
    (make, told), (export, nothing), *commands = sessions()[0]
    assert (make, told) == ("make demo", [LEFT_OUT])
    assert (export.split()[0], nothing) == ("export", [])
    assert main_job(database)
    different = [
        (command, output)
        for command, printed in commands
        for output in [run(command, database)]
        if not shows(printed, output)
    ]
    assert different == []
    assert len(commands) == 6


def main_job(database: Path) -> bool:
    """What `make demo` runs, once everything is set up."""
    return shows([LEFT_OUT], run("coordination demo --language en", database))


def test_what_is_not_printed_is_not_shown() -> None:
    assert shows(["one", LEFT_OUT, "three"], "one\ntwo\nthree\n")
    assert not shows(["one", "three"], "one\ntwo\nthree\n")
    assert not shows(["one", LEFT_OUT, "four"], "one\ntwo\nthree\n")


def test_the_readers_of_the_tables_are_granted_every_view() -> None:
    [sql] = re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    [granted] = re.findall(r"GRANT SELECT ON (.*?) TO coordination_readers", sql, re.DOTALL)
    views = [view for one in tables.ALL for view in views_of(one.name)]
    assert re.split(r",\s+", granted) == ["documentation", *views]


def test_the_picture_is_what_the_command_shows() -> None:
    """`python -m tests.picture` draws it anew."""
    assert PICTURE.read_text(encoding="utf-8") == drawn()
