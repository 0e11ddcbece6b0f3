"""The plan of a year as months by areas: what has days in its month, what has less as a bar."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct

from coordination.web.areas import AREA_OF, Area
from projections.mission_plan import PlanRow
from schemas.period import Days, Month, Year, bounds

MONTHS = range(1, 13)


class Bar(Struct, frozen=True):
    """Several months of a lane: a mission whose days are not known, or the gap before the next."""

    months: int
    row: PlanRow | None = None


Lane: TypeAlias = tuple[Bar, ...]


class AreaOfYear(Struct, frozen=True):
    """`months` are twelve, `lanes` the bars below them, none over another."""

    area: Area
    missions: int
    months: tuple[tuple[PlanRow, ...], ...]
    lanes: tuple[Lane, ...]


def calendar(rows: Iterable[PlanRow], year: Year) -> tuple[AreaOfYear, ...]:
    """By the country that each mission names first, in the order of the plan."""
    by_area: dict[Area, list[PlanRow]] = defaultdict(list)
    for row in rows:
        by_area[AREA_OF[row.line.places[0].country]].append(row)
    return tuple(_area(area, by_area[area], year) for area in Area if area in by_area)


def _area(area: Area, rows: list[PlanRow], year: Year) -> AreaOfYear:
    months: list[list[PlanRow]] = [[] for _ in MONTHS]
    bars: list[tuple[int, int, PlanRow]] = []
    for row in rows:
        first, last = months_of(row, year)
        in_its_month = isinstance(row.line.period, Days | Month) and last - first < 2
        if in_its_month:
            months[first - 1].append(row)
        else:
            bars.append((first, last, row))
    return AreaOfYear(area, len(rows), tuple(map(tuple, months)), _lanes(bars))


def months_of(row: PlanRow, year: Year) -> tuple[int, int]:
    """The first and the last month of the year that a dated mission touches."""
    days = bounds(row.line.period)
    assert days is not None, "only missions with a date stand in the calendar"
    first = days.start.month if days.start.year == year else MONTHS[0]
    last = days.end.month if days.end.year == year else MONTHS[-1]
    return first, last


def _lanes(bars: list[tuple[int, int, PlanRow]]) -> tuple[Lane, ...]:
    """Each bar in the first lane that is free by then."""
    lanes: list[list[Bar]] = []
    ends: list[int] = []
    for first, last, row in sorted(bars, key=lambda bar: bar[:2]):
        free = next((lane for lane, end in enumerate(ends) if end < first), None)
        if free is None:
            free = len(lanes)
            lanes.append([])
            ends.append(0)
        gap = first - ends[free] - 1
        lanes[free] += (
            [Bar(gap), Bar(last - first + 1, row)] if gap else [Bar(last - first + 1, row)]
        )
        ends[free] = last
    left = [[Bar(MONTHS[-1] - end)] if end < MONTHS[-1] else [] for end in ends]
    return tuple((*lane, *rest) for lane, rest in zip(lanes, left, strict=True))
