import csv
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from itertools import product

import msgspec
import pytest

from coordination.cli.tables import page_of
from coordination.cli.tables.explanation import ranges
from coordination.cli.tables.page import Sheet
from coordination.service import Service
from coordination.settings import LANGUAGES, Settings
from coordination.wording import Reader
from schemas.asking import AskExplanation, AskFigure, Figure
from tests.coordination.cli.running import MORNING, Run, command_line
from tests.coordination.cli.test_commands import HANOI, PUBLISH, REQUEST

Runs = Callable[..., Run]
CANCEL = ("mission", "cancel", HANOI, "--as", "awex", "--reason", "war")


@pytest.fixture
def to_be_cancelled(run: Runs) -> Runs:
    run(*PUBLISH)
    run(*REQUEST)
    run(*CANCEL, "--effective", "2026-12-01")
    return run


def test_a_mission_stands_on_the_events_behind_it(to_be_cancelled: Runs) -> None:
    assert to_be_cancelled("explain", HANOI) == Run(
        0,
        """\
mission-awex-2027-hanoi, as it stands

 what             how it stands
 ────────────────────────────────────────────────────────────
 title            Water in Vietnam
 type of action   economic mission
 state            planned
 tag              uni-regional
 organised by     AWEX
 period           15–19 Mar 2027
 destinations     Hanoi (Vietnam), Ho Chi Minh City (Vietnam)
 sectors          environment and water

The events behind it

 recorded       from           who did what                                who             event
 ────────────────────────────────────────────────────────────────────────────────────────────────
 15 Sept 2026   01 Jun 2026    AWEX publishes “Water in Vietnam”:          AWEX            awex/1
                               economic mission, 15–19 Mar 2027, Hanoi     regional
                               (Vietnam), Ho Chi Minh City (Vietnam)       coordinator
 15 Sept 2026   15 Sept 2026   FIT asks to co-organise                     FIT             awex/2
                                                                           regional
                                                                           coordinator

Recorded, and not yet in effect

 recorded       from          who did what                     who                    event
 ───────────────────────────────────────────────────────────────────────────────────────────
 15 Sept 2026   01 Dec 2026   AWEX cancels the mission (war)   AWEX                   awex/3
                                                               regional coordinator

""",
    )


def test_before_anything_is_in_effect_nothing_stands(to_be_cancelled: Runs) -> None:
    told = to_be_cancelled("explain", HANOI, "--as-of", "2026-05-31", "--language", "nl")
    assert told.output.splitlines()[:2] == [
        "Van mission-awex-2027-hanoi is op die dag niets van kracht.",
        "Geregistreerd, nog niet van kracht",
    ]


@pytest.mark.parametrize("stream", ["mission-awex-2027-lima", "ship-hub-mercator"])
def test_of_what_nobody_recorded_there_is_nothing_to_explain(run: Runs, stream: str) -> None:
    assert run("explain", stream, "--language", "fr") == Run(
        0, f"Rien n'est enregistré au sujet de {stream}.\n"
    )


def test_the_events_behind_it_as_rows(to_be_cancelled: Runs) -> None:
    rows = csv.DictReader(StringIO(to_be_cancelled("explain", HANOI, "--format", "csv").output))
    assert [(row["part"], row["reference"], row["type"]) for row in rows] == [
        ("behind", "awex/1", "mission.published"),
        ("behind", "awex/2", "mission.co-organisation-requested"),
        ("to-come", "awex/3", "mission.cancelled"),
    ]


def test_a_figure_is_taken_apart_line_by_line(to_be_cancelled: Runs) -> None:
    asked = ("explain", "figure", "plan.uni-regional", "--year", "2027")
    assert to_be_cancelled(*asked) == Run(
        0,
        """\
Uni-regional missions and actions, 2027: 1
Line by line

 no.   what is counted    made of                   events
 ───────────────────────────────────────────────────────────
 1     Water in Vietnam   mission-awex-2027-hanoi   awex/1–2
       15–19 Mar 2027
       Hanoi (Vietnam)
       AWEX

To read the events behind a line: coordination explain, with a name from the column “made of”.
""",
    )
    (row,) = csv.DictReader(StringIO(to_be_cancelled(*asked, "--format", "csv").output))
    assert (row["streams"], row["place"], row["behind"]) == (HANOI, "VN Hanoi", "awex/1; awex/2")


