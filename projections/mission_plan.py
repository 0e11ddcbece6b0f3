"""The plan of a year, as every agency reads it: what is planned, what moved, what ended."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from msgspec import Struct

from projections.mission_line import MissionLine, is_undated, touches
from projections.read_model import ReadModel, Reference
from schemas.action import ROYAL, MissionId, MissionState, Tag, tag_of
from schemas.asking import AskPlan
from schemas.period import Year, bounds
from schemas.vocabulary import Agency, Qualifier

LAST = date.max  # where an undated mission stands in the order


class PlanRow(Struct, frozen=True, kw_only=True):
    """A mission in the plan, with what is derived from its line and the events behind it."""

    line: MissionLine
    state: MissionState
    tag: Tag
    regions: tuple[Agency, ...]
    illustrative: bool
    behind: tuple[Reference, ...]


class TagCount(Struct, frozen=True, kw_only=True):
    tag: Tag
    missions: int


class RoyalWarning(Struct, frozen=True, kw_only=True):
    """More royal missions in the year than the policy names (DOMAIN §2: a deputy's claim)."""

    missions: tuple[MissionId, ...]
    policy: int


class Plan(Struct, frozen=True, kw_only=True):
    """
    `missions`: planned, confirmed or held in the year. `undated`: planned for the year and without
    a date, whether it lost one or never had one. `moved_away`: once planned for the year, now for
    another. `ended`: cancelled or replaced. `area_manager_stays`: held with too few participants
    for the area manager to travel. Counts are taken here and stored nowhere.
    """

    year: Year
    missions: tuple[PlanRow, ...]
    undated: tuple[PlanRow, ...]
    moved_away: tuple[PlanRow, ...]
    ended: tuple[PlanRow, ...]
    by_tag: tuple[TagCount, ...]
    of_which_illustrative: int
    royal_warning: RoyalWarning | None
    area_manager_stays: tuple[MissionId, ...]


def plan(
    missions: ReadModel[MissionLine],
    question: AskPlan,
    *,
    royal_missions_a_year: int,
    area_manager_travels: Callable[[int], bool],
) -> Plan:
    """The plan of a year, filtered as the question says; the warning looks at the whole year. The
    policies in force come as a figure and a rule."""
    year = question.year
    of_year = [row(line, missions) for line in in_order(missions) if once_for(line, year)]
    rows = [one for one in of_year if wanted(one, question)]
    going = tuple(one for one in rows if takes_place(one.line, year))
    counts = Counter(one.tag for one in going)
    return Plan(
        year=year,
        missions=going,
        undated=tuple(one for one in rows if without_date(one.line, year)),
        moved_away=tuple(
            one
            for one in rows
            if not over(one.line)
            if not is_undated(one.line.period)
            if not touches(one.line.period, year)
        ),
        ended=tuple(one for one in rows if over(one.line)),
        by_tag=tuple(TagCount(tag=tag, missions=counts[tag]) for tag in Tag if counts[tag]),
        of_which_illustrative=sum(one.illustrative for one in going),
        royal_warning=royal_warning(of_year, year, royal_missions_a_year),
        area_manager_stays=tuple(
            one.line.mission
            for one in going
            for participants in [participants_of(one.line)]
            if participants is not None
            if not area_manager_travels(participants)
        ),
    )


def row(line: MissionLine, missions: ReadModel[MissionLine]) -> PlanRow:
    regions = line.regions
    return PlanRow(
        line=line,
        state=line.state,
        tag=tag_of(len(regions)),
        regions=regions,
        illustrative=line.illustrative,
        behind=missions.behind[line.mission],
    )


def in_order(missions: ReadModel[MissionLine]) -> list[MissionLine]:
    """By first day, then destination; what has no date comes last."""
    return sorted(missions.lines.values(), key=_by_day)


def _by_day(line: MissionLine) -> tuple[date, date, str, str]:
    days = bounds(line.period)
    start, end = (days.start, days.end) if days else (LAST, LAST)
    return start, end, line.places[0].country, line.mission


def over(line: MissionLine) -> bool:
    return line.ending is not None


def takes_place(line: MissionLine, year: Year) -> bool:
    return not over(line) and touches(line.period, year)


def once_for(line: MissionLine, year: Year) -> bool:
    """Whether a mission is, or ever was, planned for a year.

    What was published without any date was planned for the next year, as year N plans N+1
    (DOMAIN §2; no source says it of undated ones: inference).
    """
    first = line.chain[0].period if line.chain else line.period
    if is_undated(first) and year == line.published_on.year + 1:
        return True
    return touches(line.period, year) or any(touches(one.period, year) for one in line.chain)


def without_date(line: MissionLine, year: Year) -> bool:
    return not over(line) and is_undated(line.period) and once_for(line, year)


def on_the_table(line: MissionLine, year: Year) -> bool:
    """What the agencies talk about for a year: a date may still be missing."""
    return takes_place(line, year) or without_date(line, year)


def wanted(one: PlanRow, question: AskPlan) -> bool:
    line = one.line
    return (
        (question.agency is None or question.agency in (line.owner, *one.regions))
        and (question.sector is None or question.sector in line.sectors)
        and (question.country is None or question.country in line.countries)
        and question.tag in (None, one.tag)
        and question.state in (None, one.state)
    )


def participants_of(line: MissionLine) -> int | None:
    """How many took part, where the record says it in so many words."""
    exact = (one for one in line.participants if one.qualifier is Qualifier.EXACTLY)
    return next((one.value for one in exact if one.unit == "participants"), None)


def royal_warning(of_year: list[PlanRow], year: Year, policy: int) -> RoyalWarning | None:
    royal = tuple(
        one.line.mission
        for one in of_year
        if one.line.action in ROYAL
        if takes_place(one.line, year)
    )
    return RoyalWarning(missions=royal, policy=policy) if len(royal) > policy else None
