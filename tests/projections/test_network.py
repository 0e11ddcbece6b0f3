from datetime import date

import pytest
from msgspec.structs import replace

from projections.coverage import (
    AgencyCover,
    Awaiting,
    CountryCover,
    coverage,
)
from projections.network import Waits, network
from projections.post_line import Basis, Cause
from schemas.asking import AskCoverage
from schemas.post import PostEvent
from schemas.vocabulary import AWEX, FIT, HUB
from tests.projections.abroad import (
    APRIL,
    CAMBODIA,
    HANOI,
    IN_HANOI,
    IN_SAIGON,
    LAOS,
    LILLE,
    MARCH,
    NORTH,
    SAIGON,
    SAIGON_OF_HUB,
    SOUTH,
    VIETNAM,
    announce,
    change_area,
    close,
    hand_over,
    network_of,
    opened,
    stop_sharing,
    succeeded,
    take_over,
)
from tests.projections.vietnam import ASKED, BY_HANOI, CLOSED, covers, gaps, without_references


def test_a_successor_of_the_same_agency_covers_from_its_day_on() -> None:
    posts = (
        *opened(),
        *opened(SAIGON_OF_HUB, IN_SAIGON, LAOS),
        close(succeeded(by=SAIGON_OF_HUB, from_day=APRIL)),
    )
    waiting = Awaiting(
        post=SAIGON_OF_HUB, from_post=HANOI, within=None, from_day=APRIL, waits=Waits.DAY
    )
    the_day_before = date(2024, 3, 31)
    assert covers(*posts, on=the_day_before) == ()
    assert without_references(gaps(*posts, on=the_day_before)) == (
        replace(CLOSED, awaiting=(waiting,)),
    )
    assert covers(*posts, on=APRIL) == (
        replace(BY_HANOI, post=SAIGON_OF_HUB, basis=Basis.SUCCESSOR),
    )
    assert gaps(*posts, on=APRIL) == ()


def test_without_a_day_every_promise_counts_as_due() -> None:
    posts = network_of(
        *opened(),
        *opened(SAIGON_OF_HUB, IN_SAIGON, LAOS),
        close(succeeded(by=SAIGON_OF_HUB, from_day=date(2090, 1, 1))),
    )
    assert coverage(posts, AskCoverage()).gaps == ()


def test_a_successor_covers_only_for_its_beneficiaries() -> None:
    posts = (
        *opened(HANOI, IN_HANOI, shared_with=(AWEX,)),
        *opened(SAIGON_OF_HUB, IN_SAIGON, LAOS),
        close(succeeded(by=SAIGON_OF_HUB, beneficiaries=(AWEX,))),
    )
    assert [(gap.agency, gap.nobody) for gap in gaps(*posts)] == [(HUB, False)]


def test_a_successor_of_another_agency_is_awaited_until_it_takes_over() -> None:
    posts = (
        *opened(),
        *opened(SAIGON, IN_SAIGON, LAOS),
        close(succeeded(by=SAIGON)),
    )
    waiting = Awaiting(
        post=SAIGON, from_post=HANOI, within=None, from_day=MARCH, waits=Waits.TAKE_OVER
    )
    asked = replace(ASKED, country="VN")
    assert coverage(network_of(*posts), asked).countries == (
        CountryCover(
            country="VN",
            agencies=(
                AgencyCover(agency=AWEX, covers=(), awaiting=()),
                AgencyCover(agency=HUB, covers=(), awaiting=(waiting,)),
            ),
        ),
    )
    assert without_references(gaps(*posts)) == (replace(CLOSED, awaiting=(waiting,)),)
    taken = (*posts, take_over(VIETNAM))
    assert covers(*taken) == (replace(BY_HANOI, post=SAIGON, basis=Basis.TAKEN_OVER),)
    assert coverage(network_of(*taken), asked).countries[0].agencies[1].awaiting == ()
    assert gaps(*taken) == ()


@pytest.mark.parametrize("taken", [take_over(NORTH), take_over(VIETNAM, beneficiaries=(FIT,))])
def test_taking_over_something_else_keeps_no_promise(taken: PostEvent) -> None:
    posts = (*opened(), *opened(SAIGON, IN_SAIGON, LAOS), close(succeeded(by=SAIGON)), taken)
    (gap,) = (gap for gap in gaps(*posts) if gap.within is None)
    assert [waiting.waits for waiting in gap.awaiting] == [Waits.TAKE_OVER]


@pytest.mark.parametrize("successor", [(), (announce(SAIGON, area=(LAOS,)),)])
def test_a_successor_that_is_not_open_is_awaited(successor: tuple[PostEvent, ...]) -> None:
    posts = (*opened(), *successor, close(succeeded(by=SAIGON)))
    waiting = Awaiting(post=SAIGON, from_post=HANOI, within=None, from_day=MARCH, waits=Waits.POST)
    assert without_references(gaps(*posts)) == (replace(CLOSED, awaiting=(waiting,)),)


def test_a_promise_of_a_part_is_shown_with_the_whole_country_and_with_that_part() -> None:
    posts = (*opened(HANOI, IN_HANOI, VIETNAM, SOUTH), close(succeeded(NORTH, by=SAIGON)))
    waiting = Awaiting(
        post=SAIGON, from_post=HANOI, within="the north", from_day=MARCH, waits=Waits.POST
    )
    assert [(gap.within, gap.awaiting) for gap in gaps(*posts)] == [
        (None, (waiting,)),
        ("the south", ()),
    ]
    whole = (*opened(HANOI, IN_HANOI, SOUTH), close(succeeded(VIETNAM, by=SAIGON)))
    assert [(gap.within, gap.awaiting) for gap in gaps(*whole)] == [
        ("the south", (replace(waiting, within="the south"),))
    ]