def test_a_figure_as_json_is_the_answer_itself(to_be_cancelled: Runs) -> None:
    asked = ("explain", "figure", "coverage.gaps", "--format", "json")
    assert msgspec.json.decode(to_be_cancelled(*asked).output, type=dict) == {
        "figure": "coverage.gaps",
        "year": None,
        "value": 0,
        "lines": [],
    }


def test_a_figure_that_counts_nothing_says_so(run: Runs) -> None:
    assert run("explain", "figure", "offices.overlaps", "--language", "de") == Run(
        0, "Büros mit mehr als einem Posten: 0\n"
    )


def test_a_figure_of_a_year_asks_which(run: Runs) -> None:
    assert run("explain", "figure", "plan.ended") == Run(
        1,
        errors="The figure plan.ended is of a year: say which with --year, such as --year 2027.\n",
    )


def test_a_figure_that_nobody_counts_is_refused_with_those_there_are(run: Runs) -> None:
    refused = run("explain", "figure", "plan.cheapest")
    assert refused.code == 2
    assert refused.errors.startswith("FIGURE: “plan.cheapest” – one of: plan.missions, plan.none,")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A year as the demonstration plays it, and a policy."""
    folder = tmp_path_factory.mktemp("story")
    run = command_line(folder)
    run("demo")
    run(
        *("policy", "adopt", "policy-hub-fee-sme", "--as", "hub", "--topic", "fee-sme"),
        *("--value", "120 EUR", "--source", "decision", "--attributed-to", "the board"),
    )
    environ = {"SQLITE_DBNAME": str(folder / "coordination.sqlite")}
    with Service(Settings(), environ, lambda: MORNING, lambda: "id") as service:
        yield service


THE_DAY = date(2027, 1, 15)
DAYS = (date(2026, 6, 15), date(2026, 12, 1), THE_DAY)
YEARS = {"plan": (2022, 2027), "june": (2027,), "september": (2027,), "review": (2026,)}
# What the story has none of on any of these days.
NOTHING = {
    Figure.PLAN_MULTI_REGIONAL,
    Figure.PLAN_UNDATED,
    Figure.PLAN_AREA_MANAGER_STAYS,
    Figure.JUNE_SYNERGIES,
    Figure.OFFICES_NOT_YET_OPEN,
    Figure.REVIEW_UNDER_THREAT,
}


@pytest.mark.parametrize("figure", Figure)
def test_a_figure_of_the_story_has_as_many_lines_as_its_page_says(
    story: Service, figure: Figure
) -> None:
    answers = [
        story.answer(AskFigure(figure=figure, year=year, as_of=day))
        for day in DAYS
        for year in YEARS.get(figure.split(".")[0], (None,))
    ]
    assert [len(one.lines) for one in answers] == [one.value for one in answers]
    assert all(line.streams and line.behind for one in answers for line in one.lines)
    assert any(one.value for one in answers) == (figure not in NOTHING)
    for answer, language in product(answers, LANGUAGES):
        headline, *_ = page_of(answer, Reader(language))
        assert str(headline).endswith(f": {answer.value}")
        assert figure not in str(headline)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "stream",
    [
        "mission-hub-uk-princely",
        "post-hub-milan",
        "cycle-hub-2026",
        "review-hub-2026",
        "policy-hub-fee-sme",
    ],
)
def test_every_subject_is_explained_in_every_language(
    story: Service, stream: str, language: str
) -> None:
    facts, *_ = page_of(
        story.answer(AskExplanation(stream=stream, as_of=THE_DAY)), Reader(language)
    )
    assert isinstance(facts, Sheet)
    assert [row for row in facts.rows if row[0].startswith("field.") or not row[1]] == []


@pytest.mark.parametrize(
    "behind, told",
    [
        ((), ""),
        (("awex/7",), "awex/7"),
        (("awex/3", "awex/4", "awex/5", "awex/7"), "awex/3–5\nawex/7"),
        (("awex/3", "hub/4", "hub/5"), "awex/3\nhub/4–5"),
    ],
)
def test_events_that_follow_each_other_are_told_together(
    behind: tuple[str, ...], told: str
) -> None:
    assert ranges(behind) == told
