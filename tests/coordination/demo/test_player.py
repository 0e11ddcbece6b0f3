from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from coordination.cli.tables import page_of
from coordination.demo.player import StoryClock, StoryRefused, Told, play, story
from coordination.service import Service
from coordination.settings import LANGUAGES, Settings
from coordination.store.refusal import StoreRefused
from coordination.wording import Reader
from projections.coverage import Coverage
from projections.editions import Difference
from projections.june import June
from projections.mission_plan import Plan
from projections.offices import ExplanationKind, JointList
from projections.september import September
from schemas.action import Tag
from schemas.asking import AskCoverage, AskOffices, AskPlan, AskReview


def told(path: Path, language: str = "en") -> Iterator[Told]:
    numbers = count(1)
    return play(
        Settings(),
        {"SQLITE_DBNAME": str(path)},
        lambda: f"id-{next(numbers)}",
        language,
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Told]]:
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    return path, list(told(path))


def shown(played: tuple[Path, list[Told]], kind: type) -> list[object]:
    return [one.answer for step in played[1] for one in step.shown if type(one.answer) is kind]


def test_the_story_ends_with_a_plan_of_bi_and_tri_regional_missions(
    played: tuple[Path, list[Told]],
) -> None:
    [plan] = shown(played, Plan)
    assert isinstance(plan, Plan)
    assert {one.tag: one.missions for one in plan.by_tag} == {
        Tag.UNI_REGIONAL: 4,
        Tag.BI_REGIONAL: 1,
        Tag.TRI_REGIONAL: 3,
    }
    assert [row.line.mission for row in plan.ended] == [
        "mission-fit-2027-lima",
        "mission-hub-2027-ho-chi-minh-city",
    ]


def test_the_joint_list_has_96_contributions_at_86_offices_with_ten_overlaps_named(
    played: tuple[Path, list[Told]],
) -> None:
    lists = shown(played, JointList)
    for found in lists:
        assert isinstance(found, JointList)
        assert (found.contributions, found.offices) == (96, 86)
        assert sorted(overlap.city or "" for overlap in found.overlaps) == [
            "Beijing",
            "Cologne",
            "Lille",
            "Luxembourg",
            "Mexico City",
            "Montréal",
            "San Francisco",
            "Shanghai",
            "The Hague",
            "Tokyo",
        ]
        [declared] = found.declared
        assert declared.declared.claim.figure.value == 86
        assert "907" in declared.declared.claim.source
        assert declared.explanation.kind is ExplanationKind.OFFICES_EQUAL_DECLARED
    assert len(lists) == 2


def test_june_shows_the_conflict_and_september_what_is_open(
    played: tuple[Path, list[Told]],
) -> None:
    [june], [september] = shown(played, June), shown(played, September)
    assert isinstance(june, June)
    assert isinstance(september, September)
    assert [(one.own, one.other, one.days_between) for one in june.conflicts] == [
        ("mission-hub-2027-ho-chi-minh-city", "mission-awex-2027-hanoi", 17)
    ]
    assert (september.proposed, september.decided, september.undecided) == (9, 5, 1)


def test_after_the_closings_four_countries_are_left_without_cover(
    played: tuple[Path, list[Told]],
) -> None:
    [coverage] = shown(played, Coverage)
    assert isinstance(coverage, Coverage)
    assert [(one.agency, one.countries) for one in coverage.without_cover] == [
        ("hub", ("CU", "IT", "RS", "UY"))
    ]
    assert [(gap.country, gap.nobody) for gap in coverage.gaps] == [
        ("CU", True),
        ("IT", True),
        ("RS", True),
        ("UY", False),  # FIT has not said yes
    ]


def test_the_last_edition_differs_by_what_happened_since(
    played: tuple[Path, list[Told]],
) -> None:
    [difference] = shown(played, Difference)
    assert isinstance(difference, Difference)
    assert [one.mission for one in difference.moved] == ["mission-hub-2027-princely-korea"]
    assert [one.mission for one in difference.removed] == ["mission-fit-2027-lima"]


def test_the_database_can_be_asked_on_afterwards(played: tuple[Path, list[Told]]) -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    environ = {"SQLITE_DBNAME": str(played[0])}
    with Service(Settings(), environ, lambda: now, lambda: "id") as service:
        assert list(service.store.verify()) == []
        assert service.answer(AskOffices()).offices == 86
        later = service.answer(AskOffices(as_of=date(2027, 1, 1)))
        assert (later.contributions, later.offices) == (
            82,
            77,
        )  # five of the fourteen shared their city
        fit = service.answer(AskCoverage(agency="fit", as_of=date(2027, 1, 1)))
        assert fit.without_cover == ()
        [review] = service.answer(AskReview(year=2026)).reviews
        assert (len(review.posts), review.not_gone_through) == (96, ())
        known = service.answer(AskPlan(year=2027, known_on=date(2026, 6, 1)))
        assert len(known.missions) == 10
        uk = service.answer(AskPlan(year=2022, country="GB"))
        assert [row.line.mission for row in uk.missions] == ["mission-hub-uk-princely"]
        assert len(uk.missions[0].line.chain) == 2


def test_the_same_story_gives_the_same_history(
    played: tuple[Path, list[Told]], tmp_path: Path
) -> None:
    again = tmp_path / "again.sqlite"
    assert list(told(again)) == played[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_is_told_in_every_language(
    played: tuple[Path, list[Told]], language: str
) -> None:
    assert all(step.say.get(language) for step in story().steps)
    reader = Reader(language)
    for step in played[1]:
        for one in step.shown:
            keys = {part.key for part in page_of(one.answer, reader) if not isinstance(part, str)}
            assert set(one.tables or ()) <= keys


def test_the_story_is_played_into_no_database_that_holds_something(
    played: tuple[Path, list[Told]],
) -> None:
    with pytest.raises(StoreRefused) as refused:
        list(told(played[0]))
    assert refused.value.key == "store.not-empty"


def test_a_story_that_the_rules_do_not_allow_stops(tmp_path: Path) -> None:
    """For a node that does not speak for AWEX, the story asks too much."""
    playing = play(
        Settings(speaks_for=("hub", "fit")),
        {"SQLITE_DBNAME": str(tmp_path / "demo.sqlite")},
        lambda: "id",
        "en",
    )
    with pytest.raises(StoryRefused, match=r"import\.not-spoken-for"):
        list(playing)


def test_the_clock_of_the_story_never_turns_back() -> None:
    clock = StoryClock(date(2026, 9, 24))
    first = clock()
    clock.turn_to(date(2026, 6, 11))
    assert clock() > first
    clock.turn_to(date(2026, 10, 15))
    assert clock() == datetime(2026, 10, 15, 8, 0, 1, tzinfo=UTC)
