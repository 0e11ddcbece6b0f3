"""The June view: the intentions of two agencies side by side, what collides and what could join.

DOMAIN §5: 45 minutes for 300 intentions, so conflicts come first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from projections.city import city_key
from projections.mission_line import MissionLine
from projections.mission_plan import in_order, on_the_table, over, takes_place
from projections.read_model import ReadModel, Reference
from schemas.action import MissionId
from schemas.asking import AskJune
from schemas.period import Period, Year, bounds
from schemas.vocabulary import Agency, Country, Place, Sector, Title

NEAR = timedelta(weeks=6)  # DOMAIN §5: same country within ± 6 weeks is marked
YEARS_BACK = 3  # DOMAIN §5: the last three years at that destination


class Before(Struct, frozen=True, kw_only=True):
    """A mission to the same country in one of the last three years."""

    mission: MissionId
    owner: Agency
    title: Title
    period: Period
    country: Country


class Intention(Struct, frozen=True, kw_only=True):
    mission: MissionId
    title: Title
    period: Period
    places: tuple[Place, ...]
    sectors: tuple[Sector, ...]
    quarters: tuple[int, ...]
    illustrative: bool
    last_years: tuple[Before, ...]


class Meeting(Struct, frozen=True, kw_only=True):
    """Two intentions that meet: where, in which sectors, and how many days lie between them.

    `days_between` is null where one of them has no date. One of the two may lie in the year before
    or after. `behind` are the events behind either.
    """

    own: MissionId
    other: MissionId
    countries: tuple[Country, ...]
    cities: tuple[str, ...]
    sectors: tuple[Sector, ...]
    days_between: int | None
    own_title: Title
    other_title: Title
    own_illustrative: bool
    other_illustrative: bool
    behind: tuple[Reference, ...] = ()


class June(Struct, frozen=True, kw_only=True):
    """`conflicts`: same country within six weeks, and a sector in common. `synergies`: the same
    country in other sectors, farther in time, or without a date. `own` and `others` are the two
    columns, by sector, destination and quarter; no commitment follows from either."""

    year: Year
    agency: Agency
    other: Agency
    conflicts: tuple[Meeting, ...]
    synergies: tuple[Meeting, ...]
    own: tuple[Intention, ...]
    others: tuple[Intention, ...]


def june(missions: ReadModel[MissionLine], question: AskJune) -> June:
    lines = in_order(missions)
    near = [line for line in lines if line.coordinated_by is None and about(line, question.year)]
    there = by_country(line for line in near if line.owner == question.other)
    pairs = [
        (line, other)
        for line in near
        if line.owner == question.agency
        for other in {
            other.mission: other for country in line.countries for other in there.get(country, ())
        }.values()
    ]
    earlier = by_country(line for line in lines if _took_place_before(line, question.year))
    own = [line for line in lines if _intends(line, question.agency, question.year)]
    others = [line for line in lines if _intends(line, question.other, question.year)]
    ranked = [
        (strongest_first(one, share_a_sector(*pair)), one)
        for pair in pairs
        if any(on_the_table(line, question.year) for line in pair)
        if (one := meeting(*pair)) is not None
    ]
    met = [  # no two rank alike: a rank ends with both missions
        replace(one, behind=(*missions.behind[one.own], *missions.behind[one.other]))
        for _, one in sorted(ranked)
    ]
    return June(
        year=question.year,
        agency=question.agency,
        other=question.other,
        conflicts=tuple(one for one in met if collides(one)),
        synergies=tuple(one for one in met if not collides(one)),
        own=tuple(sorted((_intention(line, earlier, question.year) for line in own), key=_column)),
        others=tuple(
            sorted((_intention(line, earlier, question.year) for line in others), key=_column)
        ),
    )


def by_country(lines: Iterable[MissionLine]) -> dict[Country, list[MissionLine]]:
    """The missions to each country, in the order they come."""
    found: defaultdict[Country, list[MissionLine]] = defaultdict(list)
    for line in lines:
        for country in line.countries:
            found[country].append(line)
    return found


def meeting(own: MissionLine, other: MissionLine) -> Meeting | None:
    """How two intentions meet that go to a country in common; None where they are the same."""
    if own.mission == other.mission:
        return None
    countries = tuple(country for country in own.countries if country in other.countries)
    there = {city_key(place) for place in other.stops}
    cities = (
        place.city for place in own.stops if place.city is not None if city_key(place) in there
    )
    return Meeting(
        own=own.mission,
        other=other.mission,
        countries=countries,
        cities=tuple(dict.fromkeys(cities)),
        sectors=_in_common(own.sectors, other.sectors),
        days_between=days_between(own.period, other.period),
        own_title=own.title,
        other_title=other.title,
        own_illustrative=own.illustrative,
        other_illustrative=other.illustrative,
    )


def collides(one: Meeting) -> bool:
    near = one.days_between is not None and one.days_between <= NEAR.days
    return near and bool(one.sectors)


def days_between(one: Period, other: Period) -> int | None:
    """Days from the end of the earlier to the start of the later, 0 where they overlap."""
    first, second = bounds(one), bounds(other)
    if first is None or second is None:
        return None
    return max((first.start - second.end).days, (second.start - first.end).days, 0)


def _in_common(own: tuple[Sector, ...], other: tuple[Sector, ...]) -> tuple[Sector, ...]:
    """Multisectoral is near every sector."""
    if Sector.MULTISECTORAL in own:
        return other
    if Sector.MULTISECTORAL in other:
        return own
    return tuple(sector for sector in own if sector in other)


def share_a_sector(own: MissionLine, other: MissionLine) -> bool:
    """Multisectoral counts as itself here: near a sector is weaker than in it."""
    return not set(own.sectors).isdisjoint(other.sectors)


def strongest_first(one: Meeting, same_sector: bool) -> tuple[bool, bool, int, str, str]:
    """The same city before the same country, then a shared sector, then fewer days between."""
    days = one.days_between
    apart = days if days is not None else timedelta.max.days
    return not one.cities, not same_sector, apart, one.own, one.other


def about(line: MissionLine, year: Year) -> bool:
    """On the table for the year, or so near either end of it that it may collide with what is."""
    days = bounds(line.period)
    if days is None or over(line):
        return on_the_table(line, year)
    return days.start - NEAR <= date(year, 12, 31) and days.end + NEAR >= date(year, 1, 1)


def _intends(line: MissionLine, agency: Agency, year: Year) -> bool:
    """What an agency itself puts on the table; what others coordinate is nobody's intention."""
    return line.owner == agency and line.coordinated_by is None and on_the_table(line, year)


