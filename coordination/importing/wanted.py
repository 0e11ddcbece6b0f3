"""What the importers share in shape: rows, what they want to be so, and the mistakes on the way."""

import re
from collections.abc import Callable
from datetime import date
from unicodedata import normalize

from msgspec import Struct

from coordination.conversion import Known
from coordination.importing.sheet import Row, RowProblem
from coordination.questions import Questions
from coordination.settings import Settings
from schemas.recorded_event import AnyCommand


class Situation(Struct, frozen=True):
    """What the conversion of rows may look at; `today` bounds what can have taken effect."""

    settings: Settings
    known: Known
    questions: Questions
    today: date


class Wanted(Struct, frozen=True):
    """What a row, or several rows of one subject, ask for: commands in order, perhaps none."""

    stream: str
    rows: tuple[int, ...]
    commands: tuple[AnyCommand, ...]


class Notes:
    """The mistakes of a file, noted row by row."""

    def __init__(self) -> None:
        self.problems: list[RowProblem] = []

    def on(self, row: Row, column: str, expected: str, **parameters: str | int) -> None:
        self.problems.append(
            RowProblem(
                row=row.number,
                column=column,
                given=row.cells.get(column, "")[:80],
                expected=expected,
                parameters=parameters,
            )
        )

    def rows(self) -> set[int]:
        return {problem.row for problem in self.problems}


Progress = Callable[[int, int], None]


def slug(words: str) -> str:
    """`Belgian economic mission to Côte d'Ivoire` as the end of an identifier."""
    letters = normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:80].strip("-")


def listed(cell: str) -> tuple[str, ...]:
    """The items of a cell, which semicolons part."""
    return tuple(item.strip() for item in cell.split(";") if item.strip())
