from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from projections.mission_line import CoOrganisation
from projections.september import BoardRow, September, Wish, september
from schemas.action import ActionType, MissionState, Tag
from schemas.asking import AskSeptember
from schemas.co_organisation import Standing
from schemas.mission import MissionConfirmed, MissionHeld
from schemas.period import Month, Undated
from schemas.vocabulary import AWEX, FIT, HUB, Sector, Title
from tests.projections.planned import (
    HANOI,
    IN_HANOI,
    LIMA,
    MARCH,
    OCTOBER,
    SAIGON,
    SEPTEMBER,
    TERMS,
    accept,
    cancel,
    counter,
    decline,
    plan_of,
    publish,
    request,
    reschedule,
)

DUE = date(2026, 10, 1)
DUE_TERMS = replace(TERMS, answer_due=DUE)


def asked(*events: Any, as_of: date | None = None) -> September:
    return september(plan_of(*events), AskSeptember(year=2027, as_of=as_of))


def row(**more: Any) -> BoardRow:
    fields: dict[str, Any] = {
        "mission": HANOI,
        "owner": AWEX,
        "coordinated_by": None,
        "title": Title(fr=HANOI),
        "action": ActionType.AGENCY_MISSION,
        "period": MARCH,
        "places": (IN_HANOI,),
        "sectors": (Sector.DIGITAL,),
        "state": MissionState.PLANNED,
        "tag": Tag.UNI_REGIONAL,
        "regions": (AWEX,),
        "wishes": (),
        "undecided": False,
        "illustrative": False,
        "behind": ("awex/1",),
    }
    return BoardRow(**(fields | more))


def test_an_action_that_nobody_asked_for_is_proposed_and_neither_decided_nor_open() -> None:
    assert asked(publish()) == September(
        year=2027, rows=(row(),), proposed=1, decided=0, undecided=0
    )


def test_an_action_that_others_coordinate_says_who() -> None:
    found = asked(publish(coordinated_by="BFTA"))
    assert found.rows == (row(coordinated_by="BFTA", tag=Tag.NONE, regions=()),)


def test_a_request_waits_until_it_is_answered() -> None:
    wish = CoOrganisation(
        agency=HUB,
        standing=Standing.REQUESTED,
        terms=TERMS,
        since=SEPTEMBER,
        waits_for=AWEX,
    )
    assert asked(publish(), request()) == September(
        year=2027,
        rows=(
            row(
                wishes=(Wish(co_organisation=wish, overdue=False),),
                undecided=True,
                behind=("awex/1", "awex/2"),
            ),
        ),
        proposed=1,
        decided=0,
        undecided=1,
    )


def test_what_waits_comes_first_and_is_counted() -> None:
    found = asked(
        publish("mission-awex-first", Month(2027, 1)),
        request(mission="mission-awex-first"),
        accept(mission="mission-awex-first"),
        publish(SAIGON, Month(2027, 2)),
        request(AWEX, SAIGON),
        decline(AWEX, SAIGON),
        publish(HANOI),
        request(),
        counter(AWEX),
        publish(LIMA, Month(2027, 5)),
        publish("mission-fit-gone"),
        cancel("mission-fit-gone"),
        publish("mission-fit-next-year", Month(2028, 1)),
    )
    assert [one.mission for one in found.rows] == [HANOI, "mission-awex-first", SAIGON, LIMA]
    assert (found.proposed, found.decided, found.undecided) == (4, 2, 1)


def test_an_action_without_a_date_is_on_the_board_and_comes_last() -> None:
    found = asked(
        publish(SAIGON, Undated()),
        publish(LIMA),
        reschedule(Undated(), LIMA),
        publish(HANOI, Month(2027, 12)),
    )
    assert [one.mission for one in found.rows] == [HANOI, LIMA, SAIGON]


def test_what_waits_for_an_answer_waits_without_a_date_too() -> None:
    found = asked(publish(), request(), reschedule(Undated()))
    assert [(one.mission, one.undecided) for one in found.rows] == [(HANOI, True)]


def test_of_what_was_held_nothing_is_left_to_decide() -> None:
    held = MissionHeld(effective=OCTOBER, mission=HANOI)
    confirmed = MissionConfirmed(effective=OCTOBER, mission=LIMA)
    found = asked(publish(HANOI), request(), held, publish(LIMA), confirmed)
    assert [(one.mission, one.state) for one in found.rows] == [(LIMA, MissionState.CONFIRMED)]
    assert (found.proposed, found.decided, found.undecided) == (1, 0, 0)


def test_one_open_wish_among_answered_ones_leaves_the_action_undecided() -> None:
    found = asked(publish(), request(HUB), accept(HUB), request(FIT))
    assert (found.decided, found.undecided) == (0, 1)
    assert found.rows[0].tag == Tag.BI_REGIONAL


@pytest.mark.parametrize(
    "day, overdue",
    [(DUE, False), (date(2026, 10, 2), True), (None, False)],
)
def test_an_answer_is_overdue_after_its_day(day: date | None, overdue: bool) -> None:
    found = asked(publish(), request(terms=DUE_TERMS), as_of=day)
    assert [wish.overdue for wish in found.rows[0].wishes] == [overdue]


def test_an_answered_wish_is_never_overdue() -> None:
    accepted = replace(accept(), terms=DUE_TERMS)
    late = date(2027, 1, 1)
    assert asked(publish(), request(), accepted, as_of=late).rows[0].wishes[0].overdue is False
    assert asked(publish(), request(), as_of=late).rows[0].wishes[0].overdue is False
    declined = (publish(), request(terms=DUE_TERMS), decline())
    assert asked(*declined, as_of=late).rows[0].wishes[0].overdue is False
    assert asked(publish(), decline(), as_of=late).rows[0].wishes[0].overdue is False
