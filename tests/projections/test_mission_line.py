from datetime import date

import pytest

from projections.mission_line import MissionLine, touches
from schemas.action import MissionState, Tag
from schemas.mission import MissionConfirmed, MissionEvent, MissionHeld
from schemas.period import Days, HalfYear, Month, Period, Undated, WholeYear
from schemas.vocabulary import AWEX, FIT, HUB, Provenance
from tests.projections.planned import (
    APRIL_2028,
    HANOI,
    LIMA,
    MARCH,
    OCTOBER,
    SEPTEMBER,
    accept,
    cancel,
    plan_of,
    publish,
    replace_by,
    request,
    reschedule,
    withdraw,
)

PUBLISHED = publish()
CONFIRMED = MissionConfirmed(effective=SEPTEMBER, mission=HANOI)
HELD = MissionHeld(effective=OCTOBER, mission=HANOI, results="signed")


def line(*events: MissionEvent, published: MissionEvent = PUBLISHED) -> MissionLine:
    return plan_of(published, *events).lines[published.mission]


@pytest.mark.parametrize(
    "published, events, regions, tag",
    [
        (PUBLISHED, (), (AWEX,), Tag.UNI_REGIONAL),
        (PUBLISHED, (request(),), (AWEX,), Tag.UNI_REGIONAL),
        (PUBLISHED, (request(), accept()), (AWEX, HUB), Tag.BI_REGIONAL),
        (
            PUBLISHED,
            (request(HUB), request(FIT), accept(HUB), accept(FIT)),
            (AWEX, FIT, HUB),
            Tag.TRI_REGIONAL,
        ),
        (PUBLISHED, (request(), accept(), withdraw()), (AWEX,), Tag.UNI_REGIONAL),
        (publish(coordinated_by="BFTA"), (), (), Tag.NONE),
        (publish(coordinated_by="BFTA"), (accept(AWEX),), (AWEX,), Tag.UNI_REGIONAL),
        (
            PUBLISHED,
            (accept(HUB), accept(FIT), accept("flag")),
            (AWEX, FIT, "flag", HUB),
            Tag.MULTI_REGIONAL,
        ),
    ],
)
def test_the_tag_follows_from_consent(
    published: MissionEvent, events: tuple[MissionEvent, ...], regions: tuple[str, ...], tag: Tag
) -> None:
    found = line(*events, published=published)
    assert (found.regions, found.tag) == (regions, tag)


@pytest.mark.parametrize(
    "events, state",
    [
        ((), MissionState.PLANNED),
        ((CONFIRMED,), MissionState.CONFIRMED),
        ((CONFIRMED, HELD), MissionState.HELD),
        ((CONFIRMED, cancel()), MissionState.CANCELLED),
        ((replace_by(LIMA, HANOI),), MissionState.REPLACED),
    ],
)
def test_the_state_follows_from_what_happened(
    events: tuple[MissionEvent, ...], state: MissionState
) -> None:
    assert line(*events).state is state


def test_an_illustrative_line_is_marked() -> None:
    story = Provenance(source="story", illustrative=True)
    assert line().illustrative is False
    assert line(published=publish(provenance=Provenance(source="file"))).illustrative is False
    assert line(published=publish(provenance=story)).illustrative is True


def test_its_periods_are_the_first_and_each_it_moved_to() -> None:
    moved = line(reschedule(Undated()), reschedule(APRIL_2028))
    periods = (*(one.period for one in moved.chain), moved.period)
    assert periods == (MARCH, Undated(), APRIL_2028)


@pytest.mark.parametrize(
    "period, years",
    [
        (Days(date(2026, 12, 31), date(2027, 1, 1)), (2026, 2027)),
        (Month(2027, 1), (2027,)),
        (HalfYear(2027, 2), (2027,)),
        (WholeYear(2027), (2027,)),
        (Undated(), ()),
    ],
)
def test_a_period_touches_the_years_it_has_a_day_in(period: Period, years: tuple[int, ...]) -> None:
    assert tuple(year for year in range(2025, 2030) if touches(period, year)) == years
