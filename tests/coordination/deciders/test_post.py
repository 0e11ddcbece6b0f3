from datetime import timedelta

import pytest
from msgspec.structs import replace

from coordination.deciders.post import Post, decide, evolve
from schemas.examples.post import (
    ANNOUNCE,
    ANNOUNCED,
    AUTUMN,
    CLOSE,
    CLOSED,
    CLOSING_DECIDED,
    CLOSING_WITHDRAWN,
    COMMANDS,
    DECIDE_CLOSING,
    HANOI,
    ID,
    NEW_YEAR,
    OPEN,
    OPENED,
    RELOCATE,
    RELOCATED,
    REVISE,
    REVISED,
    SHARE,
    SHARED,
    SPRING,
    STAFF,
    STAFFED,
    SUMMER,
    VACATE,
    VACATED,
    VIENTIANE,
    WITHDRAW_CLOSING,
)
from schemas.message import name
from schemas.post import AreaPart, PostChanges, PostCommand, PostRevised
from schemas.vocabulary import AWEX, FIT, HUB, Place, Provenance
from tests.story import Story

post = Story(decide, evolve)

AFTER_ANNOUNCING = COMMANDS[1:]
LATER = NEW_YEAR + timedelta(days=1)
SOUTH = AreaPart(country="IN", within="South India")
INDIA = AreaPart(country="IN")
GIVEN = (ANNOUNCED, OPENED, SHARED)


def test_an_agency_announces_a_post_with_alternative_places() -> None:
    post.given().when(ANNOUNCE).then(ANNOUNCED)


def test_the_same_announcement_on_another_day_says_nothing_new() -> None:
    post.given(ANNOUNCED).when(replace(ANNOUNCE, effective=AUTUMN)).then()


def test_an_identifier_is_given_once() -> None:
    other = replace(ANNOUNCE, function="technology attaché")
    post.given(ANNOUNCED).when(other).rejected("post.already-announced", post=ID)


def test_the_identifier_names_the_agency_that_announces_and_operates() -> None:
    for wrong in (replace(ANNOUNCE, by=AWEX), replace(ANNOUNCE, operated_by=AWEX)):
        post.given().when(wrong).rejected(
            "post.identifier-names-another-agency", post=ID, owner=HUB
        )


def test_a_post_of_which_nobody_says_whose_it_is_is_kept_by_its_owner() -> None:
    post.given().when(replace(ANNOUNCE, operated_by=None)).then(
        replace(ANNOUNCED, operated_by=None)
    )


@pytest.mark.parametrize("command", AFTER_ANNOUNCING, ids=name)
def test_nothing_precedes_an_announcement(command: PostCommand) -> None:
    post.given().when(command).rejected("post.unknown", post=ID)


@pytest.mark.parametrize("command", AFTER_ANNOUNCING, ids=name)
def test_only_the_operator_decides_on_its_post(command: PostCommand) -> None:
    foreign = replace(command, by=FIT)
    post.given(*GIVEN).when(foreign).rejected("post.not-the-operator", agency=FIT, operator=HUB)


@pytest.mark.parametrize("command", AFTER_ANNOUNCING, ids=name)
def test_nothing_takes_effect_before_the_announcement(command: PostCommand) -> None:
    early = replace(command, effective=SPRING - timedelta(days=1))
    post.given(*GIVEN).when(early).rejected(
        "post.before-announced", effective="2026-03-01", announced="2026-03-02"
    )


def test_on_the_day_of_the_announcement_a_post_may_open() -> None:
    post.given(ANNOUNCED).when(replace(OPEN, effective=SPRING)).then(
        replace(OPENED, effective=SPRING)
    )


def test_a_post_opens_in_one_of_the_places_announced() -> None:
    post.given(ANNOUNCED).when(OPEN).then(OPENED)
    there = replace(OPEN, place=VIENTIANE)
    post.given(ANNOUNCED).when(there).then(replace(OPENED, place=VIENTIANE))


@pytest.mark.parametrize(
    "place", [Place(country="VN", city="Saigon"), Place(country="LA", city="Hanoi")]
)
def test_a_post_opens_nowhere_else(place: Place) -> None:
    post.given(ANNOUNCED).when(replace(OPEN, place=place)).rejected(
        "post.place-not-announced", post=ID, places=("VN Hanoi", "LA Vientiane")
    )


def test_a_place_without_a_city_is_told_by_its_country() -> None:
    somewhere = replace(ANNOUNCED, places=(Place(country="VN"),))
    post.given(somewhere).when(OPEN).rejected("post.place-not-announced", post=ID, places=("VN",))


def test_opening_twice_is_one_opening_and_elsewhere_is_rejected() -> None:
    post.given(ANNOUNCED, OPENED).when(OPEN).then()
    bare = replace(OPEN, place=Place(country="VN", city="Hanoi"))
    post.given(ANNOUNCED, OPENED).when(bare).then()
    elsewhere = replace(OPEN, place=VIENTIANE)
    post.given(ANNOUNCED, OPENED).when(elsewhere).rejected("post.already-open", post=ID)


@pytest.mark.parametrize("command", [STAFF, VACATE, RELOCATE], ids=name)
def test_a_post_that_is_not_open_is_not_staffed_vacated_or_moved(command: PostCommand) -> None:
    post.given(ANNOUNCED).when(command).rejected("post.not-open", post=ID)


