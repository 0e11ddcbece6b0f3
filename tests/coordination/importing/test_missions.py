from datetime import date
from pathlib import Path

import pytest

from coordination.importing import import_file
from coordination.importing.run import Fate, ImportReport, RowFate
from coordination.service import Service
from projections.mission_line import Dated
from schemas.action import MissionChanges, MissionState, Tag
from schemas.mission import RescheduleMission, ReviseMission
from schemas.period import Days, HalfYear, Month, Undated, WholeYear
from schemas.vocabulary import Place, Sector
from tests.coordination.importing.files import MISSION, MISSIONS, written
from tests.coordination.importing.reports import Importer, fates, mission

HANOI = "mission-awex-mission-to-hanoi"
TODAY = date(2026, 9, 24)
SERIES = MISSION | {"type": "princely mission", "series": "SN-princely", "lead_agency": "BFTA"}


def dated(year: str, status: str, notes: str = "") -> dict[str, str]:
    """A row of the series with the year as its date."""
    return SERIES | {
        "title": f"Mission to Senegal, {year}",
        "start_date": year,
        "end_date": year,
        "date_precision": "year",
        "status": status,
        "notes": notes,
    }


def test_a_series_of_postponements_is_one_mission_with_its_chain(service: Service) -> None:
    import_file(service, "missions", MISSIONS)
    senegal = mission(service, "mission-hub-sn-princely")
    assert senegal.period == Days(date(2023, 5, 21), date(2023, 5, 25))
    assert [(one.period, one.until) for one in senegal.chain] == [
        (Month(2020, 6), date(2020, 6, 1)),
        (Month(2021, 6), date(2021, 6, 1)),
    ]
    assert (senegal.state, senegal.tag) == (MissionState.HELD, Tag.TRI_REGIONAL)
    australia = mission(service, "mission-hub-au-princely")
    assert australia.period == Undated()
    assert [one.period for one in australia.chain] == [
        Days(date(2020, 10, 16), date(2020, 10, 24)),
        HalfYear(2022, 2),
    ]


def test_who_leads_owns_and_who_joins_has_asked_and_was_accepted(service: Service) -> None:
    import_file(service, "missions", MISSIONS)
    israel = mission(service, "mission-hub-hub-brussels-awex-mission-to-israel-and-palestine")
    assert (israel.owner, israel.tag, israel.state) == (
        "hub",
        Tag.BI_REGIONAL,
        MissionState.CANCELLED,
    )
    assert israel.places == (
        Place(country="IL", city="Tel Aviv"),
        Place(country="PS", city="Ramallah"),
    )
    greece = mission(service, "mission-hub-state-visit-to-greece")
    assert (greece.coordinated_by, greece.partners, greece.tag) == (
        "FPS Foreign Affairs",
        ("BFTA",),
        Tag.NONE,
    )


def test_a_changed_row_is_a_revision_and_a_moved_one_keeps_its_chain(
    service: Service, tmp_path: Path
) -> None:
    path = tmp_path / "missions.csv"
    import_file(service, "missions", written(path, [MISSION]))
    changed = MISSION | {"sectors": "health", "start_date": "2027-04", "end_date": "2027-04"}
    changed["date_precision"] = "month"
    report = import_file(service, "missions", written(path, [changed]))
    assert report == ImportReport(
        fates=(RowFate(row=2, stream="mission-awex-mission-to-hanoi", fate=Fate.REVISED),),
        kept=True,
        events=2,
    )
    line = mission(service, "mission-awex-mission-to-hanoi")
    assert (line.period, line.themes) == (Month(2027, 4), ("health",))
    assert line.chain == (
        Dated(
            period=Days(date(2027, 3, 15), date(2027, 3, 19)),
            travel=None,
            until=date(2026, 9, 24),
            reason="postponed, as the source's file has it",
        ),
    )


def test_a_period_the_mission_already_had_is_no_news(service: Service, tmp_path: Path) -> None:
    """People moved it since; the file still has the first date, and moves nothing back."""
    path = tmp_path / "missions.csv"
    import_file(service, "missions", written(path, [MISSION]))
    moved = MISSION | {"start_date": "2027-05", "end_date": "2027-05", "date_precision": "month"}
    import_file(service, "missions", written(path, [moved]))
    assert fates(import_file(service, "missions", written(path, [MISSION]))) == {"unchanged": 1}
    assert mission(service, "mission-awex-mission-to-hanoi").period == Month(2027, 5)


