from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from coordination.deciders.mission import decide, evolve
from schemas.action import MissionChanges
from schemas.examples.mission import (
    ACTION_PROMISED,
    CANCEL,
    CANCELLED,
    COMMANDS,
    CONFIRM,
    CONFIRMED,
    CORRECT,
    CORRECTED,
    HELD,
    HOLD,
    ID,
    IN_MAY,
    LEGS,
    LEGS_SET,
    NOVEMBER,
    OCTOBER,
    PROMISE_ACTION,
    PUBLISH,
    PUBLISHED,
    REPLACE,
    REPLACED,
    REPLACEMENT,
    RESCHEDULE,
    RESCHEDULED,
    REVISE,
    REVISED,
    SEPTEMBER,
    SET_LEGS,
    WITH_TRAVEL,
)
from schemas.message import name
from schemas.mission import CancelMission, HoldMission, MissionCommand, ReplaceMission
from schemas.period import Days, Quarter, Undated
from schemas.vocabulary import AWEX, HUB, Qualified, Title
from tests.story import Story

mission = Story(decide, evolve)

AFTER_PUBLISHING = COMMANDS[1:]
OF_THE_LEADER = (
    REVISE,
    RESCHEDULE,
    SET_LEGS,
    CONFIRM,
    REPLACE,
    PROMISE_ACTION,
    CANCEL,
    HOLD,
    CORRECT,
)
BEFORE_IT_IS_HELD = tuple(
    one for one in AFTER_PUBLISHING if one not in (PROMISE_ACTION, HOLD, CORRECT)
)


def test_an_agency_publishes_a_mission() -> None:
    mission.given().when(PUBLISH).then(PUBLISHED)


def test_a_publication_delivered_twice_or_another_day_is_made_once() -> None:
    mission.given(PUBLISHED).when(PUBLISH).then()
    mission.given(PUBLISHED).when(replace(PUBLISH, effective=NOVEMBER)).then()
    mission.given(PUBLISHED, REVISED, HELD).when(PUBLISH).then()


def test_an_identifier_is_given_once() -> None:
    other = replace(PUBLISH, title=Title(fr="Une autre"))
    mission.given(PUBLISHED).when(other).rejected("mission.already-published", mission=ID)


def test_the_identifier_names_the_agency_that_publishes() -> None:
    mission.given().when(replace(PUBLISH, by=HUB)).rejected(
        "mission.identifier-names-another-agency", mission=ID, owner=AWEX
    )


@pytest.mark.parametrize("field", ["replaces", "follows"])
def test_a_mission_neither_replaces_nor_follows_itself(field: str) -> None:
    mission.given().when(replace(PUBLISH, **{field: ID})).rejected(
        "mission.replaces-itself", mission=ID
    )


@pytest.mark.parametrize("command", AFTER_PUBLISHING, ids=name)
def test_nothing_precedes_a_publication(command: MissionCommand) -> None:
    mission.given().when(command).rejected("mission.unknown", mission=ID)


@pytest.mark.parametrize("command", AFTER_PUBLISHING, ids=name)
def test_nothing_takes_effect_before_the_publication(command: MissionCommand) -> None:
    early = replace(command, effective=SEPTEMBER - timedelta(days=1))
    mission.given(PUBLISHED).when(early).rejected(
        "mission.before-published", mission=ID, effective="2026-09-14", published="2026-09-15"
    )


def test_on_the_day_of_the_publication_a_mission_may_be_confirmed() -> None:
    mission.given(PUBLISHED).when(replace(CONFIRM, effective=SEPTEMBER)).then(
        replace(CONFIRMED, effective=SEPTEMBER)
    )


@pytest.mark.parametrize("command", OF_THE_LEADER, ids=name)
def test_only_the_leader_decides_on_its_plan(command: MissionCommand) -> None:
    mission.given(PUBLISHED).when(replace(command, by=HUB)).rejected(
        "mission.not-the-leader", agency=HUB, leader=AWEX
    )


def test_a_revision_records_only_what_differs() -> None:
    mission.given(PUBLISHED).when(REVISE).then(REVISED)
    mission.given(PUBLISHED, REVISED).when(REVISE).then()
    same_and_new = MissionChanges(title=PUBLISH.title, themes=("energy",))
    mission.given(PUBLISHED).when(replace(REVISE, changes=same_and_new)).then(
        replace(REVISED, changes=MissionChanges(themes=("energy",)))
    )
    mission.given(PUBLISHED).when(replace(REVISE, changes=MissionChanges())).then()


def test_a_revision_may_take_a_value_away() -> None:
    without = MissionChanges(cost=None)
    mission.given(PUBLISHED).when(replace(REVISE, changes=without)).then(
        replace(REVISED, changes=without)
    )


