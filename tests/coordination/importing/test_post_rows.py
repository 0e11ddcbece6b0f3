from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from coordination.importing import import_file
from coordination.service import Service
from coordination.settings import Settings
from schemas.post import AreaPart
from schemas.vocabulary import Provenance
from tests.coordination.importing.conftest import TODAY
from tests.coordination.importing.files import POST, POSTS, table, written
from tests.coordination.importing.reports import Importer, Told, post, told


def test_a_post_file_tells_all_its_mistakes(service: Service, tmp_path: Path) -> None:
    wrong = POST | {
        "operating_agency": "bfta",
        "country_iso2": "XX",
        "latitude": "north",
        "available_to": "awex;flanders",
        "status": "haunted",
        "function": "",
    }
    report = import_file(service, "posts", written(tmp_path / "posts.csv", [wrong]))
    assert [(one.column, one.given, one.expected) for one in report.problems] == [
        ("operating_agency", "bfta", "expected.agency"),
        ("status", "haunted", "expected.one-of"),
        ("available_to", "awex;flanders", "expected.agency"),
        ("function", "", "expected.missing"),
        ("country_iso2", "XX", "expected.country"),
        ("latitude", "north", "expected.number-between"),
    ]


def test_the_order_of_rows_changes_no_identifier(tmp_path: Path) -> None:
    rows = [row for row in table(POSTS) if row["city"] == "New York"]
    rows += [row for row in table(POSTS) if row["city"] == "Vilnius"]
    found = set()
    for number, order in enumerate(permutations(rows)):
        environ = {"SQLITE_DBNAME": str(tmp_path / f"{number}.sqlite")}
        with Service(Settings(), environ, lambda: TODAY, lambda: "id") as node:
            report = import_file(node, "posts", written(tmp_path / f"{number}.csv", list(order)))
            found.add(frozenset(one.stream for one in report.fates))
    assert found == {
        frozenset(
            {
                "post-fit-new-york",
                "post-fit-new-york-technology-attache",
                "post-fit-vilnius",
            }
        )
    }


@pytest.mark.parametrize(
    "cells, expected",
    [
        (
            {"status": "closed 2026-02-30", "year": "2026"},
            [("status", "closed 2026-02-30", "expected.date")],
        ),
        ({"year": "0000"}, [("year", "0000", "expected.whole-number-between")]),
        (
            {"year": "2016", "status": "open 1216"},
            [("status", "open 1216", "expected.whole-number-between")],
        ),
        ({"status": "opening soon"}, [("status", "opening soon", "expected.one-of")]),
        ({"post": "Hub Hanoi"}, [("post", "Hub Hanoi", "expected.pattern")]),
        ({"post": "", "city": "\u6cb3\u5185"}, [("city", "\u6cb3\u5185", "expected.pattern")]),
        ({"longitude": "200"}, [("longitude", "200", "expected.number-between")]),
        ({"note": "x" * 2001}, [("note", "x" * 80, "expected.text")]),
        ({"source": "x" * 2001}, [("source", "x" * 80, "expected.text")]),
        (
            {"status": "vacant " + "x" * 2001},
            [("status", ("vacant " + "x" * 80)[:80], "expected.text")],
        ),
    ],
)
def test_a_mistake_is_told_of_its_column(
    importer: Importer, cells: dict[str, str], expected: list[Told]
) -> None:
    assert told(importer.post(**cells)) == expected


@pytest.mark.parametrize(
    "cells, since",
    [
        ({}, date(2023, 1, 1)),
        ({"status": "opened 2016-12-08", "year": "2016"}, date(2016, 12, 8)),
        ({"status": "open 2017", "year": "2016"}, date(2017, 1, 1)),
        ({"status": "open", "year": "2016"}, date(2016, 1, 1)),
        ({"status": "undated", "year": "n.d."}, date(2005, 1, 1)),
    ],
)
def test_a_post_stands_from_the_day_or_year_its_row_names(
    importer: Importer, cells: dict[str, str], since: date
) -> None:
    importer.post(**cells)
    assert post(importer.service).since == since


def test_the_post_in_brussels_covers_the_institutions_of_the_union(importer: Importer) -> None:
    importer.post(city="Brussels", country_iso2="BE")
    assert post(importer.service).area == (AreaPart(country="BE", within="EU institutions"),)


def test_a_row_without_source_keeps_its_note(importer: Importer) -> None:
    importer.post(source="", provenance="", note="heard")
    assert post(importer.service).provenance == Provenance(
        source="not stated in the source", note="heard"
    )
    importer.rows("posts", POST | {"post": "hub-lima", "source": "", "provenance": ""})
    assert post(importer.service, "post-hub-lima").provenance is None