def test_what_was_held_is_corrected(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "missions.csv"
    held = MISSION | {"status": "held", "start_date": "2026-03-15", "end_date": "2026-03-19"}
    held["participants"] = "218 companies"
    import_file(service, "missions", written(path, [held]))
    report = import_file(
        service, "missions", written(path, [held | {"participants": "221 companies"}])
    )
    assert (fates(report), report.events) == ({"revised": 1}, 1)
    line = mission(service, "mission-awex-mission-to-hanoi")
    assert [one.value for one in line.participants] == [221]
    assert [one.reason for one in line.corrections] == ["the imported file says otherwise"]


def test_what_ended_stays_as_it_ended(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "missions.csv"
    import_file(service, "missions", written(path, [MISSION | {"status": "cancelled"}]))
    assert fates(import_file(service, "missions", written(path, [MISSION]))) == {"unchanged": 1}
    assert mission(service, "mission-awex-mission-to-hanoi").state is MissionState.CANCELLED


def test_a_postponement_has_the_reason_its_row_notes(importer: Importer) -> None:
    importer.rows("missions", dated("2020", "postponed", "covid"), dated("2021", "postponed"))
    line = mission(importer.service, "mission-hub-sn-princely")
    assert (line.period, [(one.period, one.reason) for one in line.chain]) == (
        Undated(),
        [
            (WholeYear(2020), "covid"),
            (WholeYear(2021), "postponed, as the source's file has it"),
        ],
    )


def test_a_series_ends_with_the_row_it_led_to_and_what_was_before_is_another_mission(
    importer: Importer,
) -> None:
    rows = (dated("2018", "held"), dated("2020", "postponed"), dated("2023", "held"))
    report = importer.rows("missions", *rows)
    assert [one.stream for one in report.fates] == [
        "mission-hub-mission-to-senegal-2018",
        "mission-hub-sn-princely",
        "mission-hub-sn-princely",
    ]
    line = mission(importer.service, "mission-hub-sn-princely")
    assert (line.period, [one.period for one in line.chain]) == (WholeYear(2023), [WholeYear(2020)])


def test_a_chain_that_grew_goes_on_step_by_step(importer: Importer) -> None:
    first, second = dated("2020", "postponed", "covid"), dated("2021", "postponed", "still covid")
    importer.rows("missions", first)
    report = importer.rows("missions", first, second, dated("2027", "planned"))
    assert fates(report) == {"revised": 3}
    line = mission(importer.service, "mission-hub-sn-princely")
    assert (line.period, [(one.period, one.reason) for one in line.chain]) == (
        WholeYear(2027),
        [
            (WholeYear(2020), "covid"),
            (Undated(), "covid"),
            (WholeYear(2021), "still covid"),
        ],
    )


def test_what_people_decided_since_is_not_undone_by_the_same_file(importer: Importer) -> None:
    importer.mission()
    asked = (
        ReviseMission(
            by="awex",
            effective=TODAY,
            mission=HANOI,
            changes=MissionChanges(sectors=(Sector.HEALTH,), themes=("vaccines",)),
        ),
        RescheduleMission(
            by="awex", effective=TODAY, mission=HANOI, period=Month(2027, 5), reason="Tet"
        ),
    )
    for command in asked:
        importer.service.ask(command)
    assert importer.mission().events == 0
    changed = importer.mission(sectors="digital", cities="Haiphong")
    assert changed.events == 1
    line = mission(importer.service)
    assert (line.themes, line.places, line.period) == (
        ("vaccines",),
        (Place(country="VN", city="Haiphong"),),
        Month(2027, 5),
    )


def test_what_was_held_is_not_moved_by_a_row_that_knows_it_postponed(importer: Importer) -> None:
    importer.mission(start_date="2026-03-15", end_date="2026-03-19", status="held")
    report = importer.mission(start_date="2026-03-15", end_date="2026-03-19", status="postponed")
    assert fates(report) == {"unchanged": 1}
    assert mission(importer.service).state is MissionState.HELD


@pytest.mark.parametrize("notes, reason", [("war", "war"), ("", None)])
def test_a_cancellation_has_the_reason_its_row_notes(
    importer: Importer, notes: str, reason: str | None
) -> None:
    importer.mission(status="cancelled", notes=notes)
    ending = mission(importer.service).ending
    assert ending is not None
    assert ending.reason == (reason or "cancelled, as the source's file has it")


def test_an_undated_row_of_a_series_comes_last(importer: Importer) -> None:
    open_end = dated("2026", "planned") | {
        "start_date": "",
        "end_date": "",
        "date_precision": "undated",
    }
    importer.rows("missions", open_end, dated("2020", "postponed"))
    line = mission(importer.service, "mission-hub-sn-princely")
    assert (line.period, [one.period for one in line.chain]) == (Undated(), [WholeYear(2020)])
