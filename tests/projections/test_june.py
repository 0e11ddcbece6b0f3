from datetime import date, timedelta
from typing import Any

import pytest

from projections.june import (
    Before,
    Intention,
    June,
    Meeting,
    days_between,
    june,
    quarters,
    strongest_first,
)
from schemas.action import Leg
from schemas.asking import AskJune
from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear
from schemas.vocabulary import FIT, HUB, Place, Provenance, Sector, Title
from tests.projections.planned import (
    HANOI,
    IN_HANOI,
    IN_SAIGON,
    LIMA,
    MARCH,
    SAIGON,
    cancel,
    plan_of,
    publish,
)


def asked(*events: Any, **question: Any) -> June:
    return june(plan_of(*events), AskJune(year=2027, **question))


def starting(days_after: int) -> Days:
    """A week that starts so many days after the mission to Hanoi ends."""
    start = MARCH.end + timedelta(days=days_after)
    return Days(start, start + timedelta(days=4))


def met(own: str = SAIGON, other: str = HANOI, **more: Any) -> Meeting:
    fields: dict[str, Any] = {
        "own": own,
        "other": other,
        "countries": ("VN",),
        "cities": (),
        "sectors": (Sector.DIGITAL,),
        "days_between": 17,
        "own_title": Title(fr=own),
        "other_title": Title(fr=other),
        "own_illustrative": False,
        "other_illustrative": False,
        "behind": ("hub/1", "awex/1"),
    }
    return Meeting(**(fields | more))


OURS = publish(SAIGON, starting(17), IN_SAIGON)
THEIRS = publish(HANOI, MARCH, IN_HANOI)


def test_the_same_country_within_six_weeks_in_a_near_sector_is_a_conflict() -> None:
    found = asked(OURS, THEIRS)
    assert (found.conflicts, found.synergies) == ((met(),), ())


@pytest.mark.parametrize("days, collides", [(42, True), (43, False), (-42 - 8, True), (-51, False)])
def test_six_weeks_are_forty_two_days(days: int, collides: bool) -> None:
    found = asked(publish(SAIGON, starting(days), IN_SAIGON), THEIRS)
    assert bool(found.conflicts) is collides
    assert bool(found.synergies) is not collides


@pytest.mark.parametrize(
    "own, other, in_common",
    [
        ((Sector.DIGITAL, Sector.HEALTH), (Sector.HEALTH,), (Sector.HEALTH,)),
        ((Sector.MULTISECTORAL,), (Sector.HEALTH,), (Sector.HEALTH,)),
        ((Sector.HEALTH,), (Sector.MULTISECTORAL,), (Sector.HEALTH,)),
        ((Sector.HEALTH,), (Sector.DIGITAL,), ()),
    ],
)
def test_multisectoral_is_near_every_sector(
    own: tuple[Sector, ...], other: tuple[Sector, ...], in_common: tuple[Sector, ...]
) -> None:
    found = asked(
        publish(SAIGON, starting(17), IN_SAIGON, sectors=own), publish(HANOI, sectors=other)
    )
    assert (*found.conflicts, *found.synergies) == (met(sectors=in_common),)
    assert bool(found.conflicts) is bool(in_common)


def test_a_whole_year_touches_every_day_of_it() -> None:
    found = asked(publish(SAIGON, WholeYear(2027), IN_SAIGON), THEIRS)
    assert (found.conflicts, found.synergies) == ((met(days_between=0),), ())


def test_without_a_date_it_is_on_the_table_and_a_synergy() -> None:
    found = asked(publish(SAIGON, Undated(), IN_SAIGON), THEIRS)
    assert (found.conflicts, found.synergies) == ((), (met(days_between=None),))
    assert [(one.mission, one.quarters) for one in found.own] == [(SAIGON, ())]
    assert days_between(Undated(), MARCH) is None
    assert days_between(MARCH, Undated()) is None


def test_what_has_no_date_comes_after_what_has_one() -> None:
    [early, late, undated] = [
        met(own=own, days_between=days)
        for own, days in (("mission-hub-b", 100), ("mission-hub-c", 400), ("mission-hub-a", None))
    ]
    ranks = [strongest_first(one, same_sector=True) for one in (early, late, undated)]
    assert ranks == sorted(ranks)


def test_the_view_says_for_which_year_and_whom() -> None:
    assert asked(agency=FIT, other=HUB) == June(
        year=2027, agency=FIT, other=HUB, conflicts=(), synergies=(), own=(), others=()
    )


def test_another_country_is_no_meeting() -> None:
    found = asked(publish(SAIGON, MARCH, Place(country="KR")), THEIRS)
    assert (found.conflicts, found.synergies) == ((), ())


