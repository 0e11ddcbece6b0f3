"""Months by areas: each mission once, and what has no days as a bar over its months."""

from datetime import date
from typing import Any

from coordination.web.areas import Area
from coordination.web.calendar import calendar
from projections.mission_plan import plan
from schemas.asking import AskPlan
from schemas.period import Days, HalfYear, Month, Period, Quarter, WholeYear
from schemas.vocabulary import Place
from tests.projections.planned import plan_of, publish


def laid_out(*periods: Period, country: str = "VN") -> list[Any]:
    """Each area as its months that hold something, and its lanes as bars of so many months."""
    events = [
        publish(f"mission-hub-{number}", period, Place(country=country))
        for number, period in enumerate(periods)
    ]
    answer = plan(
        plan_of(*events),
        AskPlan(year=2027),
        royal_missions_a_year=2,
        area_manager_travels=lambda participants: True,
    )
    return [
        (
            area.area,
            area.missions,
            {number: len(rows) for number, rows in enumerate(area.months, start=1) if rows},
            [[(bar.months, bar.row is not None) for bar in lane] for lane in area.lanes],
        )
        for area in calendar(answer.missions, 2027)
    ]


def test_what_has_days_or_a_month_stands_in_its_month() -> None:
    assert laid_out(Days(date(2027, 3, 1), date(2027, 3, 5)), Month(2027, 3), Month(2027, 12)) == [
        (Area.ASIA_PACIFIC, 3, {3: 2, 12: 1}, [])
    ]


def test_days_over_the_end_of_a_month_stand_where_they_begin() -> None:
    assert laid_out(Days(date(2027, 9, 28), date(2027, 10, 3))) == [
        (Area.ASIA_PACIFIC, 1, {9: 1}, [])
    ]


def test_days_over_new_year_stand_in_the_month_of_the_year_asked() -> None:
    assert laid_out(Days(date(2026, 12, 28), date(2027, 1, 3))) == [
        (Area.ASIA_PACIFIC, 1, {1: 1}, [])
    ]


def test_a_quarter_a_half_year_and_a_year_are_bars_over_their_months() -> None:
    assert laid_out(Quarter(2027, 2), HalfYear(2027, 2), WholeYear(2027)) == [
        (
            Area.ASIA_PACIFIC,
            3,
            {},
            [[(12, True)], [(3, False), (3, True), (6, True)]],
        )
    ]


def test_bars_that_overlap_lie_in_lanes_of_their_own() -> None:
    assert laid_out(Quarter(2027, 3), Quarter(2027, 3), Quarter(2027, 4)) == [
        (
            Area.ASIA_PACIFIC,
            3,
            {},
            [[(6, False), (3, True), (3, True)], [(6, False), (3, True), (3, False)]],
        )
    ]


def test_many_weeks_are_a_bar_too() -> None:
    assert laid_out(Days(date(2027, 1, 20), date(2027, 3, 5)), country="FR") == [
        (Area.EUROPE, 1, {}, [[(3, True), (9, False)]])
    ]