def test_a_post_is_staffed_and_vacated_and_staffed_again() -> None:
    post.given(ANNOUNCED, OPENED).when(STAFF).then(STAFFED)
    post.given(ANNOUNCED, OPENED, STAFFED).when(STAFF).then()
    post.given(ANNOUNCED, OPENED).when(VACATE).then(VACATED)
    post.given(ANNOUNCED, OPENED, VACATED).when(VACATE).then()
    post.given(ANNOUNCED, OPENED, STAFFED, VACATED).when(STAFF).then(STAFFED)
    post.given(ANNOUNCED, OPENED, VACATED, STAFFED).when(VACATE).then(VACATED)


def test_a_post_moves_also_because_its_host_closes() -> None:
    post.given(ANNOUNCED, OPENED).when(RELOCATE).then(RELOCATED)
    post.given(ANNOUNCED, OPENED, RELOCATED).when(RELOCATE).then()


def test_a_closing_is_decided_and_withdrawn() -> None:
    post.given(ANNOUNCED).when(DECIDE_CLOSING).then(CLOSING_DECIDED)
    later = replace(DECIDE_CLOSING, effective=NEW_YEAR)
    post.given(ANNOUNCED, CLOSING_DECIDED).when(later).then()
    other = replace(DECIDE_CLOSING, reason="market share")
    post.given(ANNOUNCED, CLOSING_DECIDED).when(other).then(
        replace(CLOSING_DECIDED, reason="market share")
    )
    post.given(ANNOUNCED, CLOSING_DECIDED).when(WITHDRAW_CLOSING).then(CLOSING_WITHDRAWN)
    post.given(ANNOUNCED, CLOSING_DECIDED, CLOSING_WITHDRAWN).when(WITHDRAW_CLOSING).then()


def test_without_a_closing_there_is_none_to_withdraw() -> None:
    post.given(ANNOUNCED).when(WITHDRAW_CLOSING).rejected("post.no-closing-to-withdraw", post=ID)
    other = replace(WITHDRAW_CLOSING, reason="once more")
    post.given(ANNOUNCED, CLOSING_DECIDED, CLOSING_WITHDRAWN).when(other).rejected(
        "post.no-closing-to-withdraw", post=ID
    )


@pytest.mark.parametrize(
    "command",
    [one for one in AFTER_ANNOUNCING if one not in (CLOSE, WITHDRAW_CLOSING)],
    ids=name,
)
def test_nothing_follows_a_closing(command: PostCommand) -> None:
    after = replace(command, effective=LATER)
    post.given(*GIVEN, CLOSED).when(after).rejected("post.closed", post=ID, on="2027-01-01")


def test_a_withdrawn_closing_restores_the_post() -> None:
    post.given(*GIVEN, CLOSED).when(WITHDRAW_CLOSING).then(CLOSING_WITHDRAWN)
    restored = (*GIVEN, CLOSED, CLOSING_WITHDRAWN)
    post.given(*restored).when(CLOSE).then(CLOSED)
    post.given(*restored).when(OPEN).then()
    post.given(*restored).when(SHARE).then()


def test_what_is_written_of_a_post_is_revised_where_it_differs() -> None:
    post.given(ANNOUNCED).when(REVISE).then(REVISED)
    post.given(ANNOUNCED, REVISED).when(REVISE).then()
    spelt = replace(HANOI, city="Hà Nội")
    source = Provenance(source="another")
    changes = PostChanges(function=ANNOUNCED.function, place=spelt, provenance=source)
    differing = PostRevised(
        effective=AUTUMN, post=ID, changes=PostChanges(place=spelt, provenance=source)
    )
    post.given(ANNOUNCED, OPENED).when(replace(REVISE, changes=changes)).then(differing)
    post.given(ANNOUNCED, OPENED, differing).when(replace(REVISE, changes=changes)).then()
    forgotten = PostChanges(provenance=None)
    post.given(ANNOUNCED).when(replace(REVISE, changes=forgotten)).then(
        PostRevised(effective=AUTUMN, post=ID, changes=forgotten)
    )


def test_the_place_of_a_post_that_is_not_open_is_not_revised() -> None:
    post.given(ANNOUNCED).when(replace(REVISE, changes=PostChanges(place=HANOI))).rejected(
        "post.not-open", post=ID
    )


def test_a_revised_function_is_no_reason_to_announce_again() -> None:
    post.given(ANNOUNCED, REVISED).when(ANNOUNCE).then()


def test_an_event_that_cannot_follow_is_an_error_of_ours() -> None:
    with pytest.raises(AssertionError, match="cannot follow"):
        evolve(None, OPENED)
    with pytest.raises(AssertionError, match="cannot follow"):
        evolve(evolve(None, ANNOUNCED), ANNOUNCED)


def test_a_post_keeps_what_later_decisions_need() -> None:
    state: Post | None = None
    for event in (ANNOUNCED, OPENED, VACATED, STAFFED, SHARED, REVISED):
        state = evolve(state, event)
    staffed = Post(
        announced=ANNOUNCED,
        function="trade commissioner",
        provenance=ANNOUNCED.provenance,
        area=ANNOUNCED.area,
        place=HANOI,
        staffed=True,
        vacated=False,
        shared_since={FIT: SUMMER},
    )
    assert state == staffed
    assert evolve(staffed, VACATED) == replace(staffed, staffed=False, vacated=True)
