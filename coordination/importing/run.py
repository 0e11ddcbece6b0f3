"""An import, from the file to the report: every row is checked, and all are kept or none."""

from collections.abc import Callable
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from coordination.importing import missions, posts
from coordination.importing.sheet import Row, RowProblem, SheetRefused, rows
from coordination.importing.wanted import Notes, Progress, Situation, Wanted
from coordination.service import Service
from coordination.store.answers import Done, Refused
from schemas.vocabulary import Agency

SUBJECTS = MappingProxyType({"missions": missions, "posts": posts})


class Fate(StrEnum):
    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


class RowFate(Struct, frozen=True, kw_only=True):
    """What becomes of a row; rows of one mission share their fate."""

    row: int
    stream: str | None
    fate: Fate
    problems: tuple[RowProblem, ...] = ()


class ImportReport(Struct, frozen=True, kw_only=True):
    """`kept`: whether anything was recorded; `events`: how many events are or would be recorded."""

    fates: tuple[RowFate, ...]
    kept: bool
    events: int

    @property
    def problems(self) -> tuple[RowProblem, ...]:
        return tuple(problem for fate in self.fates for problem in fate.problems)

    def rows_with(self, fate: Fate) -> int:
        return sum(one.fate is fate for one in self.fates)


def nothing(done: int, total: int) -> None:
    """Progress that nobody watches."""


def import_file(
    service: Service,
    what: str,
    path: Path,
    *,
    agency: Agency | None = None,
    dry_run: bool = False,
    skip_invalid: bool = False,
    progress: Callable[[int, int], None] = nothing,
) -> ImportReport:
    """
    Import the missions or posts of a file, in one transaction.

    A file with a wrong row keeps nothing, unless `skip_invalid` leaves those rows out and says
    so. `agency` limits whose rows may be taken to one; `dry_run` keeps nothing and says what
    would be. Raises StoreRefused where the store can't take it.
    """
    notes = Notes()
    try:
        found = _rows(what, path)
    except SheetRefused as refused:
        wrong = RowFate(
            row=refused.problem.row, stream=None, fate=Fate.WRONG, problems=(refused.problem,)
        )
        return ImportReport(fates=(wrong,), kept=False, events=0)
    settings = replace(service.settings, agency=agency)
    situation = Situation(settings, service.known, service.questions, service.today())
    wanted = _wanted(what, found, situation, notes)
    correlation = "import-" + sha256(path.read_bytes()).hexdigest()[:12]
    right = _decided(service, wanted, correlation, notes, progress)
    keep = not dry_run and (skip_invalid or not notes.problems)
    events = sum(events for _, events in right)
    if keep and right:
        commands = [(command, correlation) for one, _ in right for command in one.commands]
        service.ask_together(commands, keep=True)
    return ImportReport(fates=_fates(found, right, notes), kept=keep and events > 0, events=events)


def _rows(what: str, path: Path) -> list[Row]:
    subject = SUBJECTS[what]
    return list(rows(path, subject.REQUIRED, subject.REQUIRED | subject.OPTIONAL))


def _wanted(what: str, found: list[Row], situation: Situation, notes: Notes) -> list[Wanted]:
    wanted: list[Wanted] = SUBJECTS[what].wanted(found, situation, notes)
    return wanted


def _decided(
    service: Service, wanted: list[Wanted], correlation: str, notes: Notes, progress: Progress
) -> list[tuple[Wanted, int]]:
    """What the rules allow, each mission or post by itself, and how many events that would be;
    nothing is kept yet. A file names each subject once, so none depends on another."""
    right = []
    for done, one in enumerate(wanted, start=1):
        commands = [(command, correlation) for command in one.commands]
        answers = service.ask_together(commands, keep=False) if commands else []
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        for refusal in refused[:1]:
            notes.problems += [_refusal(row, refusal) for row in one.rows]
        if not refused:
            made = sum(len(answer.events) for answer in answers if isinstance(answer, Done))
            right.append((one, made))
        progress(done, len(wanted))
    return right


def _refusal(row: int, refused: Refused) -> RowProblem:
    parameters = {
        name: ", ".join(value) if isinstance(value, tuple) else value
        for name, value in refused.parameters.items()
    }
    return RowProblem(
        row=row,
        column="",
        given="",
        expected=f"rejection.{refused.reason}",
        parameters=parameters,
    )


def _fates(found: list[Row], right: list[tuple[Wanted, int]], notes: Notes) -> tuple[RowFate, ...]:
    of_row = {row: (one, events) for one, events in right for row in one.rows}
    fates = []
    for row in found:
        problems = tuple(problem for problem in notes.problems if problem.row == row.number)
        one, events = of_row.get(row.number, (None, 0))
        if one is None:
            fates.append(RowFate(row=row.number, stream=None, fate=Fate.WRONG, problems=problems))
            continue
        fates.append(RowFate(row=row.number, stream=one.stream, fate=_fate(one, events)))
    return tuple(fates)


def _fate(one: Wanted, events: int) -> Fate:
    if not events:
        return Fate.UNCHANGED
    first = type(one.commands[0]).__name__
    return Fate.NEW if first.startswith(("Publish", "Announce")) else Fate.REVISED
