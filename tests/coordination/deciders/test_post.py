from datetime import timedelta

import pytest
from msgspec.structs import replace

from coordination.deciders.post import Post, decide, evolve
from schemas.examples.post import (
    ANNOUNCE,
    ANNOUNCED,
    AREA_CHANGED,
    AUTUMN,
    CAMBODIA,
    CHANGE_AREA,
    CLOSE,
    CLOSED,
    CLOSING_DECIDED,
    CLOSING_WITHDRAWN,
    COMMANDS,
    DECIDE_CLOSING,
    HAND_OVER,
    HANDED_OVER,
    HANOI,
    ID,
    LAOS,
    NEW_YEAR,
    OPEN,
    OPENED,
    RELOCATE,
    RELOCATED,
    REVISE,
    REVISED,
    SHARE,
    SHARED,
    SHARING_STOPPED,
    SPRING,
    STAFF,
    STAFFED,
    STOP_SHARING,
    SUCCESSIONS,
    SUMMER,
    TAKE_OVER,
    TAKEN_OVER,
    VACATE,
    VACATED,
    VIENTIANE,
    VIETNAM,
    WITHDRAW_CLOSING,
)
from schemas.message import name
from schemas.post import AreaPart, PostChanges, PostCommand, PostRevised, Succession
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


def test_an_area_is_changed_as_a_whole() -> None:
    post.given(ANNOUNCED).when(CHANGE_AREA).then(AREA_CHANGED)
    post.given(ANNOUNCED, AREA_CHANGED).when(CHANGE_AREA).then()
    turned = replace(CHANGE_AREA, area=(CAMBODIA, VIETNAM))
    post.given(ANNOUNCED, AREA_CHANGED).when(turned).then()


def test_sharing_is_per_beneficiary() -> None:
    post.given(ANNOUNCED).when(SHARE).then(SHARED)
    post.given(ANNOUNCED, SHARED).when(SHARE).then()
    with_awex = replace(SHARE, beneficiary=AWEX)
    post.given(ANNOUNCED, SHARED).when(with_awex).then(replace(SHARED, beneficiary=AWEX))


def test_an_agency_does_not_share_with_itself() -> None:
    post.given(ANNOUNCED).when(replace(SHARE, beneficiary=HUB)).rejected(
        "post.shares-with-itself", post=ID
    )


def test_sharing_stops_for_whom_it_held() -> None:
    post.given(ANNOUNCED, SHARED).when(STOP_SHARING).then(SHARING_STOPPED)
    post.given(ANNOUNCED, SHARED, SHARING_STOPPED).when(STOP_SHARING).then()
    post.given(ANNOUNCED).when(STOP_SHARING).then()
    post.given(ANNOUNCED, SHARED, SHARING_STOPPED).when(SHARE).then(SHARED)


def test_parts_of_an_area_are_handed_over_once() -> None:
    post.given(ANNOUNCED).when(HAND_OVER).then(HANDED_OVER)
    post.given(ANNOUNCED, HANDED_OVER).when(HAND_OVER).then()


def test_only_what_a_post_has_is_handed_over_and_not_all_of_it() -> None:
    foreign = replace(HAND_OVER, area=(LAOS, CAMBODIA))
    post.given(ANNOUNCED).when(foreign).rejected("post.part-not-in-area", post=ID, parts=("KH",))
    everything = replace(HAND_OVER, area=(LAOS, VIETNAM))
    post.given(ANNOUNCED).when(everything).rejected("post.area-empty", post=ID)
    again = replace(HAND_OVER, beneficiaries=(FIT,))
    post.given(ANNOUNCED, HANDED_OVER).when(again).rejected(
        "post.part-not-in-area", post=ID, parts=("LA",)
    )


def test_nothing_is_handed_to_or_taken_from_itself() -> None:
    post.given(ANNOUNCED).when(replace(HAND_OVER, to=ID)).rejected("post.succeeds-itself", post=ID)
    post.given(ANNOUNCED).when(replace(TAKE_OVER, from_post=ID)).rejected(
        "post.succeeds-itself", post=ID
    )


def test_an_area_is_taken_over_once_and_belongs_to_the_post() -> None:
    post.given(ANNOUNCED).when(TAKE_OVER).then(TAKEN_OVER)
    post.given(ANNOUNCED, TAKEN_OVER).when(replace(TAKE_OVER, effective=NEW_YEAR)).then()
    given = replace(HAND_OVER, area=(CAMBODIA,))
    post.given(ANNOUNCED, TAKEN_OVER).when(given).then(replace(HANDED_OVER, area=(CAMBODIA,)))
    known = replace(CHANGE_AREA, area=(VIETNAM, LAOS))
    again = replace(TAKEN_OVER, area=(LAOS,))
    post.given(ANNOUNCED, again).when(known).then()


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


def test_a_post_closes_when_all_of_its_area_is_spoken_for() -> None:
    post.given(*GIVEN).when(CLOSE).then(CLOSED)
    post.given(*GIVEN, CLOSED).when(CLOSE).then()
    for announced in (ANNOUNCED, replace(ANNOUNCED, operated_by=None)):
        only_fit = tuple(replace(one, beneficiaries=(HUB, FIT)) for one in SUCCESSIONS)
        post.given(announced, OPENED, SHARED).when(replace(CLOSE, successions=only_fit)).then(
            replace(CLOSED, successions=only_fit)
        )


