from datetime import date
from typing import Any

import pytest

from projections.figures import Counted, FigureLines, figure_lines, page_question
from projections.june import june
from projections.mission_plan import Plan, plan
from projections.september import september
from schemas.action import ActionType
from schemas.asking import (
    AskCoverage,
    AskFigure,
    AskJune,
    AskOffices,
    AskPlan,
    AskReview,
    AskSeptember,
    Figure,
)
from schemas.mission import MissionHeld
from schemas.period import Month, Period, Undated
from schemas.vocabulary import AWEX, FIT, HUB, Place, Provenance, Qualified, Title
from tests.projections.planned import (
    APRIL_2028,
    HANOI,
    IN_HANOI,
    IN_SAIGON,
    LIMA,
    MARCH,
    MAY,
    SAIGON,
    SEOUL,
    accept,
    cancel,
    plan_of,
    publish,
    request,
    reschedule,
)

STORY = Provenance(source="story", illustrative=True)
OSLO, ROYAL = "mission-hub-2027-oslo", "mission-hub-royal"
IN_THE_PLAN = plan_of(
    publish(HANOI, provenance=STORY),
    request(HUB),
    accept(HUB),
    request(FIT),
    accept(FIT),
    publish(LIMA, Undated()),
    publish(SAIGON),
    cancel(SAIGON),
    publish(SEOUL),
    reschedule(APRIL_2028, SEOUL),
    publish(OSLO, Month(2027, 4), IN_SAIGON),
    MissionHeld(
        effective=date(2027, 4, 9),
        mission=OSLO,
        participants=(Qualified(value=4, unit="participants"),),
    ),
    *(
        publish(
            f"{ROYAL}-{number}",
            Month(2027, number),
            action=ActionType.STATE_VISIT,
            coordinated_by="BFTA",
        )
        for number in (5, 6)
    ),
)


def the_plan(royal: int = 1) -> Plan:
    return plan(
        IN_THE_PLAN,
        AskPlan(year=2027),
        royal_missions_a_year=royal,
        area_manager_travels=lambda participants: participants >= 5,
    )


def counted(mission: str, *behind: str, **more: Any) -> Counted:
    fields: dict[str, Any] = {
        "streams": (mission,),
        "titles": (Title(fr=mission),),
        "period": MARCH,
        "place": IN_HANOI,
        "agency": mission.split("-")[1],
        "behind": behind,
    }
    return Counted(**(fields | more))


TO_HANOI = counted(HANOI, *(f"awex/{seq}" for seq in range(1, 6)), illustrative=True)
TO_LIMA = counted(LIMA, "fit/1", period=Undated())
TO_SAIGON = counted(SAIGON, "hub/1", "hub/2")
TO_SEOUL = counted(SEOUL, "hub/3", "hub/4", period=APRIL_2028)
TO_OSLO = counted(OSLO, "hub/5", "hub/6", period=Month(2027, 4), place=IN_SAIGON)
ROYALS = tuple(
    counted(f"{ROYAL}-{month}", f"hub/{month + 2}", period=Month(2027, month)) for month in (5, 6)
)


@pytest.mark.parametrize(
    "figure, lines",
    [
        (Figure.PLAN_MISSIONS, (TO_HANOI, TO_OSLO, *ROYALS)),
        (Figure.PLAN_NONE, ROYALS),
        (Figure.PLAN_UNI_REGIONAL, (TO_OSLO,)),
        (Figure.PLAN_BI_REGIONAL, ()),
        (Figure.PLAN_TRI_REGIONAL, (TO_HANOI,)),
        (Figure.PLAN_MULTI_REGIONAL, ()),
        (Figure.PLAN_UNDATED, (TO_LIMA,)),
        (Figure.PLAN_MOVED_AWAY, (TO_SEOUL,)),
        (Figure.PLAN_ENDED, (TO_SAIGON,)),
        (Figure.PLAN_ILLUSTRATIVE, (TO_HANOI,)),
        (Figure.PLAN_ROYAL_WARNING, ROYALS),
        (Figure.PLAN_AREA_MANAGER_STAYS, (TO_OSLO,)),
    ],
)
def test_a_figure_of_the_plan_has_a_line_for_each_mission(
    figure: Figure, lines: tuple[Counted, ...]
) -> None:
    assert figure_lines(AskFigure(figure=figure, year=2027), the_plan()) == FigureLines(
        figure=figure, year=2027, value=len(lines), lines=lines
    )


