from datetime import date, datetime, time
from pathlib import Path

import pytest

from coordination.importing.sheet import Row, RowProblem, SheetRefused, rows
from tests.coordination.importing.files import as_ods, as_xlsx, written

REQUIRED, ALLOWED = frozenset({"title"}), frozenset({"title", "start", "count"})
HANOI = {"title": "Hanoï", "start": "2027-03-15", "count": "8"}


def read(path: Path) -> list[Row]:
    return list(rows(path, REQUIRED, ALLOWED))


def refused(path: Path) -> RowProblem:
    with pytest.raises(SheetRefused) as refusal:
        read(path)
    (problem,) = refusal.value.problems
    return problem


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_rows_by_heading(tmp_path: Path, delimiter: str) -> None:
    path = written(tmp_path / "file.csv", [HANOI], delimiter)
    assert read(path) == [Row(2, HANOI)]


def test_the_mark_that_spreadsheets_put_first_is_no_part_of_a_heading(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("\ufefftitle\nHanoï\n".encode())
    assert read(path) == [Row(2, {"title": "Hanoï"})]


def test_empty_rows_are_left_out_and_numbers_stay_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("title,start\n\nHanoi\n,\nLima,2027\n")
    assert read(path) == [
        Row(3, {"title": "Hanoi", "start": ""}),
        Row(5, {"title": "Lima", "start": "2027"}),
    ]


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    path = as_xlsx(
        tmp_path / "file.xlsx",
        [
            {"title": "Hanoï", "start": date(2027, 3, 15), "count": 8},
            {
                "title": "Hanoï",
                "start": datetime.combine(date(2027, 3, 15), time(9, 30)),
                "count": 8.5,
            },
        ],
    )
    assert read(path) == [Row(2, HANOI), Row(3, HANOI | {"count": "8.5"})]


def test_an_open_document_is_read_too_with_its_dates(tmp_path: Path) -> None:
    assert read(as_ods(tmp_path / "file.ods", [HANOI], dates=("start",))) == [Row(2, HANOI)]


def test_unknown_missing_and_repeated_headings_are_told_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("begin,start,start,finish\n")
    with pytest.raises(SheetRefused) as refusal:
        read(path)
    allowed = {"allowed": "count, start, title"}
    assert [
        (one.row, one.column, one.given, one.expected, one.parameters)
        for one in refusal.value.problems
    ] == [
        (1, "begin", "begin", "import.unknown-heading", allowed),
        (1, "finish", "finish", "import.unknown-heading", allowed),
        (1, "start", "start", "import.heading-twice", {}),
        (1, "title", "begin, start, start, finish", "import.missing-heading", {"missing": "title"}),
    ]


def test_empty_columns_behind_the_last_heading_are_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("title,start,,\nHanoi,2027,,\n")
    assert read(path) == [Row(2, {"title": "Hanoi", "start": "2027"})]


def test_a_mark_that_ends_lines_elsewhere_parts_no_cell(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('title,start\r\nHa\u2028noi,"20\n27"\r\nLima,2028\r\n', newline="")
    assert read(path) == [
        Row(2, {"title": "Ha\u2028noi", "start": "20\n27"}),
        Row(3, {"title": "Lima", "start": "2028"}),
    ]


def test_an_empty_file_lacks_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("")
    assert refused(path).expected == "import.missing-heading"


def test_broken_encoding_is_told_with_its_line_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("title\nHanoi\nCôte d'Ivoire\n".encode("latin-1"))
    assert refused(path) == RowProblem(
        row=3,
        column="",
        given="ôte d'Ivoire\n",
        expected="import.not-utf-8",
        parameters={"byte": 2},
    )


def test_a_line_of_ten_megabytes_is_told_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"title\n" + b"x" * 10_000_000 + b"\n")
    assert refused(path) == RowProblem(
        row=2,
        column="",
        given="x" * 60 + "…",
        expected="import.line-too-long",
        parameters={"most": 1_000_000},
    )


def test_a_cell_beyond_the_headings_is_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("title,start\nHanoi,2027,,surplus\n")
    assert read(path) == [Row(2, {"title": "Hanoi", "start": "2027"}, "surplus")]


def test_a_quote_that_is_never_closed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('title\n"Hanoi\n')
    assert refused(path).expected == "import.not-csv"


@pytest.mark.parametrize("name", ["nowhere.csv", "nowhere.xlsx"])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path / name).expected == "import.cannot-read"


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    path.write_text("title\n")
    assert refused(path).expected == "import.cannot-read"
