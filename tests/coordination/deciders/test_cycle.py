from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from coordination.deciders.cycle import decide, evolve
from schemas.cycle import AFTER_JUNE, AFTER_SEPTEMBER, EditionPublished, Observation
from schemas.examples.cycle import (
    BILATERAL_HELD,
    CLOSE,
    CLOSED,
    COMMANDS,
    DECEMBER,
    EDITION_PUBLISHED,
    HEADS,
    HOLD_BILATERAL,
    HOLD_TRI_REGIONAL,
    ID,
    JANUARY,
    JUNE_MEETING,
    OPEN,
    OPENED,
    PUBLISH_EDITION,
    SEPTEMBER,
    SEPTEMBER_MEETING,
    TRI_REGIONAL_HELD,
)
from schemas.message import name
from schemas.vocabulary import AWEX, FIT, HUB
from tests.story import Story

cycle = Story(decide, evolve)

AFTER_OPENING = COMMANDS[1:]


def edition(called: str, number: int) -> EditionPublished:
    return replace(EDITION_PUBLISHED, edition=called, number=number)


def test_the_secretariat_opens_a_cycle() -> None:
    cycle.given().when(OPEN).then(OPENED)


@pytest.mark.parametrize("later", [(), (BILATERAL_HELD,), (CLOSED,)])
def test_a_cycle_is_opened_once(later: tuple[Any, ...]) -> None:
    cycle.given(OPENED, *later).when(replace(OPEN, effective=DECEMBER)).then()


@pytest.mark.parametrize("command", AFTER_OPENING, ids=name)
def test_nothing_precedes_the_opening(command: Any) -> None:
    cycle.given().when(command).rejected("cycle.unknown", cycle=ID)


@pytest.mark.parametrize("command", AFTER_OPENING, ids=name)
def test_nothing_holds_before_the_day_of_the_opening(command: Any) -> None:
    the_day_before = replace(command, effective=JANUARY - timedelta(days=1))
    cycle.given(OPENED).when(the_day_before).rejected(
        "cycle.before-opened", effective="2026-01-11", opened="2026-01-12"
    )


def test_a_cycle_may_close_on_the_day_it_opened() -> None:
    cycle.given(OPENED).when(replace(CLOSE, effective=JANUARY)).then(
        replace(CLOSED, effective=JANUARY)
    )


@pytest.mark.parametrize("command", COMMANDS, ids=name)
def test_only_the_secretariat_keeps_the_cycle(command: Any) -> None:
    by_another = replace(command, by=AWEX)
    for history in ((), (OPENED,), (OPENED, CLOSED)):
        cycle.given(*history).when(by_another).rejected(
            "cycle.not-the-secretariat", agency=AWEX, secretariat=HUB
        )


def test_two_agencies_meet_in_june() -> None:
    cycle.given(OPENED).when(HOLD_BILATERAL).then(BILATERAL_HELD)


def test_an_agency_does_not_meet_itself() -> None:
    cycle.given(OPENED).when(replace(HOLD_BILATERAL, agencies=(FIT, FIT))).rejected(
        "cycle.bilateral-needs-two", agency=FIT
    )


def test_all_agencies_meet_in_september() -> None:
    cycle.given(OPENED, BILATERAL_HELD).when(HOLD_TRI_REGIONAL).then(TRI_REGIONAL_HELD)


@pytest.mark.parametrize(
    "held, again", [(BILATERAL_HELD, HOLD_BILATERAL), (TRI_REGIONAL_HELD, HOLD_TRI_REGIONAL)]
)
def test_a_meeting_recorded_twice_was_held_once(held: Any, again: Any) -> None:
    cycle.given(OPENED, held).when(again).then()
    cycle.given(OPENED, held).when(replace(again, effective=DECEMBER)).then()