def _took_place_before(line: MissionLine, year: Year) -> bool:
    return any(takes_place(line, year - back) for back in range(1, YEARS_BACK + 1))


def _intention(
    line: MissionLine, earlier: Mapping[Country, list[MissionLine]], year: Year
) -> Intention:
    return Intention(
        mission=line.mission,
        title=line.title,
        period=line.period,
        places=line.places,
        sectors=line.sectors,
        quarters=quarters(line.period, year),
        illustrative=line.illustrative,
        last_years=tuple(
            Before(
                mission=one.mission,
                owner=one.owner,
                title=one.title,
                period=one.period,
                country=country,
            )
            for country in line.countries
            for one in earlier.get(country, ())
            if one.mission != line.mission  # one over New Year is not its own predecessor
        ),
    )


def quarters(period: Period, year: Year) -> tuple[int, ...]:
    """The quarters of a year that a period touches."""
    days = bounds(period)
    if days is None:
        return ()
    first = 0 if days.start.year < year else (days.start.month - 1) // 3
    last = 3 if days.end.year > year else (days.end.month - 1) // 3
    return tuple(range(first + 1, last + 2))


def _column(one: Intention) -> tuple[tuple[str, ...], tuple[str, ...], bool, tuple[int, ...], str]:
    """What has no date comes last at its destination."""
    countries = tuple(place.country for place in one.places)
    return one.sectors, countries, not one.quarters, one.quarters, one.mission
