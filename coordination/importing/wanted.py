"""What the importers share in shape: rows, what they want to be so, and the mistakes on the way."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar
from unicodedata import normalize

from msgspec import Struct

from coordination.conversion import Known, Problem
from coordination.importing.sheet import Row, RowProblem
from coordination.questions import Questions
from coordination.settings import Settings
from projections.read_model import Evolve, Moment, fold
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency

Line = TypeVar("Line")
Progress = Callable[[int, int], None]
NOT_STATED = "not stated in the source"
FROM_FILE = "import-"  # how the correlation of an imported event begins


class Situation(Struct, frozen=True):
    """What the conversion of rows may look at; `today` bounds what can have taken effect."""

    settings: Settings
    known: Known
    questions: Questions
    today: date

    @property
    def may_speak_for(self) -> tuple[Agency, ...]:
        """Each agency may only speak for itself, and a person only for the agency signed in."""
        signed_in = self.settings.agency
        return (signed_in,) if signed_in else self.settings.speaks_for

    def told(self, evolve: Evolve[Line]) -> Mapping[str, Line]:
        """
        The lines as files alone have told them.

        What a file says is news only where it says otherwise than files did before: so importing
        one again never undoes what people have decided since.
        """
        events = self.questions.events()
        files = [event for event in events if event.correlation.startswith(FROM_FILE)]
        return fold(evolve, files, Moment()).lines


def differing(
    new: Struct, standing: Struct, told: Struct | None, names: Iterable[str]
) -> dict[str, object]:
    """The fields of which a file says something new, and otherwise than it stands."""
    return {
        name: getattr(new, name)
        for name in names
        if getattr(new, name) != getattr(standing, name)
        if told is None or getattr(new, name) != getattr(told, name)
    }


class Wanted(Struct, frozen=True):
    """What a row, or several rows of one subject, ask for: commands in order, perhaps none."""

    stream: str
    rows: tuple[int, ...]
    commands: tuple[AnyCommand, ...]


class Notes:
    """The mistakes of a file, noted row by row; and how far the checking of its rows is."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.problems: list[RowProblem] = []
        self.wrong: set[int] = set()
        self._progress, self._done, self._total = progress, 0, total

    def on(self, row: Row, column: str, expected: str, **parameters: str | int) -> None:
        given = row.cells.get(column, "") if column else row.surplus
        self.add(
            RowProblem(
                row=row.number,
                column=column,
                given=given[:80],
                expected=expected,
                parameters=parameters,
            )
        )

    def add(self, problem: RowProblem) -> None:
        self.problems.append(problem)
        self.wrong.add(problem.row)

    def of_fields(self, row: Row, problems: Iterable[Problem], columns: Mapping[str, str]) -> None:
        """Problems of a message, told of the column that each field was made of."""
        for problem in problems:
            column = column_of(problem.field, columns)
            self.on(row, column, f"expected.{problem.expected}", **problem.parameters)

    def not_spoken_for(
        self, row: Row, column: str, agencies: Iterable[Agency], situation: Situation
    ) -> None:
        """Notes the agencies that this import may not speak for."""
        may = situation.may_speak_for
        if others := sorted({one for one in agencies if one not in may}):
            named, allowed = ", ".join(others), ", ".join(may)
            self.on(row, column, "import.not-spoken-for", agencies=named, allowed=allowed)

    def done(self, rows: int = 1) -> None:
        """So many rows more are checked, or decided on."""
        self._done += rows
        self._progress(self._done, self._total)


def column_of(field: str, columns: Mapping[str, str]) -> str:
    """`places[1].city`: the column of `places.city`, else of `places`."""
    plain = re.sub(r"\[\d+\]", "", field)
    return next((columns[one] for one in (plain, plain.partition(".")[0]) if one in columns), "")


def slug(words: str) -> str:
    """`Belgian economic mission to Côte d'Ivoire` as the end of an identifier."""
    letters = normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:80].strip("-")


def listed(cell: str) -> tuple[str, ...]:
    """The items of a cell, which semicolons part."""
    return tuple(item.strip() for item in cell.split(";") if item.strip())
