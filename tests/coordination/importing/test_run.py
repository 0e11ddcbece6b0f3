from collections import Counter
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from coordination.importing import import_file
from coordination.importing.run import Fate, ImportReport, RowFate
from coordination.importing.sheet import RowProblem
from coordination.service import Service
from coordination.settings import Settings
from projections.mission_line import Dated, MissionLine
from projections.post_line import PostLine, PostState
from projections.read_model import Moment
from schemas.mission import MissionState, Tag
from schemas.period import Days, HalfYear, Month, Undated
from schemas.vocabulary import Place, Provenance
from tests.coordination.importing.conftest import TODAY
from tests.coordination.importing.files import (
    MISSION,
    MISSIONS,
    NETWORK,
    POST,
    POSTS,
    as_ods,
    as_xlsx,
    table,
    written,
)


def fates(report: ImportReport) -> dict[str, int]:
    return dict(Counter(one.fate.value for one in report.fates))


def mission(service: Service, stream: str) -> MissionLine:
    return service.questions.missions(Moment()).lines[stream]


def post(service: Service, stream: str) -> PostLine:
    return service.questions.posts(Moment()).lines[stream]


@pytest.mark.parametrize(
    "what, path, rows", [("missions", MISSIONS, 47), ("posts", NETWORK, 96), ("posts", POSTS, 78)]
)
def test_the_real_files_import_as_they_are_and_once(
    service: Service, what: str, path: Path, rows: int
) -> None:
    first = import_file(service, what, path)
    assert (fates(first), first.kept, first.problems) == ({"new": rows}, True, ())
    before = service.store.position()
    again = import_file(service, what, path)
    assert (fates(again), again.kept, again.events) == ({"unchanged": rows}, False, 0)
    assert service.store.position() == before == first.events
    assert list(service.store.verify()) == []


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


WRONG = [
    MISSION,
    MISSION
    | {
        "title": "",
        "start_date": "2027-02-30",
        "country_iso2": "XX",
        "type": "crusade",
        "status": "dreamt",
    },
    MISSION | {"title": "Backwards", "start_date": "2027-03-19", "end_date": "2027-03-15"},
    MISSION | {"title": "Cheap", "cost_or_fee": "-5"},
    MISSION | {"title": "Nobody's", "lead_agency": ""},
]


def problem(row: int, column: str, given: str, expected: str, **parameters: str) -> RowProblem:
    return RowProblem(
        row=row,
        column=column,
        given=given,
        expected=expected,
        parameters=dict(parameters),
    )


def test_all_mistakes_of_a_file_are_told_at_once_and_nothing_is_kept(
    service: Service, tmp_path: Path
) -> None:
    rows = [row | {"cost_or_fee": row.get("cost_or_fee", "")} for row in WRONG]
    report = import_file(service, "missions", written(tmp_path / "missions.csv", rows))
    assert [(one.row, one.column, one.given, one.expected) for one in report.problems] == [
        (3, "start_date", "2027-02-30", "expected.form-period"),
        (3, "status", "dreamt", "expected.one-of"),
        (3, "type", "crusade", "expected.one-of"),
        (3, "title", "", "expected.rule-title"),
        (3, "country_iso2", "XX", "expected.country"),
        (4, "end_date", "2027-03-15", "expected.rule-period"),
        (5, "cost_or_fee", "-5", "expected.rule-money"),
        (6, "lead_agency", "", "expected.missing"),
    ]
    assert (fates(report), report.kept) == ({"new": 1, "wrong": 4}, False)
    assert service.store.position() == 0


def test_skip_invalid_keeps_the_right_rows_and_lists_the_others(
    service: Service, tmp_path: Path
) -> None:
    path = written(tmp_path / "missions.csv", WRONG[:1] + WRONG[2:3])
    report = import_file(service, "missions", path, skip_invalid=True)
    assert (fates(report), report.kept, report.events) == ({"new": 1, "wrong": 1}, True, 1)
    assert report.fates[1].problems == (
        problem(3, "end_date", "2027-03-15", "expected.rule-period"),
    )
    assert service.store.position() == 1


def test_a_dry_run_says_what_would_be_and_keeps_nothing(service: Service) -> None:
    report = import_file(service, "posts", NETWORK, dry_run=True)
    assert (fates(report), report.kept, report.events) == ({"new": 96}, False, 254)
    assert service.store.position() == 0


def test_nobody_imports_for_another_agency(service: Service, tmp_path: Path) -> None:
    path = written(tmp_path / "missions.csv", [MISSION | {"lead_agency": "fit"}])
    report = import_file(service, "missions", path, agency="awex")
    assert report.problems == (
        problem(2, "lead_agency", "fit", "import.not-spoken-for", agencies="fit", allowed="awex"),
    )
    posts = import_file(service, "posts", written(tmp_path / "posts.csv", [POST]), agency="awex")
    assert posts.problems == (
        problem(
            2, "operating_agency", "hub", "import.not-spoken-for", agencies="hub", allowed="awex"
        ),
    )