def test_the_strongest_come_first() -> None:
    found = asked(
        publish("mission-hub-a-far", starting(60), IN_SAIGON),
        publish("mission-hub-b-near", starting(3), IN_SAIGON),
        publish("mission-hub-c-same-city", starting(20), IN_HANOI),
        publish("mission-hub-e-as-far", starting(10), IN_SAIGON),
        publish("mission-hub-d-as-far", starting(10), IN_SAIGON),
        publish(
            "mission-hub-f-multisectoral",
            starting(1),
            IN_SAIGON,
            sectors=(Sector.MULTISECTORAL,),
        ),
        publish("mission-hub-g-other-sector", starting(2), IN_SAIGON, sectors=(Sector.ENERGY,)),
        publish(HANOI, sectors=(Sector.DIGITAL, Sector.HEALTH)),
    )
    assert [one.own for one in found.conflicts] == [
        "mission-hub-c-same-city",
        "mission-hub-b-near",
        "mission-hub-d-as-far",
        "mission-hub-e-as-far",
        "mission-hub-f-multisectoral",
    ]
    assert [one.cities for one in found.conflicts] == [("Hanoi",), (), (), (), ()]
    assert [one.own for one in found.synergies] == [
        "mission-hub-a-far",
        "mission-hub-g-other-sector",
    ]


def test_where_all_else_is_equal_the_other_mission_decides() -> None:
    found = asked(OURS, publish("mission-awex-b", MARCH), publish("mission-awex-a", MARCH))
    assert [one.other for one in found.conflicts] == ["mission-awex-a", "mission-awex-b"]


def test_two_trips_meet_in_the_city_of_a_leg_which_is_named_once() -> None:
    """Kigali after Kinshasa, one trip (DOMAIN §2)."""
    kinshasa, kigali = Place(country="CD", city="Kinshasa"), Place(country="RW", city="Kigali")
    found = asked(
        publish(
            SAIGON,
            MARCH,
            kinshasa,
            kigali,
            legs=(Leg(place=kinshasa, period=MARCH), Leg(place=kigali, period=MARCH)),
        ),
        publish(HANOI, MARCH, IN_HANOI, legs=(Leg(place=kigali, period=MARCH),)),
    )
    assert found.conflicts == (met(countries=("RW",), cities=("Kigali",), days_between=0),)


def test_a_city_that_is_not_named_is_no_common_city() -> None:
    vietnam = Place(country="VN")
    found = asked(publish(SAIGON, MARCH, vietnam), publish(HANOI, MARCH, vietnam))
    assert found.conflicts == (met(days_between=0),)


def test_each_agency_has_its_column_by_sector_destination_and_quarter() -> None:
    story = Provenance(source="story", illustrative=True)
    found = asked(
        publish("mission-hub-late", Quarter(2027, 4), Place(country="FR")),
        publish("mission-hub-early", Quarter(2027, 1), Place(country="FR")),
        publish("mission-hub-food", MARCH, Place(country="VN"), sectors=(Sector.AGRIFOOD,)),
        publish("mission-hub-abroad", Quarter(2027, 3), Place(country="BE")),
        publish("mission-hub-a-undated", Undated(), Place(country="BE")),
        publish(LIMA, MARCH, Place(country="PE"), provenance=story),
        publish("mission-fit-food", Month(2027, 4), sectors=(Sector.AGRIFOOD,)),
        agency=HUB,
        other=FIT,
    )
    assert [one.mission for one in found.own] == [
        "mission-hub-food",
        "mission-hub-abroad",
        "mission-hub-a-undated",
        "mission-hub-early",
        "mission-hub-late",
    ]
    assert [one.mission for one in found.others] == ["mission-fit-food", LIMA]
    assert found.others[1:] == (
        Intention(
            mission=LIMA,
            title=Title(fr=LIMA),
            period=MARCH,
            places=(Place(country="PE"),),
            sectors=(Sector.DIGITAL,),
            quarters=(1,),
            illustrative=True,
            last_years=(),
        ),
    )


def test_what_others_coordinate_or_what_ended_is_nobodys_intention() -> None:
    found = asked(
        publish(SAIGON, MARCH, IN_SAIGON, coordinated_by="BFTA"),
        publish("mission-hub-gone", MARCH),
        cancel("mission-hub-gone"),
        publish("mission-hub-next", Month(2028, 1)),
        THEIRS,
    )
    assert (found.own, [one.mission for one in found.others]) == ((), [HANOI])


