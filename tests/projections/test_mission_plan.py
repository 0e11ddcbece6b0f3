from datetime import date
from typing import Any

import pytest

from projections.mission_plan import Plan, PlanRow, RoyalWarning, TagCount, plan
from schemas.action import ActionType, MissionState, Tag
from schemas.asking import AskPlan
from schemas.mission import MissionHeld
from schemas.period import Days, Month, Undated, WholeYear
from schemas.recorded_event import AnyEvent
from schemas.vocabulary import (
    AWEX,
    FIT,
    HUB,
    Place,
    Provenance,
    Qualified,
    Qualifier,
    Sector,
)
from tests.projections.planned import (
    APRIL_2028,
    HANOI,
    LIMA,
    SAIGON,
    SEOUL,
    accept,
    cancel,
    line_of,
    plan_of,
    publish,
    replace_by,
    request,
    reschedule,
)

ROYALS = [
    publish(
        f"mission-hub-royal-{number}",
        Month(2027, number + 5),
        action=ActionType.STATE_VISIT,
        coordinated_by="BFTA",
    )
    for number in range(3)
]


def asked(*events: AnyEvent, year: int = 2027, royal: int = 2, **question: Any) -> Plan:
    return plan(
        plan_of(*events),
        AskPlan(year=year, **question),
        royal_missions_a_year=royal,
        area_manager_travels=lambda participants: participants >= 5,
    )


def missions(rows: tuple[PlanRow, ...]) -> list[str]:
    return [row.line.mission for row in rows]


def test_an_empty_plan_is_a_plan() -> None:
    assert asked() == Plan(
        year=2027,
        missions=(),
        undated=(),
        moved_away=(),
        ended=(),
        by_tag=(),
        of_which_illustrative=0,
        royal_warning=None,
        area_manager_stays=(),
    )


def test_a_row_has_its_line_and_the_events_behind_it() -> None:
    published = publish()
    assert asked(published).missions == (
        PlanRow(
            line=line_of(published),
            state=MissionState.PLANNED,
            tag=Tag.UNI_REGIONAL,
            regions=(AWEX,),
            illustrative=False,
            behind=("awex/1",),
        ),
    )


def test_missions_come_by_day_then_length_then_country() -> None:
    day = date(2027, 3, 1)
    found = asked(
        publish("mission-hub-late", Month(2027, 4)),
        publish("mission-hub-year", WholeYear(2027)),
        publish("mission-hub-month", Month(2027, 3)),
        publish("mission-hub-z", Days(day, day), Place(country="FR")),
        publish("mission-hub-a", Days(day, day), Place(country="VN")),
        publish("mission-hub-undated", Undated()),
    )
    assert missions(found.missions) == [
        "mission-hub-year",
        "mission-hub-z",
        "mission-hub-a",
        "mission-hub-month",
        "mission-hub-late",
    ]


def test_what_moved_away_or_lost_its_date_or_ended_is_not_lost() -> None:
    found = asked(
        publish(HANOI),
        reschedule(APRIL_2028, HANOI),
        publish(LIMA),
        reschedule(Undated(), LIMA),
        publish(SAIGON),
        replace_by(SEOUL, SAIGON),
        publish(SEOUL),
        publish("mission-hub-cancelled"),
        cancel("mission-hub-cancelled"),
    )
    assert missions(found.missions) == [SEOUL]
    assert missions(found.moved_away) == [HANOI]
    assert missions(found.undated) == [LIMA]
    assert missions(found.ended) == [SAIGON, "mission-hub-cancelled"]


def test_what_was_never_planned_for_the_year_is_not_in_its_plan() -> None:
    found = asked(publish(HANOI), publish(LIMA, Undated()), reschedule(Undated(), HANOI), year=2028)
    assert found == asked(year=2028)


def test_what_never_had_a_date_is_in_the_plan_of_the_year_after_its_publication() -> None:
    """Year N plans N+1 (DOMAIN §2)."""
    never_dated = publish(HANOI, Undated(), on=date(2026, 12, 31))
    assert [missions(asked(never_dated, year=year).undated) for year in (2026, 2027, 2028)] == [
        [],
        [HANOI],
        [],
    ]
    assert asked(never_dated).missions == ()


def test_what_lost_its_date_is_undated_in_the_years_it_was_planned_for_only() -> None:
    lost = (publish(HANOI, APRIL_2028), reschedule(Undated()))
    assert [missions(asked(*lost, year=year).undated) for year in (2027, 2028)] == [[], [HANOI]]