def test_a_part_handed_over_within_an_agency_stays_covered() -> None:
    posts = (
        *opened(HANOI, IN_HANOI, VIETNAM, LAOS),
        *opened(SAIGON_OF_HUB, IN_SAIGON, LAOS),
        hand_over(VIETNAM, to=SAIGON_OF_HUB),
    )
    assert covers(*posts) == (replace(BY_HANOI, post=SAIGON_OF_HUB, basis=Basis.SUCCESSOR),)
    assert gaps(*posts) == ()


def test_a_part_handed_over_to_another_agency_is_a_gap_until_it_says_yes() -> None:
    posts = (
        *opened(HANOI, IN_HANOI, VIETNAM, LAOS),
        *opened(SAIGON, IN_SAIGON, LAOS),
        hand_over(VIETNAM, to=SAIGON),
    )
    waiting = Awaiting(
        post=SAIGON, from_post=HANOI, within=None, from_day=MARCH, waits=Waits.TAKE_OVER
    )
    assert without_references(gaps(*posts)) == (
        replace(CLOSED, cause=Cause.HANDED_OVER, reason="nearer", awaiting=(waiting,)),
    )
    assert gaps(*posts, take_over(VIETNAM)) == ()


def test_a_successor_that_sets_its_area_later_covers_what_it_then_names() -> None:
    before = (*opened(), *opened(SAIGON_OF_HUB, IN_SAIGON, LAOS))
    promised = close(succeeded(by=SAIGON_OF_HUB))
    same_day = change_area(LAOS, post=SAIGON_OF_HUB, on=MARCH)
    assert gaps(*before, promised, same_day) == ()
    later = change_area(LAOS, post=SAIGON_OF_HUB, on=APRIL)
    assert without_references(gaps(*before, promised, later, on=APRIL)) == (CLOSED,)


def test_a_successor_announced_after_the_day_it_is_promised_for_still_counts() -> None:
    late = (
        replace(announce(SAIGON_OF_HUB, IN_SAIGON, area=(LAOS,)), effective=APRIL),
        replace(opened(SAIGON_OF_HUB, IN_SAIGON)[1], effective=APRIL),
    )
    posts = (*opened(), close(succeeded(by=SAIGON_OF_HUB)), *late)
    assert gaps(*posts, on=APRIL) == ()


def test_a_successor_that_stops_sharing_later_no_longer_succeeds_for_that_agency() -> None:
    posts = (
        *opened(HANOI, IN_HANOI, shared_with=(AWEX,)),
        *opened(SAIGON_OF_HUB, IN_SAIGON, LAOS),
        close(succeeded(by=SAIGON_OF_HUB, beneficiaries=(AWEX, HUB))),
    )
    assert gaps(*posts, stop_sharing(AWEX, SAIGON_OF_HUB, on=MARCH)) == ()
    assert gaps(*posts, stop_sharing(FIT, SAIGON_OF_HUB, on=APRIL), on=APRIL) == ()
    stopped = gaps(*posts, stop_sharing(AWEX, SAIGON_OF_HUB, on=APRIL), on=APRIL)
    assert [(gap.agency, gap.post) for gap in stopped] == [(AWEX, HANOI)]


def test_a_country_that_is_only_promised_has_not_been_lost() -> None:
    posts = (*opened(), hand_over(LAOS, to=SAIGON))
    found = coverage(network_of(*posts), ASKED)
    assert [country.country for country in found.countries] == ["LA", "VN"]
    assert (found.gaps, found.covered_by_nobody) == ((), ())


def test_a_successor_named_for_a_country_gets_only_the_parts_the_closing_post_had() -> None:
    posts = (
        *opened(HANOI, IN_HANOI, NORTH, LAOS),
        *opened(SAIGON_OF_HUB, IN_SAIGON, CAMBODIA),
        close(succeeded(VIETNAM, by=SAIGON_OF_HUB)),
    )
    assert covers(*posts) == (
        replace(
            BY_HANOI,
            post=SAIGON_OF_HUB,
            basis=Basis.SUCCESSOR,
            partial=True,
            within=("the north",),
        ),
    )


def test_only_the_successor_itself_keeps_a_promise() -> None:
    posts = (
        *opened(),
        *opened("post-hub-vinh", IN_SAIGON),
        *opened(SAIGON_OF_HUB, IN_SAIGON, LAOS),
        close(succeeded(by=SAIGON_OF_HUB)),
    )
    assert [cover.post for cover in covers(*posts)] == [SAIGON_OF_HUB, "post-hub-vinh"]


def test_agencies_countries_and_posts_come_in_the_order_of_their_names() -> None:
    found = network(
        network_of(
            *opened(SAIGON_OF_HUB, IN_SAIGON, VIETNAM, LAOS, shared_with=(FIT, AWEX)),
            *opened(HANOI, IN_HANOI, CAMBODIA),
            *opened(LILLE, IN_HANOI, nobody_says_whose=True),
        ).lines,
        MARCH,
    )
    assert found.agencies == [AWEX, FIT, HUB]
    assert found.countries == ["KH", "LA", "VN"]
    assert [one.line.post for one in found.served] == [HANOI, *[SAIGON_OF_HUB] * 6]
    assert found.operators == {HUB}
