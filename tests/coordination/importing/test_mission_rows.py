import pytest

from coordination.settings import Settings
from schemas.period import Month
from schemas.vocabulary import Place, Provenance
from tests.coordination.importing.files import MISSION
from tests.coordination.importing.reports import Importer, Told, mission, problem, told


@pytest.mark.parametrize(
    "cells, expected",
    [
        ({"start_date": "2027-02-30"}, [("start_date", "2027-02-30", "expected.date")]),
        ({"end_date": "2027-03"}, [("end_date", "2027-03", "expected.date")]),
        ({"end_date": "2027-03-14"}, [("end_date", "2027-03-14", "expected.rule-period")]),
        ({"start_date": ""}, [("start_date", "", "expected.missing")]),
        ({"start_date": "0207-03-15"}, [("start_date", "0207-03-15", "expected.date")]),
        (
            {"date_precision": "month", "start_date": "March", "end_date": "2027"},
            [
                ("start_date", "March", "expected.form-period"),
                ("end_date", "2027", "expected.form-period"),
            ],
        ),
        ({"date_precision": "soon"}, [("date_precision", "soon", "expected.one-of")]),
        ({"lead_agency": "awx"}, [("lead_agency", "awx", "expected.agency")]),
        ({"lead_agency": "FIT"}, [("lead_agency", "FIT", "expected.agency")]),
        ({"co_organisers": "hbu;BioWin"}, [("co_organisers", "hbu;BioWin", "expected.agency")]),
        ({"title": "\u6cb3\u5185"}, [("title", "\u6cb3\u5185", "expected.pattern")]),
        ({"country_iso2": ""}, [("country_iso2", "", "expected.missing")]),
        (
            {"country_iso2": "AR;UY", "cities": "Buenos Aires;UY Montevideo"},
            [("cities", "Buenos Aires;UY Montevideo", "expected.form-place")],
        ),
        ({"cities": "x" * 2001}, [("cities", "x" * 80, "expected.text")]),
        ({"sectors": "x" * 2001}, [("sectors", "x" * 80, "expected.text")]),
        ({"source": "x" * 2001}, [("source", "x" * 80, "expected.text")]),
        ({"notes": "x" * 2001}, [("notes", "x" * 80, "expected.text")]),
    ],
)
def test_a_mistake_is_told_of_its_column(
    importer: Importer, cells: dict[str, str], expected: list[Told]
) -> None:
    assert told(importer.mission(**cells)) == expected


def test_agencies_nobody_here_speaks_for_are_told_of_the_column_that_names_them(
    importer: Importer,
) -> None:
    row = MISSION | {"lead_agency": "BFTA", "co_organisers": "awex;hub;FPS Finance"}
    importer.service.settings = Settings(speaks_for=("awex",))
    assert importer.rows("missions", row).problems == (
        problem(2, "lead_agency", "BFTA", "import.not-spoken-for", agencies="hub", allowed="awex"),
        problem(
            2,
            "co_organisers",
            "awex;hub;FPS Finance",
            "import.not-spoken-for",
            agencies="hub",
            allowed="awex",
        ),
    )


@pytest.mark.parametrize(
    "lead, coordinated_by",
    [
        ("BFTA", "BFTA"),
        ("brussels.international", "brussels.international"),
        ("FPS Foreign Affairs", "FPS Foreign Affairs"),
        ("unknown", "not stated in the source"),
    ],
)
def test_what_others_lead_is_kept_by_the_secretariat(
    importer: Importer, lead: str, coordinated_by: str
) -> None:
    importer.mission(lead_agency=lead)
    line = mission(importer.service, "mission-hub-mission-to-hanoi")
    assert (line.owner, line.coordinated_by, line.regions) == ("hub", coordinated_by, ())


def test_a_month_that_a_spreadsheet_wrote_as_its_first_day_is_a_month(importer: Importer) -> None:
    importer.mission(date_precision="month", start_date="2027-03-01", end_date="2027-03-01")
    assert mission(importer.service).period == Month(2027, 3)


def test_of_several_countries_each_city_is_where_the_sources_or_the_row_say(
    importer: Importer,
) -> None:
    importer.mission(country_iso2="IL;PS;JO;EG", cities="Ramallah;Tel Aviv;JO Amman;(Egypt)")
    assert mission(importer.service).places == (
        Place(country="PS", city="Ramallah"),
        Place(country="IL", city="Tel Aviv"),
        Place(country="JO", city="Amman"),
        Place(country="EG"),
    )


@pytest.mark.parametrize(
    "cells, provenance",
    [
        ({"source": ""}, None),
        (
            {"source": "", "notes": "heard", "participants": "20 companies"},
            Provenance(source="not stated in the source", note="heard; 20 companies"),
        ),
        (
            {"date_precision": "day-approximate"},
            Provenance(source="https://example.org/hanoi", note="dates are approximate"),
        ),
    ],
)
def test_nothing_a_row_notes_is_lost(
    importer: Importer, cells: dict[str, str], provenance: Provenance | None
) -> None:
    importer.mission(**cells)
    assert mission(importer.service).provenance == provenance