def test_what_got_its_date_in_another_year_has_moved_away() -> None:
    dated = (publish(HANOI, Undated()), reschedule(APRIL_2028))
    assert missions(asked(*dated).moved_away) == [HANOI]
    assert missions(asked(*dated, year=2028).missions) == [HANOI]


def test_what_never_had_a_date_and_was_cancelled_has_ended() -> None:
    found = asked(publish(HANOI, Undated()), cancel(HANOI))
    assert (missions(found.undated), missions(found.ended)) == ([], [HANOI])


def test_what_moved_into_the_year_is_in_its_plan() -> None:
    assert missions(asked(publish(), reschedule(APRIL_2028), year=2028).missions) == [HANOI]


@pytest.mark.parametrize(
    "question, found",
    [
        ({"agency": AWEX}, [HANOI]),
        ({"agency": HUB}, [HANOI, SAIGON]),
        ({"agency": FIT}, []),
        ({"sector": Sector.HEALTH}, [SAIGON]),
        ({"sector": Sector.DIGITAL}, [HANOI, SAIGON]),
        ({"country": "VN"}, [HANOI]),
        ({"country": "KR"}, [SAIGON]),
        ({"tag": Tag.BI_REGIONAL}, [HANOI]),
        ({"tag": Tag.UNI_REGIONAL}, [SAIGON]),
        ({"state": "planned"}, [HANOI, SAIGON]),
        ({"state": "held"}, []),
        ({"agency": HUB, "country": "KR"}, [SAIGON]),
    ],
)
def test_a_plan_is_filtered_as_asked(question: dict[str, Any], found: list[str]) -> None:
    seen = asked(
        publish(HANOI),
        request(HUB),
        accept(HUB),
        publish(
            SAIGON,
            Month(2027, 4),
            Place(country="KR"),
            sectors=(Sector.DIGITAL, Sector.HEALTH),
        ),
        **question,
    )
    assert missions(seen.missions) == found


def test_the_filter_of_state_finds_what_ended() -> None:
    found = asked(publish(HANOI), cancel(HANOI), publish(LIMA), state="cancelled")
    assert (missions(found.missions), missions(found.ended)) == ([], [HANOI])


def test_the_counts_are_taken_of_what_takes_place() -> None:
    story = Provenance(source="story", illustrative=True)
    found = asked(
        publish(HANOI, provenance=story),
        request(HUB),
        accept(HUB),
        publish(LIMA, provenance=story),
        cancel(LIMA),
        publish(SAIGON),
        *ROYALS,
    )
    assert found.by_tag == (
        TagCount(tag=Tag.NONE, missions=3),
        TagCount(tag=Tag.UNI_REGIONAL, missions=1),
        TagCount(tag=Tag.BI_REGIONAL, missions=1),
    )
    assert found.of_which_illustrative == 1


def test_more_royal_missions_than_the_policy_names_are_a_warning() -> None:
    royal = tuple(one.mission for one in ROYALS)
    assert asked(*ROYALS, publish()).royal_warning == RoyalWarning(missions=royal, policy=2)
    assert asked(*ROYALS, agency=AWEX).royal_warning == RoyalWarning(missions=royal, policy=2)
    assert asked(*ROYALS, royal=3).royal_warning is None
    assert asked(*ROYALS[:2]).royal_warning is None
    assert asked(*ROYALS, cancel(royal[0])).royal_warning is None


@pytest.mark.parametrize(
    "counts, stays",
    [
        ((Qualified(value=4, unit="participants"),), True),
        ((Qualified(value=5, unit="participants"),), False),
        ((Qualified(value=4, unit="companies"),), False),
        ((Qualified(value=4, unit="participants", qualifier=Qualifier.ABOUT),), False),
        ((Qualified(value=9, unit="companies"), Qualified(value=4, unit="participants")), True),
        ((), False),
    ],
)
def test_with_too_few_participants_the_area_manager_stays(
    counts: tuple[Qualified, ...], stays: bool
) -> None:
    """[S4]: fewer than 5; only an exact count of participants tells."""
    held = MissionHeld(effective=date(2027, 3, 19), mission=HANOI, participants=counts)
    assert asked(publish(), held).area_manager_stays == ((HANOI,) if stays else ())
