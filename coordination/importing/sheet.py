"""Reading a spreadsheet: CSV, XLSX or ODS, as rows of text by heading."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from msgspec import Struct

LONGEST_LINE = 1_000_000  # characters; a longer line is no row of a plan
DELIMITERS = ",;\t"


class RowProblem(Struct, frozen=True, kw_only=True):
    """A mistake in a file: row as a spreadsheet numbers it (headings are row 1), column, value,
    and the key and parameters of what is allowed."""

    row: int
    column: str
    given: str
    expected: str
    parameters: dict[str, str | int] = {}


class Row(Struct, frozen=True):
    """A row by heading; cells are stripped text. `surplus` is what stands beyond the headings."""

    number: int
    cells: dict[str, str]
    surplus: str = ""


class SheetRefused(Exception):
    """The file can't be read as a table at all."""

    def __init__(self, *problems: RowProblem) -> None:
        super().__init__(*problems)
        self.problems = problems


def rows(path: Path, required: frozenset[str], allowed: frozenset[str]) -> Iterator[Row]:
    """
    The rows of a file with these headings, empty rows left out.

    Raises SheetRefused for what is no such table.
    """
    table = _csv(path) if path.suffix.lower() in (".csv", ".txt", ".tsv") else _workbook(path)
    numbered = enumerate(table, start=1)
    _, first = next(numbered, (1, []))
    headings = [cell.strip() for cell in first]
    while headings and not headings[-1]:  # spreadsheets leave empty columns behind
        headings.pop()
    _check(headings, required, allowed)
    for number, cells in numbered:
        if any(cells):
            padded = [*cells, *[""] * (len(headings) - len(cells))]
            surplus = next((cell for cell in cells[len(headings) :] if cell), "")
            yield Row(number, dict(zip(headings, padded, strict=False)), surplus)


def _check(headings: list[str], required: frozenset[str], allowed: frozenset[str]) -> None:
    """Every heading that is unknown, missing or repeated is told, all at once."""
    unknown = [heading for heading in dict.fromkeys(headings) if heading not in allowed]
    missing = sorted(required.difference(headings))
    twice = [one for one in dict.fromkeys(headings) if one in allowed and headings.count(one) > 1]
    listed, there = ", ".join(sorted(allowed)), ", ".join(headings)[:80]
    problems = [
        *(
            _heading(one, one[:80], "import.unknown-heading", {"allowed": listed})
            for one in unknown
        ),
        *(_heading(one, one, "import.heading-twice", {}) for one in twice),
    ]
    if missing:
        needed: dict[str, str | int] = {"missing": ", ".join(missing)}
        problems.append(_heading(missing[0], there, "import.missing-heading", needed))
    if problems:
        raise SheetRefused(*problems)


def _heading(
    heading: str, given: str, expected: str, parameters: dict[str, str | int]
) -> RowProblem:
    return RowProblem(
        row=1, column=heading[:80], given=given, expected=expected, parameters=parameters
    )


def _csv(path: Path) -> Iterator[list[str]]:
    text = _decoded(path)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    # Not splitlines: that parts a cell at marks which are no end of a line in CSV, as U+2028.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(LONGEST_LINE)
    try:
        for cells in reader:
            yield [cell.strip() for cell in cells]
    except csv.Error as error:
        raise SheetRefused(
            RowProblem(row=reader.line_num, column="", given="", expected="import.not-csv")
        ) from error


def _decoded(path: Path) -> str:
    """The text of a file: its lines one by one, so that a wrong one is named."""
    lines = []
    for number, raw in enumerate(_lines(path), start=1):
        if len(raw) > LONGEST_LINE:
            problem = RowProblem(
                row=number,
                column="",
                given=raw[:60].decode(errors="replace") + "…",
                expected="import.line-too-long",
                parameters={"most": LONGEST_LINE},
            )
            raise SheetRefused(problem)
        try:
            lines.append(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError as error:
            problem = RowProblem(
                row=number,
                column="",
                given=raw[error.start : error.start + 20].decode("latin-1"),
                expected="import.not-utf-8",
                parameters={"byte": error.start + 1},
            )
            raise SheetRefused(problem) from error
    return "".join(lines)


def _lines(path: Path) -> Iterator[bytes]:
    """Lines of a file, never more of one than tells that it is too long."""
    with _opened(path) as file:
        while raw := file.readline(LONGEST_LINE + 1):
            yield raw


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> SheetRefused:
    return SheetRefused(
        RowProblem(
            row=0,
            column="",
            given=str(path),
            expected="import.cannot-read",
            parameters={"reason": str(error) or type(error).__name__},
        )
    )


def _workbook(path: Path) -> Iterator[list[str]]:
    """The first sheet of an XLSX or ODS file."""
    from python_calamine import CalamineError, CalamineWorkbook  # loads a library of its own

    _opened(path).close()
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise _unreadable(path, error) from error
    for cells in sheet:
        yield [_as_text(cell) for cell in cells]


def _as_text(cell: object) -> str:
    """A cell as a person would type it: a day as 2027-03-21, a whole number without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