def test_a_mission_moves_to_another_period_or_other_travel_days() -> None:
    mission.given(PUBLISHED).when(RESCHEDULE).then(RESCHEDULED)
    mission.given(PUBLISHED, RESCHEDULED).when(RESCHEDULE).then()
    earlier = Days(WITH_TRAVEL.start - timedelta(days=1), WITH_TRAVEL.end)
    mission.given(PUBLISHED, RESCHEDULED).when(replace(RESCHEDULE, travel=earlier)).then(
        replace(RESCHEDULED, travel=earlier)
    )
    undated = replace(RESCHEDULE, period=Undated(), travel=None)
    mission.given(PUBLISHED).when(undated).then(replace(RESCHEDULED, period=Undated(), travel=None))


def test_the_period_it_has_is_no_other_period() -> None:
    same = replace(RESCHEDULE, period=Quarter(2027, 2), travel=None)
    mission.given(PUBLISHED).when(same).then()


def test_legs_have_their_own_leaders() -> None:
    mission.given(PUBLISHED).when(SET_LEGS).then(LEGS_SET)
    mission.given(PUBLISHED, LEGS_SET).when(SET_LEGS).then()
    mission.given(PUBLISHED, LEGS_SET).when(replace(SET_LEGS, legs=LEGS[:1])).then(
        replace(LEGS_SET, legs=LEGS[:1])
    )


def test_a_mission_is_confirmed_once() -> None:
    mission.given(PUBLISHED).when(CONFIRM).then(CONFIRMED)
    mission.given(PUBLISHED, CONFIRMED).when(CONFIRM).then()
    mission.given(PUBLISHED, CONFIRMED, HELD).when(CONFIRM).then()


def test_a_mission_is_replaced_by_another() -> None:
    mission.given(PUBLISHED).when(REPLACE).then(REPLACED)
    mission.given(PUBLISHED).when(replace(REPLACE, replacement=ID)).rejected(
        "mission.replaces-itself", mission=ID
    )


def test_a_later_action_is_promised_once() -> None:
    mission.given(PUBLISHED).when(PROMISE_ACTION).then(ACTION_PROMISED)
    again = replace(PROMISE_ACTION, effective=NOVEMBER)
    mission.given(PUBLISHED, ACTION_PROMISED).when(again).then()
    other = replace(PROMISE_ACTION, promise="symposium of 2010")
    mission.given(PUBLISHED, ACTION_PROMISED).when(other).then(
        replace(ACTION_PROMISED, promise="symposium of 2010")
    )
    mission.given(PUBLISHED, HELD).when(PROMISE_ACTION).then(ACTION_PROMISED)


def test_a_mission_is_cancelled_with_its_reason() -> None:
    mission.given(PUBLISHED).when(CANCEL).then(CANCELLED)
    mission.given(PUBLISHED, CANCELLED).when(CANCEL).then()
    mission.given(PUBLISHED, CANCELLED).when(replace(CANCEL, reason="war")).then()


def test_a_mission_is_held_once() -> None:
    mission.given(PUBLISHED).when(HOLD).then(HELD)
    later = replace(HOLD, effective=HOLD.effective + timedelta(days=1))
    mission.given(PUBLISHED, HELD).when(later).then()
    otherwise = replace(HOLD, results="none")
    mission.given(PUBLISHED, HELD).when(otherwise).rejected("mission.already-held", mission=ID)


@pytest.mark.parametrize("command", BEFORE_IT_IS_HELD, ids=name)
def test_what_was_held_is_planned_no_more(command: MissionCommand) -> None:
    mission.given(PUBLISHED, HELD).when(command).rejected("mission.already-held", mission=ID)


def test_a_past_value_is_corrected_where_it_was_wrong() -> None:
    mission.given(PUBLISHED, HELD).when(CORRECT).then(CORRECTED)
    mission.given(PUBLISHED, HELD, CORRECTED).when(CORRECT).then()


@pytest.mark.parametrize(
    "field, value",
    [
        ("period", IN_MAY),
        ("travel", WITH_TRAVEL),
        ("participants", (Qualified(value=221, unit="companies"),)),
        ("results", "four agreements"),
        ("changes", MissionChanges(themes=("energy",))),
    ],
)
def test_each_value_is_corrected_alone_and_once(field: str, value: object) -> None:
    only = {"changes": MissionChanges(), "participants": None, "results": None, field: value}
    correct, corrected = replace(CORRECT, **only), replace(CORRECTED, **only)
    mission.given(PUBLISHED, HELD).when(correct).then(corrected)
    mission.given(PUBLISHED, HELD, corrected).when(correct).then()