def test_a_node_of_one_agency_imports_what_is_its_own_only(tmp_path: Path) -> None:
    environ = {"SQLITE_DBNAME": str(tmp_path / "fit.sqlite")}
    with Service(Settings(speaks_for=("fit",)), environ, lambda: TODAY, lambda: "id") as node:
        report = import_file(node, "posts", NETWORK, skip_invalid=True)
        assert fates(report) == {"new": 21, "wrong": 75}


def test_what_the_rules_reject_is_told_with_the_row(service: Service, tmp_path: Path) -> None:
    """A file that cancels what people have recorded as held."""
    path = tmp_path / "missions.csv"
    past = MISSION | {"start_date": "2026-03-15", "end_date": "2026-03-19"}
    import_file(service, "missions", written(path, [past | {"status": "held"}]))
    line = mission(service, "mission-awex-mission-to-hanoi")
    assert line.state is MissionState.HELD
    shares_with_itself = POST | {"available_to": "hub"}
    report = import_file(service, "posts", written(tmp_path / "posts.csv", [shares_with_itself]))
    assert report.problems == (
        problem(2, "", "", "rejection.post.shares-with-itself", post="post-hub-hanoi"),
    )
    assert not report.kept


def test_a_file_that_is_no_table_is_told(service: Service, tmp_path: Path) -> None:
    report = import_file(service, "missions", tmp_path / "nowhere.csv")
    assert [one.expected for one in report.problems] == ["import.cannot-read"]
    assert (report.kept, report.rows_with(Fate.WRONG)) == (False, 1)


def test_a_workbook_imports_as_the_csv_file_does(service: Service, tmp_path: Path) -> None:
    rows = table(MISSIONS)
    xlsx = as_xlsx(tmp_path / "missions.xlsx", [dict(row) for row in rows])
    assert import_file(service, "missions", xlsx).events == 174
    escaped = [
        {name: cell.replace("&", "&amp;").replace("<", "&lt;") for name, cell in row.items()}
        for row in rows
    ]
    ods = as_ods(tmp_path / "missions.ods", escaped)
    assert fates(import_file(service, "missions", ods)) == {"unchanged": 47}


def test_progress_is_told_as_it_is_made(service: Service) -> None:
    seen: list[tuple[int, int]] = []
    import_file(service, "posts", NETWORK, progress=lambda *done: seen.append(done))
    assert seen == [(done, 96) for done in range(1, 97)]


def test_an_imported_post_is_open_shared_and_marked(service: Service) -> None:
    import_file(service, "posts", NETWORK)
    ramallah = post(service, "post-hub-ramallah")
    assert (ramallah.state, ramallah.shared_with) == (PostState.OPEN, ("awex", "fit"))
    boston = post(service, "post-hub-boston")
    assert boston.provenance == Provenance(
        source="illustrative",
        illustrative=True,
        note="illustrative; completes the published count of 2023; not a sourced post",
    )
    vilnius = post(service, "post-fit-vilnius")
    assert [part.country for part in vilnius.area] == ["LT", "LV", "EE"]


def test_the_sourced_posts_have_the_states_their_words_say(service: Service) -> None:
    import_file(service, "posts", POSTS)
    lines = service.questions.posts(Moment()).lines.values()
    assert dict(Counter(line.state.value for line in lines)) == {
        "announced": 10,
        "closed": 2,
        "closing": 19,
        "open": 45,
        "vacant": 2,
    }
    assert post(service, "post-hub-milan").since == date(2026, 4, 16)
    assert post(service, "post-fit-new-york-technology-attache").place == Place(
        country="US", city="New York", latitude=40.7128, longitude=-74.006
    )
    assert post(service, "post-hub-guangzhou").operated_by is None


def test_a_post_file_adds_moves_and_takes_off(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    import_file(service, "posts", written(path, [POST]))
    changed = POST | {"available_to": "fit", "city": "Haiphong", "function": "attaché"}
    report = import_file(service, "posts", written(path, [changed]))
    assert (fates(report), report.events) == ({"revised": 1}, 4)
    line = post(service, "post-hub-hanoi")
    assert line.shared_with == ("fit",)
    assert line.place == Place(country="VN", city="Haiphong", latitude=21.02, longitude=105.83)
    assert line.function == "attaché"
    assert [one.reason for one in line.moves] == ["the imported file says so"]


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


def test_a_status_with_no_such_day_is_told(service: Service, tmp_path: Path) -> None:
    wrong = POST | {"status": "closed 2026-02-30", "year": "2026"}
    report = import_file(service, "posts", written(tmp_path / "posts.csv", [wrong]))
    assert [(one.column, one.expected) for one in report.problems] == [("status", "expected.date")]


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