def test_the_last_three_years_at_the_destination_are_told() -> None:
    def there(year: int) -> str:
        return f"mission-fit-{year}"

    found = asked(
        *(publish(there(year), Month(year, 5)) for year in range(2022, 2028)),
        publish("mission-fit-cancelled", Month(2026, 1)),
        cancel("mission-fit-cancelled"),
        OURS,
    )
    [own] = found.own
    assert own.last_years == tuple(
        Before(
            mission=there(year),
            owner=FIT,
            title=Title(fr=there(year)),
            period=Month(year, 5),
            country="VN",
        )
        for year in (2024, 2025, 2026)
    )


def test_a_mission_over_new_year_is_not_its_own_predecessor() -> None:
    over_new_year = Days(date(2026, 12, 28), date(2027, 1, 3))
    found = asked(publish(SAIGON, over_new_year, IN_SAIGON), publish(LIMA, over_new_year, IN_HANOI))
    [own] = found.own
    assert [one.mission for one in own.last_years] == [LIMA]


@pytest.mark.parametrize("year", [2026, 2028])
def test_what_lies_in_another_year_and_far_from_this_one_is_not_met(year: int) -> None:
    found = asked(publish(SAIGON, Month(year, 6), IN_SAIGON), THEIRS)
    assert (found.conflicts, found.synergies) == ((), ())


def test_an_agency_does_not_meet_itself() -> None:
    found = asked(OURS, agency=HUB, other=HUB)
    assert (found.conflicts, found.synergies) == ((), ())


@pytest.mark.parametrize(
    "period, expected",
    [
        (MARCH, (1,)),
        (Days(date(2027, 3, 31), date(2027, 4, 1)), (1, 2)),
        (HalfYear(2027, 2), (3, 4)),
        (WholeYear(2027), (1, 2, 3, 4)),
        (Days(date(2026, 12, 1), date(2027, 1, 2)), (1,)),
        (Days(date(2027, 12, 1), date(2028, 1, 2)), (4,)),
        (Days(date(2026, 12, 1), date(2028, 1, 2)), (1, 2, 3, 4)),
        (Undated(), ()),
    ],
)
def test_a_period_touches_quarters_of_the_year(period: Period, expected: tuple[int, ...]) -> None:
    assert quarters(period, 2027) == expected


@pytest.mark.parametrize(
    "start, collides",
    [(date(2026, 11, 20), True), (date(2026, 11, 19), False), (date(2027, 1, 1), True)],
)
def test_the_turn_of_the_year_keeps_nobody_apart(start: date, collides: bool) -> None:
    """Six weeks before 1 January begin on 20 November."""
    found = asked(
        publish(SAIGON, Days(start, start), IN_SAIGON),
        publish(HANOI, Days(date(2027, 1, 1), date(2027, 1, 1))),
    )
    assert bool(found.conflicts) is collides
    assert [one.mission for one in found.others] == [HANOI]


def test_the_turn_to_the_next_year_keeps_nobody_apart_either() -> None:
    last, near, far = date(2027, 12, 31), date(2028, 2, 11), date(2028, 2, 12)
    for start, collides in ((near, True), (far, False)):
        found = asked(
            publish(SAIGON, Days(start, start), IN_SAIGON), publish(HANOI, Days(last, last))
        )
        assert (bool(found.conflicts), found.own) == (collides, ())


def test_a_meeting_names_a_mission_that_is_in_neither_column() -> None:
    story = Provenance(source="story", illustrative=True)
    found = asked(
        publish(SAIGON, Days(date(2028, 1, 5), date(2028, 1, 6)), IN_SAIGON, provenance=story),
        publish(HANOI, Days(date(2027, 12, 20), date(2027, 12, 21)), provenance=story),
    )
    both = met(days_between=15, own_illustrative=True, other_illustrative=True)
    assert (found.own, found.conflicts) == ((), (both,))


def test_two_missions_of_another_year_are_no_matter_of_this_one() -> None:
    december = Days(date(2026, 12, 20), date(2026, 12, 23))
    found = asked(publish(SAIGON, december, IN_SAIGON), publish(HANOI, december))
    assert (found.conflicts, found.synergies) == ((), ())


def test_what_was_cancelled_collides_with_nothing() -> None:
    found = asked(publish(SAIGON, MARCH, IN_SAIGON), cancel(SAIGON), THEIRS)
    assert (found.conflicts, found.synergies) == ((), ())


def test_a_city_is_the_same_however_it_is_written() -> None:
    found = asked(publish(SAIGON, MARCH, Place(country="VN", city="hanoï")), THEIRS)
    assert [one.cities for one in found.conflicts] == [("hanoï",)]
