"""Whose a part of an area is, when it went to and fro between posts."""

from datetime import date

from msgspec.structs import replace

from coordination.deciders.post import decide, evolve
from schemas.examples.post import (
    ANNOUNCED,
    AREA_CHANGED,
    CAMBODIA,
    CLOSE,
    CLOSED,
    HAND_OVER,
    HANDED_OVER,
    ID,
    LAOS,
    OPENED,
    SHARED,
    SUCCESSIONS,
    TAKE_OVER,
    TAKEN_OVER,
    VIETNAM,
)
from schemas.post import AreaPart
from schemas.vocabulary import AWEX, HUB
from tests.story import Story

post = Story(decide, evolve)

NEXT_SUMMER = date(2027, 6, 1)
OF_NOBODY = replace(ANNOUNCED, operated_by=None)


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
