"""How agencies come to organise together: the wish, the answer and the tag are three facts."""

from typing import Any

import pytest
from msgspec.structs import replace

from coordination.deciders.mission import decide, evolve
from schemas.co_organisation import Terms
from schemas.examples.mission import (
    ACCEPT,
    ACCEPTED,
    COORDINATOR_NAMED,
    COUNTER_PROPOSE,
    COUNTER_PROPOSED,
    DECLINE,
    DECLINED,
    ID,
    NAME_COORDINATOR,
    PUBLISHED,
    REQUEST,
    REQUESTED,
    WISH,
    WITHDRAW,
    WITHDRAWN,
)
from schemas.mission import MissionCommand, MissionEvent
from schemas.vocabulary import AWEX, FIT, HUB
from tests.story import Story

mission = Story(decide, evolve)

ROYAL = replace(PUBLISHED, coordinated_by="BFTA")
BY_AWEX = replace(ACCEPT, by=AWEX)
ACCEPTED_BY_AWEX = replace(ACCEPTED, agency=AWEX, terms=WISH)
DECLINE_HUB = replace(DECLINE, partner=HUB)
DECLINED_HUB = replace(DECLINED, partner=HUB)
BACK = replace(COUNTER_PROPOSE, by=HUB, terms=WISH)
BACK_PROPOSED = replace(COUNTER_PROPOSED, agency=HUB, terms=WISH)
OTHER = Terms(places=3)


def given(*events: MissionEvent, published: MissionEvent = PUBLISHED) -> Story:
    return mission.given(published, *events)


def test_another_agency_asks_to_co_organise_and_is_heard_once() -> None:
    given().when(REQUEST).then(REQUESTED)
    given(REQUESTED).when(REQUEST).then()


def test_a_request_may_be_made_on_other_terms() -> None:
    given(REQUESTED).when(replace(REQUEST, terms=OTHER)).then(replace(REQUESTED, terms=OTHER))


def test_the_leader_need_not_ask() -> None:
    given().when(replace(REQUEST, by=AWEX)).rejected("mission.leader-need-not-request", mission=ID)


def test_of_a_mission_that_others_coordinate_the_owner_asks_and_answers_as_everybody() -> None:
    request = replace(REQUEST, by=AWEX)
    requested = replace(REQUESTED, agency=AWEX)
    accept = replace(ACCEPT, by=AWEX, partner=AWEX)
    accepted = replace(ACCEPTED, agency=AWEX, partner=AWEX, terms=WISH)
    given(published=ROYAL).when(request).then(requested)
    given(requested, published=ROYAL).when(accept).then(accepted)
    given(requested, accepted, published=ROYAL).when(accept).then()
    given(requested, published=ROYAL).when(replace(accept, by=HUB)).rejected(
        "mission.not-the-leader", agency=HUB, leader=AWEX
    )


def test_the_leader_accepts_a_request_on_its_terms() -> None:
    given(REQUESTED).when(BY_AWEX).then(ACCEPTED_BY_AWEX)
    given(REQUESTED, ACCEPTED_BY_AWEX).when(BY_AWEX).then()
    given(REQUESTED, ACCEPTED_BY_AWEX).when(ACCEPT).then()


def test_the_asker_does_not_accept_its_own_request() -> None:
    given(REQUESTED).when(ACCEPT).rejected("mission.not-your-turn", agency=HUB)
    given(REQUESTED).when(replace(DECLINE_HUB, by=HUB)).rejected(
        "mission.not-your-turn", agency=HUB
    )
    given(REQUESTED).when(BACK).rejected("mission.not-your-turn", agency=HUB)


def test_terms_go_back_and_forth_and_whoever_is_put_them_answers() -> None:
    given(REQUESTED).when(COUNTER_PROPOSE).then(COUNTER_PROPOSED)
    given(REQUESTED, COUNTER_PROPOSED).when(COUNTER_PROPOSE).then()
    given(REQUESTED, COUNTER_PROPOSED).when(ACCEPT).then(ACCEPTED)
    given(REQUESTED, COUNTER_PROPOSED).when(BY_AWEX).rejected("mission.not-your-turn", agency=AWEX)
    given(REQUESTED, COUNTER_PROPOSED).when(BACK).then(BACK_PROPOSED)
    given(REQUESTED, COUNTER_PROPOSED, BACK_PROPOSED).when(BY_AWEX).then(ACCEPTED_BY_AWEX)
    given(REQUESTED, COUNTER_PROPOSED, BACK_PROPOSED).when(ACCEPT).rejected(
        "mission.not-your-turn", agency=HUB
    )
    given(REQUESTED, COUNTER_PROPOSED).when(replace(COUNTER_PROPOSE, terms=OTHER)).rejected(
        "mission.not-your-turn", agency=AWEX
    )


def test_a_request_does_not_answer_a_counter_proposal() -> None:
    given(REQUESTED, COUNTER_PROPOSED).when(REQUEST).rejected(
        "mission.counter-proposal-waits", agency=HUB
    )


def test_a_third_agency_has_no_part_in_the_talk() -> None:
    for command in (COUNTER_PROPOSE, ACCEPT, DECLINE_HUB):
        given(REQUESTED).when(replace(command, by=FIT)).rejected(
            "mission.not-the-leader", agency=FIT, leader=AWEX
        )
    for command, events in (
        (ACCEPT, (REQUESTED, ACCEPTED_BY_AWEX)),
        (DECLINE_HUB, (REQUESTED, DECLINED_HUB)),
    ):
        given(*events).when(replace(command, by=FIT)).rejected(
            "mission.not-the-leader", agency=FIT, leader=AWEX
        )