def test_closing_without_saying_who_takes_over_is_rejected_part_by_part() -> None:
    vietnam = SUCCESSIONS[:1]
    post.given(*GIVEN).when(replace(CLOSE, successions=vietnam)).rejected(
        "post.area-unassigned", post=ID, parts=("LA (fit)", "LA (hub)")
    )
    for_hub = (replace(SUCCESSIONS[0], beneficiaries=(HUB,)), SUCCESSIONS[1])
    post.given(*GIVEN).when(replace(CLOSE, successions=for_hub)).rejected(
        "post.area-unassigned", post=ID, parts=("VN (fit)",)
    )


def test_whoever_names_a_country_means_its_parts() -> None:
    in_parts = replace(ANNOUNCED, area=(SOUTH,))
    whole = Succession(country="IN", to=None, from_day=NEW_YEAR, beneficiaries=(HUB,))
    closing = replace(CLOSE, successions=(whole,))
    post.given(in_parts).when(closing).then(replace(CLOSED, successions=(whole,)))


def test_a_part_does_not_speak_for_the_whole_country() -> None:
    part = Succession(
        country="IN", within="South India", to=None, from_day=NEW_YEAR, beneficiaries=(HUB,)
    )
    other = replace(part, within="North India")
    post.given(replace(ANNOUNCED, area=(INDIA,))).when(
        replace(CLOSE, successions=(part,))
    ).rejected("post.area-unassigned", post=ID, parts=("IN (hub)",))
    post.given(replace(ANNOUNCED, area=(SOUTH,))).when(
        replace(CLOSE, successions=(part, other))
    ).rejected("post.part-not-in-area", post=ID, parts=("IN North India",))
    post.given(replace(ANNOUNCED, area=(SOUTH, LAOS))).when(
        replace(CLOSE, successions=(SUCCESSIONS[1],))
    ).rejected("post.area-unassigned", post=ID, parts=("IN South India (hub)",))


def test_a_post_does_not_succeed_itself_or_beyond_its_area() -> None:
    itself = replace(SUCCESSIONS[0], to=ID)
    post.given(*GIVEN).when(replace(CLOSE, successions=(itself, SUCCESSIONS[1]))).rejected(
        "post.succeeds-itself", post=ID
    )
    beyond = replace(SUCCESSIONS[0], country="KH")
    post.given(*GIVEN).when(replace(CLOSE, successions=(*SUCCESSIONS, beyond))).rejected(
        "post.part-not-in-area", post=ID, parts=("KH",)
    )


@pytest.mark.parametrize(
    "command",
    [one for one in AFTER_ANNOUNCING if one not in (CLOSE, WITHDRAW_CLOSING)],
    ids=name,
)
def test_nothing_follows_a_closing(command: PostCommand) -> None:
    after = replace(command, effective=LATER)
    post.given(*GIVEN, CLOSED).when(after).rejected("post.closed", post=ID, on="2027-01-01")


def test_a_post_is_not_closed_otherwise_than_it_was() -> None:
    otherwise = replace(CLOSE, reason="market share")
    post.given(*GIVEN, CLOSED).when(otherwise).rejected("post.closed", post=ID, on="2027-01-01")


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


def test_sharing_may_be_brought_forward() -> None:
    sooner = SUMMER - timedelta(days=1)
    post.given(ANNOUNCED, SHARED).when(replace(SHARE, effective=sooner)).then(
        replace(SHARED, effective=sooner)
    )
    post.given(ANNOUNCED, SHARED).when(replace(SHARE, effective=AUTUMN)).then()


def test_what_was_taken_over_for_somebody_is_answered_for_at_the_closing() -> None:
    """Cambodia was taken over for AWEX, with whom the post shares nothing else."""
    history = (*GIVEN, TAKEN_OVER)
    post.given(*history).when(CLOSE).rejected("post.area-unassigned", post=ID, parts=("KH (awex)",))
    cambodia = Succession(country="KH", to=None, from_day=NEW_YEAR, beneficiaries=(AWEX,))
    successions = (*SUCCESSIONS, cambodia)
    post.given(*history).when(replace(CLOSE, successions=successions)).then(
        replace(CLOSED, successions=successions)
    )
    left = replace(AREA_CHANGED, area=(VIETNAM, LAOS))
    post.given(*history, left).when(CLOSE).then(CLOSED)


def test_two_successors_for_one_part_and_agency_are_none() -> None:
    again = replace(SUCCESSIONS[0], to=None, beneficiaries=(FIT,))
    post.given(*GIVEN).when(replace(CLOSE, successions=(*SUCCESSIONS, again))).rejected(
        "post.two-successors", post=ID, parts=("VN (fit)",)
    )


def test_a_part_of_a_country_is_not_handed_over_from_the_whole() -> None:
    india = replace(ANNOUNCED, area=(INDIA, LAOS))
    post.given(india).when(replace(HAND_OVER, area=(SOUTH,))).rejected(
        "post.part-of-a-part", post=ID, parts=("IN South India",)
    )
    parts = replace(ANNOUNCED, area=(SOUTH, LAOS))
    post.given(parts).when(replace(HAND_OVER, area=(INDIA,))).then(
        replace(HANDED_OVER, area=(INDIA,))
    )