def test_royal_missions_within_the_policy_are_no_warning_to_take_apart() -> None:
    asked = AskFigure(figure=Figure.PLAN_ROYAL_WARNING, year=2027)
    assert figure_lines(asked, the_plan(royal=2)) == FigureLines(
        figure=Figure.PLAN_ROYAL_WARNING, year=2027, value=0, lines=()
    )


@pytest.mark.parametrize(
    "figure, period, illustrative",
    [
        (Figure.JUNE_CONFLICTS, MARCH, (False, True)),
        (Figure.JUNE_CONFLICTS, MARCH, (True, False)),
        (Figure.JUNE_CONFLICTS, MARCH, (False, False)),
        (Figure.JUNE_SYNERGIES, Undated(), (False, True)),
    ],
)
def test_a_figure_of_june_has_a_line_for_each_pair(
    figure: Figure, period: Period, illustrative: tuple[bool, bool]
) -> None:
    own, others = (STORY if one else None for one in illustrative)
    missions = plan_of(
        publish(SAIGON, period, IN_SAIGON, provenance=own), publish(HANOI, provenance=others)
    )
    pair = Counted(
        streams=(SAIGON, HANOI),
        titles=(Title(fr=SAIGON), Title(fr=HANOI)),
        place=Place(country="VN"),
        illustrative=any(illustrative),
        behind=("hub/1", "awex/1"),
    )
    page = june(missions, AskJune(year=2027))
    assert figure_lines(AskFigure(figure=figure, year=2027), page) == FigureLines(
        figure=figure, year=2027, value=1, lines=(pair,)
    )


@pytest.mark.parametrize(
    "figure, asked_and_answered",
    [
        (Figure.SEPTEMBER_PROPOSED, (SAIGON, HANOI, OSLO)),
        (Figure.SEPTEMBER_DECIDED, (HANOI,)),
        (Figure.SEPTEMBER_UNDECIDED, (SAIGON,)),
    ],
)
def test_a_figure_of_september_has_a_line_for_each_action(
    figure: Figure, asked_and_answered: tuple[str, ...]
) -> None:
    lines = {
        HANOI: counted(HANOI, "awex/1", "awex/2", "awex/3"),
        SAIGON: counted(SAIGON, "hub/1", "hub/2"),
        OSLO: counted(OSLO, "hub/3"),
    }
    missions = plan_of(
        publish(HANOI),
        request(HUB),
        accept(HUB),
        publish(SAIGON),
        request(AWEX, SAIGON),
        publish(OSLO),
    )
    page = september(missions, AskSeptember(year=2027))
    assert figure_lines(AskFigure(figure=figure, year=2027), page) == FigureLines(
        figure=figure,
        year=2027,
        value=len(asked_and_answered),
        lines=tuple(lines[mission] for mission in asked_and_answered),
    )


ON: dict[str, Any] = {"as_of": MAY, "known_on": date(2026, 7, 1)}
EXPECTED: dict[str, Any] = {
    "plan": AskPlan(year=2027, agency=FIT, **ON),
    "june": AskJune(year=2027, agency=FIT, other=HUB, **ON),
    "september": AskSeptember(year=2027, **ON),
    "offices": AskOffices(seen_by=FIT, **ON),
    "coverage": AskCoverage(agency=FIT, **ON),
    "review": AskReview(year=2027, **ON),
}
# Said of the whole year, or of the whole country, whoever asks.
WHOEVER_ASKS = {
    Figure.PLAN_ROYAL_WARNING: AskPlan(year=2027, **ON),
    Figure.COVERAGE_COVERED_BY_NOBODY: AskCoverage(**ON),
}


@pytest.mark.parametrize("figure", Figure)
def test_a_figure_is_asked_as_its_page_is(figure: Figure) -> None:
    page = figure.split(".")[0]
    asked = AskFigure(figure=figure, year=2027, agency=FIT, other=HUB, **ON)
    assert page_question(asked) == WHOEVER_ASKS.get(figure, EXPECTED[page])


@pytest.mark.parametrize("figure", Figure)
def test_only_the_network_is_of_no_year(figure: Figure) -> None:
    of_no_year = figure.split(".")[0] in ("offices", "coverage")
    assert (page_question(AskFigure(figure=figure)) is not None) == of_no_year


def test_june_shows_two_agencies_where_none_are_named() -> None:
    asked = AskFigure(figure=Figure.JUNE_CONFLICTS, year=2027)
    assert page_question(asked) == AskJune(year=2027, agency=HUB, other=AWEX)
