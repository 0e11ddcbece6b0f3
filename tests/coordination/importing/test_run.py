from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis.strategies import randoms

from coordination.importing import import_file
from coordination.importing.run import Fate
from coordination.service import Service
from coordination.settings import Settings
from projections.read_model import Moment
from schemas.mission import CancelMission
from schemas.post import AnnouncePost, AreaPart
from schemas.vocabulary import Place
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
from tests.coordination.importing.reports import Importer, fates, problem, told


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


def test_all_mistakes_of_a_file_are_told_at_once_and_nothing_is_kept(
    service: Service, tmp_path: Path
) -> None:
    rows = [row | {"cost_or_fee": row.get("cost_or_fee", "")} for row in WRONG]
    report = import_file(service, "missions", written(tmp_path / "missions.csv", rows))
    assert [(one.row, one.column, one.given, one.expected) for one in report.problems] == [
        (3, "start_date", "2027-02-30", "expected.date"),
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
    assert seen == [(done, 192) for done in range(1, 193)]


def test_progress_reaches_its_end_with_wrong_rows_too(service: Service, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = written(tmp_path / "missions.csv", WRONG)
    import_file(service, "missions", path, progress=lambda *done: seen.append(done))
    assert seen == [*((done, 10) for done in range(1, 7)), (10, 10)]


def test_what_a_file_names_twice_is_wrong_in_both_rows(importer: Importer) -> None:
    other = MISSION | {"title": "Mission to: Hanoi"}
    report = importer.rows("missions", MISSION, MISSION | {"title": "Lima"}, other)
    taken = "rejection.mission.already-published"
    stream = "mission-awex-mission-to-hanoi"
    assert report.problems == (
        problem(2, "title", "Mission to Hanoi", taken, mission=stream),
        problem(4, "title", "Mission to: Hanoi", taken, mission=stream),
    )
    posts = importer.rows("posts", POST, POST)
    assert told(posts) == [("post", "hub-hanoi", "rejection.post.already-announced")] * 2
    assert (report.kept, posts.kept, importer.service.store.position()) == (False, False, 0)


@pytest.mark.parametrize("status, column", [("held", "participants"), ("cancelled", "notes")])
def test_a_cell_too_long_for_an_event_never_reaches_the_store(
    importer: Importer, status: str, column: str
) -> None:
    """Once recorded it could not be read again, and nothing else with it."""
    report = importer.mission(status=status, source="", **{column: "1 or 2 " * 300})
    assert [(one.column, one.expected) for one in report.problems][-1] == (column, "expected.text")
    assert importer.service.store.position() == 0
    assert importer.mission(**{column: "1 or 2 " * 285}).kept
    assert list(importer.service.store.verify()) == []


def test_more_cells_than_headings_are_a_mistake_of_that_row(
    service: Service, tmp_path: Path
) -> None:
    path = written(tmp_path / "missions.csv", [MISSION, MISSION | {"title": "Lima"}])
    path.write_text(path.read_text().rstrip() + ",surplus\n")
    report = import_file(service, "missions", path, skip_invalid=True)
    assert [(one.row, one.given, one.expected) for one in report.problems] == [
        (3, "surplus", "import.too-many-cells")
    ]
    assert (fates(report), report.kept) == ({"new": 1, "wrong": 1}, True)


def test_a_row_that_moves_a_mission_others_cancelled_changes_nothing(importer: Importer) -> None:
    importer.mission()
    importer.service.ask(
        CancelMission(
            by="awex",
            effective=TODAY.date(),
            mission="mission-awex-mission-to-hanoi",
            reason="war",
        )
    )
    assert fates(importer.mission(cities="Hue")) == {"unchanged": 1}


def test_what_somebody_decided_during_the_import_is_told_and_nothing_is_kept(
    service: Service, tmp_path: Path
) -> None:
    path = written(tmp_path / "posts.csv", [POST, POST | {"post": "hub-lima", "city": "Lima"}])
    place = Place(country="VN", city="Hue")

    def somebody(done: int, total: int) -> None:
        if done == total:
            announcement = AnnouncePost(
                by="hub",
                effective=TODAY.date(),
                post="post-hub-hanoi",
                operated_by="hub",
                function="attaché",
                places=(place,),
                area=(AreaPart(country="VN"),),
            )
            service.ask(announcement)

    report = import_file(service, "posts", path, progress=somebody)
    assert [(one.row, one.expected) for one in report.problems] == [
        (2, "rejection.post.already-announced")
    ]
    assert (report.kept, service.store.position()) == (False, 1)


@pytest.mark.parametrize("what, path", [("missions", MISSIONS), ("posts", POSTS)])
def test_whatever_the_order_of_its_rows_a_file_says_the_same(what: str, path: Path) -> None:
    rows = table(path)

    def lines(order: list[dict[str, str]]) -> list[object]:
        with TemporaryDirectory() as folder:
            environ = {"SQLITE_DBNAME": f"{folder}/events.sqlite"}
            with Service(Settings(), environ, lambda: TODAY, lambda: "id") as node:
                import_file(node, what, written(Path(folder) / "file.csv", order))
                models = (node.questions.missions(Moment()), node.questions.posts(Moment()))
                return [model.lines for model in models]

    expected = lines(rows)

    @settings(max_examples=8, deadline=None)
    @given(randoms(use_true_random=False))
    def holds(chance: Random) -> None:
        order = list(rows)
        chance.shuffle(order)
        assert lines(order) == expected

    holds()