def test_a_request_is_declined_with_its_reason() -> None:
    given(REQUESTED).when(DECLINE_HUB).then(DECLINED_HUB)
    given(REQUESTED, DECLINED_HUB).when(DECLINE_HUB).then()
    given(REQUESTED, DECLINED_HUB).when(replace(DECLINE_HUB, by=HUB)).then()
    counter = (REQUESTED, COUNTER_PROPOSED)
    given(*counter).when(replace(DECLINE_HUB, by=HUB)).then(replace(DECLINED_HUB, agency=HUB))


@pytest.mark.parametrize("command", [COUNTER_PROPOSE, BY_AWEX, DECLINE_HUB])
def test_what_was_not_asked_is_not_answered(command: MissionCommand) -> None:
    given().when(command).rejected("mission.nothing-requested", agency=HUB)


@pytest.mark.parametrize("command", [COUNTER_PROPOSE, BY_AWEX, DECLINE_HUB])
def test_what_was_withdrawn_is_not_answered(command: MissionCommand) -> None:
    given(REQUESTED, WITHDRAWN).when(command).rejected("mission.request-withdrawn", agency=HUB)


@pytest.mark.parametrize("command", [COUNTER_PROPOSE, BY_AWEX])
def test_what_was_declined_is_not_taken_up_without_a_new_request(command: MissionCommand) -> None:
    given(REQUESTED, DECLINED_HUB).when(command).rejected("mission.request-declined", agency=HUB)


@pytest.mark.parametrize("command", [COUNTER_PROPOSE, DECLINE_HUB])
def test_what_was_accepted_is_not_talked_over_again(command: MissionCommand) -> None:
    given(REQUESTED, ACCEPTED_BY_AWEX).when(command).rejected("mission.already-partner", agency=HUB)


def test_a_partner_does_not_ask_again() -> None:
    given(REQUESTED, ACCEPTED_BY_AWEX).when(REQUEST).then()
    given(REQUESTED, ACCEPTED_BY_AWEX).when(replace(REQUEST, terms=OTHER)).rejected(
        "mission.already-partner", agency=HUB
    )


@pytest.mark.parametrize("ended", [WITHDRAWN, DECLINED_HUB])
def test_who_was_declined_or_withdrew_may_ask_anew(ended: MissionEvent) -> None:
    given(REQUESTED, ended).when(REQUEST).then(REQUESTED)
    given(REQUESTED, ended, REQUESTED).when(BY_AWEX).then(ACCEPTED_BY_AWEX)


def test_an_agency_withdraws_before_or_after_it_was_accepted() -> None:
    given(REQUESTED).when(WITHDRAW).then(WITHDRAWN)
    given(REQUESTED, COUNTER_PROPOSED).when(WITHDRAW).then(WITHDRAWN)
    given(REQUESTED, ACCEPTED_BY_AWEX).when(WITHDRAW).then(WITHDRAWN)
    given(REQUESTED, WITHDRAWN).when(WITHDRAW).then()


def test_only_what_was_asked_is_withdrawn() -> None:
    given().when(WITHDRAW).rejected("mission.nothing-requested", agency=HUB)
    given(REQUESTED, DECLINED_HUB).when(WITHDRAW).rejected("mission.request-declined", agency=HUB)


@pytest.mark.parametrize("by", [AWEX, HUB])
def test_each_side_names_its_coordinator_after_the_acceptance(by: str) -> None:
    named = replace(COORDINATOR_NAMED, agency=by)
    command = replace(NAME_COORDINATOR, by=by)
    given(REQUESTED, ACCEPTED_BY_AWEX).when(command).then(named)
    given(REQUESTED, ACCEPTED_BY_AWEX, named).when(command).then()


@pytest.mark.parametrize("change", [{"role": "counsellor"}, {"contact": "contact-1"}])
def test_a_side_may_name_another_coordinator(change: dict[str, Any]) -> None:
    given(REQUESTED, ACCEPTED_BY_AWEX, COORDINATOR_NAMED).when(
        replace(NAME_COORDINATOR, **change)
    ).then(replace(COORDINATOR_NAMED, **change))


def test_before_the_acceptance_and_from_outside_nobody_is_named() -> None:
    given(REQUESTED).when(NAME_COORDINATOR).rejected("mission.no-partner-yet", mission=ID)
    given(REQUESTED, ACCEPTED_BY_AWEX, WITHDRAWN).when(NAME_COORDINATOR).rejected(
        "mission.no-partner-yet", mission=ID
    )
    given(REQUESTED, ACCEPTED_BY_AWEX).when(replace(NAME_COORDINATOR, by=FIT)).rejected(
        "mission.not-a-partner", agency=FIT
    )


def test_who_left_and_came_back_names_its_coordinator_anew() -> None:
    back = (REQUESTED, ACCEPTED_BY_AWEX, COORDINATOR_NAMED, WITHDRAWN, REQUESTED, ACCEPTED_BY_AWEX)
    given(*back).when(NAME_COORDINATOR).then(COORDINATOR_NAMED)
    of_awex = replace(COORDINATOR_NAMED, agency=AWEX)
    given(REQUESTED, ACCEPTED_BY_AWEX, of_awex, WITHDRAWN, REQUESTED, ACCEPTED_BY_AWEX).when(
        replace(NAME_COORDINATOR, by=AWEX)
    ).then()


def test_a_keeper_of_the_record_who_has_not_joined_names_nobody() -> None:
    given(REQUESTED, ACCEPTED_BY_AWEX, published=ROYAL).when(
        replace(NAME_COORDINATOR, by=AWEX)
    ).rejected("mission.not-a-partner", agency=AWEX)