@pytest.mark.parametrize(
    "held, other",
    [
        (BILATERAL_HELD, replace(HOLD_BILATERAL, agencies=(HUB, FIT))),
        (BILATERAL_HELD, replace(HOLD_BILATERAL, observations=(Observation(text="other"),))),
        (TRI_REGIONAL_HELD, replace(HOLD_TRI_REGIONAL, agencies=(HUB, AWEX))),
        (TRI_REGIONAL_HELD, replace(HOLD_TRI_REGIONAL, observations=())),
        (BILATERAL_HELD, replace(HOLD_TRI_REGIONAL, meeting=JUNE_MEETING)),
        (TRI_REGIONAL_HELD, replace(HOLD_BILATERAL, meeting=SEPTEMBER_MEETING)),
    ],
)
def test_the_name_of_a_meeting_is_given_once(held: Any, other: Any) -> None:
    cycle.given(OPENED, held).when(other).rejected(
        "cycle.meeting-already-held", meeting=held.meeting
    )


def test_another_meeting_may_observe_the_same() -> None:
    with_fit = {"meeting": "meeting-2026-june-hub-fit", "agencies": (HUB, FIT)}
    cycle.given(OPENED, BILATERAL_HELD).when(replace(HOLD_BILATERAL, **with_fit)).then(
        replace(BILATERAL_HELD, **with_fit)
    )


@pytest.mark.parametrize(
    "called, meeting, other_meeting",
    [
        (AFTER_JUNE, BILATERAL_HELD, TRI_REGIONAL_HELD),
        (AFTER_SEPTEMBER, TRI_REGIONAL_HELD, BILATERAL_HELD),
    ],
)
def test_an_edition_needs_the_meeting_it_follows(
    called: str, meeting: Any, other_meeting: Any
) -> None:
    publish = replace(PUBLISH_EDITION, edition=called)
    cycle.given(OPENED, meeting).when(publish).then(edition(called, 1))
    cycle.given(OPENED, other_meeting, meeting).when(publish).then(edition(called, 1))
    for too_early in ((), (other_meeting,), (other_meeting, edition("amendment-1", 1))):
        cycle.given(OPENED, *too_early).when(publish).rejected(
            "cycle.edition-too-early", edition=called
        )


def test_an_amendment_needs_an_edition_to_amend() -> None:
    amend = replace(PUBLISH_EDITION, edition="amendment-1")
    cycle.given(OPENED, BILATERAL_HELD, TRI_REGIONAL_HELD).when(amend).rejected(
        "cycle.edition-too-early", edition="amendment-1"
    )
    cycle.given(OPENED, BILATERAL_HELD, edition(AFTER_JUNE, 1)).when(amend).then(
        edition("amendment-1", 2)
    )


def test_editions_are_numbered_as_they_come() -> None:
    meetings = (BILATERAL_HELD, TRI_REGIONAL_HELD)
    editions = (edition(AFTER_JUNE, 1), edition(AFTER_SEPTEMBER, 2))
    cycle.given(OPENED, *meetings, *editions).when(
        replace(PUBLISH_EDITION, edition="amendment-1")
    ).then(edition("amendment-1", 3))


def test_an_edition_stays_as_it_was_published() -> None:
    again = replace(PUBLISH_EDITION, effective=DECEMBER, heads=HEADS[:1])
    cycle.given(OPENED, TRI_REGIONAL_HELD, EDITION_PUBLISHED).when(again).then()


def test_the_secretariat_closes_the_cycle() -> None:
    cycle.given(OPENED).when(CLOSE).then(CLOSED)


def test_a_cycle_is_closed_once() -> None:
    cycle.given(OPENED, CLOSED).when(CLOSE).then()
    cycle.given(OPENED, CLOSED).when(replace(CLOSE, effective=SEPTEMBER)).then()


@pytest.mark.parametrize("command", AFTER_OPENING[:-1], ids=name)
def test_nothing_follows_the_closing(command: Any) -> None:
    cycle.given(OPENED, CLOSED).when(command).rejected("cycle.closed", cycle=ID)


def test_what_happened_before_the_closing_is_kept() -> None:
    """The closing hides nothing of what the cycle decided."""
    state = evolve(evolve(evolve(None, OPENED), TRI_REGIONAL_HELD), EDITION_PUBLISHED)
    assert evolve(state, CLOSED) == replace(state, closed=True)


def test_an_event_that_cannot_follow_is_a_fault_of_ours() -> None:
    with pytest.raises(AssertionError, match="cannot follow None"):
        evolve(None, CLOSED)
    with pytest.raises(AssertionError, match="cannot follow Cycle"):
        evolve(evolve(None, OPENED), OPENED)