def test_a_correction_names_only_what_differs() -> None:
    same = replace(
        CORRECT,
        period=PUBLISH.period,
        travel=WITH_TRAVEL,
        participants=HELD.participants,
        results=HELD.results,
    )
    mission.given(PUBLISHED, HELD).when(same).then(
        replace(CORRECTED, travel=WITH_TRAVEL, participants=None)
    )


def test_before_it_was_held_there_are_no_results_to_correct() -> None:
    plan_only = replace(CORRECT, participants=None)
    mission.given(PUBLISHED).when(plan_only).then(replace(CORRECTED, participants=None))
    mission.given(PUBLISHED).when(CORRECT).rejected("mission.not-yet-held", mission=ID)
    results = replace(CORRECT, participants=None, results="none")
    mission.given(PUBLISHED).when(results).rejected("mission.not-yet-held", mission=ID)


@pytest.mark.parametrize(
    "command", [one for one in AFTER_PUBLISHING if not isinstance(one, CancelMission)], ids=name
)
def test_nothing_follows_a_cancellation(command: MissionCommand) -> None:
    later = replace(command, effective=HELD.effective)
    mission.given(PUBLISHED, CANCELLED).when(later).rejected(
        "mission.cancelled", mission=ID, reason="too few companies"
    )


def test_nobody_else_cancels_once_more() -> None:
    mission.given(PUBLISHED, CANCELLED).when(replace(CANCEL, by=HUB)).rejected(
        "mission.cancelled", mission=ID, reason="too few companies"
    )


@pytest.mark.parametrize(
    "command", [one for one in AFTER_PUBLISHING if not isinstance(one, ReplaceMission)], ids=name
)
def test_nothing_follows_a_replacement(command: MissionCommand) -> None:
    later = replace(command, effective=HELD.effective)
    mission.given(PUBLISHED, REPLACED).when(later).rejected(
        "mission.replaced", mission=ID, replacement=REPLACEMENT
    )


def test_the_same_replacement_is_made_once() -> None:
    mission.given(PUBLISHED, REPLACED).when(REPLACE).then()
    mission.given(PUBLISHED, REPLACED).when(replace(REPLACE, by=HUB)).rejected(
        "mission.not-the-leader", agency=HUB, leader=AWEX
    )
    other = replace(REPLACE, replacement="mission-awex-2027-lima")
    mission.given(PUBLISHED, REPLACED).when(other).rejected(
        "mission.replaced", mission=ID, replacement=REPLACEMENT
    )


def test_a_mission_held_in_october_keeps_its_day() -> None:
    held = HoldMission(by=AWEX, effective=OCTOBER, mission=ID)
    mission.given(PUBLISHED, replace(HELD, participants=(), results=None)).when(held).then()


def test_an_event_that_cannot_follow_is_an_error_of_ours() -> None:
    with pytest.raises(AssertionError, match="cannot follow"):
        evolve(None, CONFIRMED)
    with pytest.raises(AssertionError, match="cannot follow"):
        evolve(evolve(None, PUBLISHED), PUBLISHED)


def test_a_correction_of_results_leaves_the_participants() -> None:
    results = replace(CORRECTED, changes=MissionChanges(), participants=None, results="four")
    same = replace(
        CORRECT, changes=MissionChanges(), participants=HELD.participants, results="four"
    )
    mission.given(PUBLISHED, HELD, results).when(same).then()


def test_a_mission_has_not_taken_place_before_it_begins() -> None:
    """A quarter begins on its first day; what has no date may have been held any day."""
    day_before, first_day = date(2027, 3, 31), date(2027, 4, 1)
    mission.given(PUBLISHED).when(replace(HOLD, effective=day_before)).rejected(
        "mission.not-begun", mission=ID, begins="2027-04-01"
    )
    mission.given(PUBLISHED).when(replace(HOLD, effective=first_day)).then(
        replace(HELD, effective=first_day)
    )
    undated = replace(PUBLISHED, period=Undated())
    mission.given(undated).when(replace(HOLD, effective=NOVEMBER)).then(
        replace(HELD, effective=NOVEMBER)
    )


def test_an_end_may_be_brought_forward_by_the_same_command() -> None:
    """A slip of the pen in the day must not leave a cancelled mission on the plan for years."""
    sooner = CANCEL.effective - timedelta(days=1)
    mission.given(PUBLISHED, CANCELLED).when(replace(CANCEL, effective=sooner)).then(
        replace(CANCELLED, effective=sooner)
    )
    mission.given(PUBLISHED, REPLACED).when(replace(REPLACE, effective=sooner)).then(
        replace(REPLACED, effective=sooner)
    )
    later = CANCEL.effective + timedelta(days=1)
    mission.given(PUBLISHED, CANCELLED).when(replace(CANCEL, effective=later)).then()
    mission.given(PUBLISHED, REPLACED).when(replace(REPLACE, effective=later)).then()
