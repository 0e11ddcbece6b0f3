from datetime import date

import pytest

from projections.post_line import Basis, PostLine, PostState, meant
from schemas.post import AreaPart, PostEvent, includes
from schemas.vocabulary import AWEX, FIT, HUB, Provenance
from tests.projections.abroad import (
    APRIL,
    FEBRUARY,
    HANOI,
    IN_HANOI,
    JANUARY,
    LAOS,
    MARCH,
    NORTH,
    SAIGON,
    SOUTH,
    VIETNAM,
    announce,
    close,
    decide_closing,
    line_after,
    opened,
    share,
    staff,
    succeeded,
    take_over,
    vacate,
    withdraw_closing,
)


def line(*events: PostEvent) -> PostLine:
    after = line_after(*events)
    assert after
    return after


@pytest.mark.parametrize(
    "events, state, since, serves",
    [
        ((announce(),), PostState.ANNOUNCED, JANUARY, False),
        ((announce(), decide_closing()), PostState.ANNOUNCED, JANUARY, False),
        ((announce(), vacate()), PostState.ANNOUNCED, JANUARY, False),
        ((announce(), close(succeeded())), PostState.CLOSED, MARCH, False),
        (opened(), PostState.OPEN, JANUARY, True),
        ((*opened(), vacate()), PostState.VACANT, FEBRUARY, True),
        ((*opened(), vacate(), staff()), PostState.OPEN, MARCH, True),
        ((*opened(), decide_closing()), PostState.CLOSING, FEBRUARY, True),
        ((*opened(), decide_closing(), vacate(MARCH)), PostState.CLOSING, FEBRUARY, True),
        ((*opened(), decide_closing(), close(succeeded())), PostState.CLOSED, MARCH, False),
        (
            (*opened(), vacate(), close(succeeded()), withdraw_closing()),
            PostState.VACANT,
            FEBRUARY,
            True,
        ),
    ],
)
def test_a_post_is_in_one_state_since_a_day_and_serves_from_opening_to_closing(
    events: tuple[PostEvent, ...], state: PostState, since: date, serves: bool
) -> None:
    after = line(*events)
    assert (after.state, after.since, after.serves) == (state, since, serves)


def test_the_area_is_what_the_post_names_and_what_it_took_over_each_once() -> None:
    taken = take_over(LAOS, VIETNAM, post=HANOI, from_post=SAIGON)
    assert line(*opened(), taken).area == (VIETNAM, LAOS)


def test_a_post_serves_its_operator_those_it_is_shared_with_and_those_it_took_over_for() -> None:
    taken = take_over(LAOS, post=HANOI, from_post=SAIGON, beneficiaries=(FIT,), on=APRIL)
    assert list(line(*opened(), share(AWEX), taken).served()) == [
        (VIETNAM, HUB, Basis.OWN),
        (VIETNAM, AWEX, Basis.SHARED),
        (LAOS, FIT, Basis.TAKEN_OVER),
    ]


def test_a_post_of_which_nobody_says_whose_it_is_serves_only_those_it_is_shared_with() -> None:
    unknown = opened(HANOI, IN_HANOI, nobody_says_whose=True, shared_with=(AWEX,))
    assert list(line(*unknown).served()) == [(VIETNAM, AWEX, Basis.SHARED)]


@pytest.mark.parametrize(
    "provenance, illustrative",
    [
        (None, False),
        (Provenance(source="an annual report"), False),
        (Provenance(source="network-2023.csv", illustrative=True), True),
    ],
)
def test_a_line_is_illustrative_where_its_provenance_says_so(
    provenance: Provenance | None, illustrative: bool
) -> None:
    assert line(announce(provenance=provenance)).illustrative == illustrative


@pytest.mark.parametrize(
    "whole, part, included",
    [
        (VIETNAM, VIETNAM, True),
        (VIETNAM, NORTH, True),
        (NORTH, NORTH, True),
        (NORTH, VIETNAM, False),
        (NORTH, SOUTH, False),
        (VIETNAM, LAOS, False),
        (NORTH, AreaPart(country="LA", within=NORTH.within), False),
    ],
)
def test_a_country_includes_its_parts_and_a_part_only_itself(
    whole: AreaPart, part: AreaPart, included: bool
) -> None:
    assert includes(whole, part) == included


@pytest.mark.parametrize(
    "named, parts",
    [(VIETNAM, (SOUTH, NORTH)), (NORTH, (NORTH,)), (LAOS, (LAOS,))],
)
def test_whoever_names_a_country_means_the_parts_that_the_area_has(
    named: AreaPart, parts: tuple[AreaPart, ...]
) -> None:
    assert meant(named, (SOUTH, NORTH)) == parts
