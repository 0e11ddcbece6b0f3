"""The area of a post: changed, shared, to and fro between posts, left behind by a closing."""

from datetime import date, timedelta

from msgspec.structs import replace

from coordination.deciders.post import decide, evolve
from schemas.examples.post import (
    ANNOUNCED,
    AREA_CHANGED,
    AUTUMN,
    CAMBODIA,
    CHANGE_AREA,
    CLOSE,
    CLOSED,
    HAND_OVER,
    HANDED_OVER,
    ID,
    LAOS,
    NEW_YEAR,
    OPENED,
    SHARE,
    SHARED,
    SHARING_STOPPED,
    STOP_SHARING,
    SUCCESSIONS,
    SUMMER,
    TAKE_OVER,
    TAKEN_OVER,
    VIETNAM,
)
from schemas.post import AreaPart, Succession
from schemas.vocabulary import AWEX, FIT, HUB
from tests.story import Story

post = Story(decide, evolve)

NEXT_SUMMER = date(2027, 6, 1)
OF_NOBODY = replace(ANNOUNCED, operated_by=None)
INDIA = AreaPart(country="IN")
SOUTH = AreaPart(country="IN", within="South India")
GIVEN = (ANNOUNCED, OPENED, SHARED)


def test_of_a_post_whose_operator_nobody_knows_every_part_is_spoken_for_too() -> None:
    post.given(OF_NOBODY, OPENED).when(replace(CLOSE, successions=SUCCESSIONS[:1])).rejected(
        "post.area-unassigned", post=ID, parts=("LA",)
    )
    post.given(OF_NOBODY, OPENED).when(CLOSE).then(CLOSED)


def test_a_part_that_came_back_is_handed_over_again() -> None:
    back = replace(AREA_CHANGED, area=(VIETNAM, LAOS))
    post.given(ANNOUNCED, HANDED_OVER, back).when(HAND_OVER).then(HANDED_OVER)


def test_a_part_that_was_handed_on_is_taken_over_again() -> None:
    on = replace(HANDED_OVER, area=(CAMBODIA,))
    again = replace(TAKE_OVER, effective=NEXT_SUMMER)
    post.given(ANNOUNCED, TAKEN_OVER, on).when(again).then(
        replace(TAKEN_OVER, effective=NEXT_SUMMER)
    )


def test_its_own_part_stays_its_own_when_it_is_taken_over_for_others_too() -> None:
    taken = replace(TAKEN_OVER, area=(VIETNAM,))
    for_awex = replace(SUCCESSIONS[0], beneficiaries=(AWEX,))
    post.given(ANNOUNCED, OPENED, SHARED, taken).when(
        replace(CLOSE, successions=(for_awex, SUCCESSIONS[1]))
    ).rejected("post.area-unassigned", post=ID, parts=("VN (fit)", "VN (hub)"))
    everyone = (*SUCCESSIONS, for_awex)
    post.given(ANNOUNCED, OPENED, SHARED, taken).when(replace(CLOSE, successions=everyone)).then(
        replace(CLOSED, successions=everyone)
    )


def test_a_part_that_was_taken_over_is_left_only_by_whom_it_was_for() -> None:
    kept = (*SUCCESSIONS, replace(SUCCESSIONS[1], country="KH", beneficiaries=(AWEX,)))
    post.given(ANNOUNCED, OPENED, SHARED, TAKEN_OVER).when(replace(CLOSE, successions=kept)).then(
        replace(CLOSED, successions=kept)
    )


def test_a_part_that_is_all_the_post_has_is_not_taken_over_again() -> None:
    only = replace(AREA_CHANGED, area=(CAMBODIA,))
    again = replace(TAKE_OVER, effective=NEXT_SUMMER)
    post.given(ANNOUNCED, TAKEN_OVER, only).when(again).then()


def test_two_successors_of_a_part_of_a_country_are_told_by_that_part() -> None:
    south = AreaPart(country="VN", within="South Vietnam")
    first = replace(SUCCESSIONS[0], within="South Vietnam", beneficiaries=(HUB,))
    second = replace(first, to=None)
    post.given(replace(ANNOUNCED, area=(south,)), OPENED).when(
        replace(CLOSE, successions=(first, second))
    ).rejected("post.two-successors", post=ID, parts=("VN South Vietnam (hub)",))


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


def test_a_post_is_not_closed_otherwise_than_it_was() -> None:
    otherwise = replace(CLOSE, reason="market share")
    post.given(*GIVEN, CLOSED).when(otherwise).rejected("post.closed", post=ID, on="2027-01-01")


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
