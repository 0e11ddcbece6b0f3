"""An import, from the file to the report: every row is checked, and all are kept or none."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from coordination.conversion import Malformed, Problem, read
from coordination.importing import missions, posts
from coordination.importing.sheet import Row, RowProblem, SheetRefused, rows
from coordination.importing.wanted import FROM_FILE, Notes, Progress, Situation, Wanted
from coordination.service import Service
from coordination.store.answers import Answer, Done, Refused
from schemas.recorded_event import AnyCommand
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
    progress: Progress = nothing,
) -> ImportReport:
    """
    Import the missions or posts of a file, in one transaction.

    A file with a wrong row keeps nothing, unless `skip_invalid` leaves those rows out and says
    so. `agency` limits whose rows may be taken to one; `dry_run` keeps nothing and says what
    would be. Raises StoreRefused where the store can't take it.
    """
    try:
        found = _rows(what, path)
    except SheetRefused as refused:
        where, problems = refused.problems[0].row, refused.problems
        wrong = RowFate(row=where, stream=None, fate=Fate.WRONG, problems=problems)
        return ImportReport(fates=(wrong,), kept=False, events=0)
    correlation = FROM_FILE + sha256(path.read_bytes()).hexdigest()[:12]
    notes = Notes(progress, 2 * len(found))  # each is checked, and then decided on
    for row in found:
        if row.surplus:
            notes.on(row, "", "import.too-many-cells", headings=len(row.cells))
    settings = replace(service.settings, agency=agency)
    situation = Situation(settings, service.known, service.questions, service.today())
    wanted = _checked(what, found, situation, notes)
    right = _decided(service, wanted, correlation, notes)
    events = sum(events for _, events in right)
    kept = False
    if events and not dry_run and (skip_invalid or not notes.problems):
        kept = _keep(service, right, correlation, notes)
    if left_out := len(found) - sum(len(one.rows) for one in wanted):
        notes.done(left_out)
    return ImportReport(fates=_fates(found, right, notes), kept=kept, events=events)


def _rows(what: str, path: Path) -> list[Row]:
    subject = SUBJECTS[what]
    return list(rows(path, subject.REQUIRED, subject.REQUIRED | subject.OPTIONAL))


def _checked(what: str, found: list[Row], situation: Situation, notes: Notes) -> list[Wanted]:
    """What the right rows want. Subjects that a file names twice are both wrong: it can't be told
    which of them is meant."""
    subject = SUBJECTS[what]
    wanted: list[Wanted] = subject.wanted(found, situation, notes)
    by_number = {row.number: row for row in found}
    times = Counter(one.stream for one in wanted)
    for one in wanted:
        there = [by_number[number] for number in one.rows]
        for row in there:
            if times[one.stream] > 1:
                named = {what.removesuffix("s"): one.stream}
                notes.on(row, subject.NAME, f"rejection.{subject.TAKEN}", **named)
            else:
                problems = _mistakes(one.commands, situation)
                notes.of_fields(row, problems, subject.columns_of(row))
    return [one for one in wanted if not notes.wrong.intersection(one.rows)]


def _mistakes(commands: Iterable[AnyCommand], situation: Situation) -> list[Problem]:
    """What the language does not allow, as a text that is too long: once recorded, it could never
    be read again."""
    problems: list[Problem] = []
    for command in commands:
        try:
            read(type(command), to_builtins(command), situation.known)
        except Malformed as malformed:
            problems += [one for one in malformed.problems if one not in problems]
    return problems


def _decided(
    service: Service, wanted: list[Wanted], correlation: str, notes: Notes
) -> list[tuple[Wanted, int]]:
    """What the rules allow, each mission or post by itself, and how many events that would be;
    nothing is kept yet. A file names each subject once, so none depends on another."""
    right = []
    for one in wanted:
        commands = [(command, correlation) for command in one.commands]
        answers = service.ask_together(commands, keep=False) if commands else []
        if not _refusals(one, answers, notes):
            made = sum(len(answer.events) for answer in answers if isinstance(answer, Done))
            right.append((one, made))
        notes.done(len(one.rows))
    return right


def _keep(
    service: Service, right: list[tuple[Wanted, int]], correlation: str, notes: Notes
) -> bool:
    """Whether all of it was recorded: somebody may have decided otherwise in the meantime."""
    commands = [(command, correlation) for one, _ in right for command in one.commands]
    answers = iter(service.ask_together(commands, keep=True))
    refused = [_refusals(one, list(islice(answers, len(one.commands))), notes) for one, _ in right]
    return not any(refused)


def _refusals(one: Wanted, answers: Iterable[Answer], notes: Notes) -> bool:
    """Whether any of the answers is a refusal; the first is noted with the rows."""
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    for refusal in refused[:1]:
        for row in one.rows:
            notes.add(_refusal(row, refusal))
    return bool(refused)


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
    told: dict[int, list[RowProblem]] = {}
    for problem in notes.problems:
        told.setdefault(problem.row, []).append(problem)
    fates = []
    for row in found:
        problems = tuple(told.get(row.number, ()))
        one, events = of_row.get(row.number, (None, 0))
        if one is None or problems:
            fates.append(RowFate(row=row.number, stream=None, fate=Fate.WRONG, problems=problems))
            continue
        fates.append(RowFate(row=row.number, stream=one.stream, fate=_fate(one, events)))
    return tuple(fates)


def _fate(one: Wanted, events: int) -> Fate:
    if not events:
        return Fate.UNCHANGED
    first = type(one.commands[0]).__name__
    return Fate.NEW if first.startswith(("Publish", "Announce")) else Fate.REVISED
