from datetime import date

import pytest
from msgspec.structs import replace

from projections.coverage import (
    AgencyCover,
    CountryCover,
    Coverage,
    WithoutCover,
    coverage,
    gaps_after,
)
from projections.post_line import Basis, Cause, PostState
from schemas.post import AreaPart, PostEvent
from schemas.vocabulary import AWEX, FIT, HUB, Provenance
from tests.projections.abroad import (
    APRIL,
    FEBRUARY,
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
    decide_closing,
    network_of,
    opened,
    share,
    stop_sharing,
    succeeded,
    take_over,
    vacate,
    withdraw_closing,
)
from tests.projections.vietnam import ASKED, BY_HANOI, CLOSED, covers, gaps, without_references


def test_each_country_says_for_each_agency_which_posts_cover_it() -> None:
    posts = (*opened(HANOI, IN_HANOI, LAOS, VIETNAM), share(AWEX))
    by_sharing = replace(BY_HANOI, basis=Basis.SHARED)
    both = (
        AgencyCover(agency=AWEX, covers=(by_sharing,), awaiting=()),
        AgencyCover(agency=HUB, covers=(BY_HANOI,), awaiting=()),
    )
    assert coverage(network_of(*posts), ASKED) == Coverage(
        agencies=(AWEX, HUB),
        countries=(
            CountryCover(country="LA", agencies=both),
            CountryCover(country="VN", agencies=both),
        ),
        gaps=(),
        without_cover=(),
        covered_by_nobody=(),
    )


def test_the_question_may_be_about_one_agency_or_one_country() -> None:
    posts = network_of(*opened(HANOI, IN_HANOI, LAOS, VIETNAM), share(AWEX), close(succeeded()))
    everything = coverage(posts, ASKED)
    of_one = coverage(posts, replace(ASKED, agency=AWEX, country="LA"))
    assert [(gap.agency, gap.country) for gap in everything.gaps] == [
        (AWEX, "LA"),
        (HUB, "LA"),
        (AWEX, "VN"),
        (HUB, "VN"),
    ]
    assert of_one == Coverage(
        agencies=(AWEX,),
        countries=(
            CountryCover(
                country="LA", agencies=(AgencyCover(agency=AWEX, covers=(), awaiting=()),)
            ),
        ),
        gaps=everything.gaps[:1],
        without_cover=(WithoutCover(agency=AWEX, countries=("LA",)),),
        covered_by_nobody=("LA",),
    )


@pytest.mark.parametrize(
    "events, state, vacant",
    [
        ((), PostState.OPEN, False),
        ((vacate(),), PostState.VACANT, True),
        ((decide_closing(),), PostState.CLOSING, False),
        ((decide_closing(), vacate(MARCH)), PostState.CLOSING, True),
    ],
)
def test_a_vacant_or_closing_post_still_covers_and_says_so(
    events: tuple[PostEvent, ...], state: PostState, vacant: bool
) -> None:
    assert covers(*opened(), *events) == (replace(BY_HANOI, state=state, vacant=vacant),)


def test_an_announced_post_covers_nothing_but_its_agency_is_listed() -> None:
    assert coverage(network_of(announce()), ASKED) == Coverage(
        agencies=(HUB,), countries=(), gaps=(), without_cover=(), covered_by_nobody=()
    )


def test_an_illustrative_post_is_marked_where_it_covers() -> None:
    invented = Provenance(source="network-2023.csv", illustrative=True)
    assert covers(*opened(provenance=invented)) == (replace(BY_HANOI, illustrative=True),)


def test_a_post_that_covers_only_parts_of_a_country_is_marked_partial() -> None:
    assert covers(*opened(HANOI, IN_HANOI, SOUTH, NORTH)) == (
        replace(BY_HANOI, partial=True, within=("the north", "the south")),
    )
    assert covers(*opened(HANOI, IN_HANOI, SOUTH, VIETNAM)) == (BY_HANOI,)


def test_several_posts_may_cover_a_country() -> None:
    south = replace(BY_HANOI, post=SAIGON, basis=Basis.SHARED)
    assert covers(
        *opened(SAIGON, IN_SAIGON, shared_with=(HUB,)),
        *opened(LILLE, IN_SAIGON),
        *opened(HANOI, IN_HANOI, LAOS, VIETNAM),
    ) == (south, BY_HANOI)


def test_a_part_taken_over_serves_those_it_was_taken_over_for_and_nobody_else() -> None:
    posts = (
        *opened(SAIGON, IN_SAIGON, LAOS, shared_with=(FIT,)),
        take_over(VIETNAM, beneficiaries=(HUB,)),
    )
    assert covers(*posts) == (replace(BY_HANOI, post=SAIGON, basis=Basis.TAKEN_OVER),)
    assert covers(*posts, agency=FIT) == ()
    assert covers(*posts, agency=AWEX) == ()


def test_a_closed_post_leaves_its_countries_without_cover() -> None:
    assert gaps(*opened(), close(succeeded(LAOS))) == (CLOSED,)


def test_a_closing_that_says_that_nobody_succeeds_is_repeated_as_such() -> None:
    explicit = replace(CLOSED, nobody=True)
    assert gaps(*opened(), close(succeeded(VIETNAM))) == (explicit,)
    for_others = close(succeeded(VIETNAM, beneficiaries=(AWEX,)))
    assert gaps(*opened(), for_others) == (CLOSED,)
    for_another_part = close(succeeded(NORTH))
    assert gaps(*opened(), for_another_part) == (CLOSED,)


def test_a_withdrawn_closing_leaves_no_gap() -> None:
    assert gaps(*opened(), close(succeeded()), withdraw_closing(on=MARCH)) == ()


def test_what_a_post_no_longer_shares_is_a_gap_of_the_agency_it_served() -> None:
    assert without_references(gaps(*opened(), share(AWEX), stop_sharing(AWEX))) == (
        replace(
            CLOSED,
            agency=AWEX,
            cause=Cause.SHARING_STOPPED,
            reason="the agreement ended",
        ),
    )


def test_a_part_lost_while_the_rest_is_covered_is_a_gap_but_not_without_cover() -> None:
    posts = (*opened(), change_area(NORTH))
    narrowed = coverage(network_of(*posts), ASKED)
    assert narrowed.gaps == (
        replace(CLOSED, cause=Cause.AREA_CHANGED, reason="redrawn", rest_covered=True),
    )
    assert (narrowed.without_cover, narrowed.covered_by_nobody) == ((), ())


def test_a_gap_names_the_post_that_was_the_last_to_cover() -> None:
    posts = (
        *opened(),
        *opened(SAIGON_OF_HUB, IN_SAIGON),
        close(succeeded(), on=APRIL),
        close(succeeded(), post=SAIGON_OF_HUB, on=MARCH),
    )
    assert [(gap.post, gap.on) for gap in gaps(*posts, on=APRIL)] == [(HANOI, APRIL)]


def test_a_country_one_agency_lost_and_another_still_covers_is_not_without_anybody() -> None:
    posts = (
        *opened(HANOI, IN_HANOI, VIETNAM, LAOS, SOUTH),
        *opened(SAIGON, IN_SAIGON, VIETNAM),
        close(succeeded()),
    )
    found = coverage(network_of(*posts), ASKED)
    assert found.without_cover == (WithoutCover(agency=HUB, countries=("LA", "VN")),)
    assert found.covered_by_nobody == ("LA",)


def test_the_gaps_to_come_are_those_that_are_not_there_yet() -> None:
    now = (
        *opened(HANOI, IN_HANOI, VIETNAM, LAOS),
        share(AWEX),
        stop_sharing(AWEX),
    )
    later = close(succeeded(), on=date(2026, 10, 1))
    to_come = gaps_after(network_of(*now), network_of(*now, later), replace(ASKED, country="VN"))
    assert without_references(to_come) == (replace(CLOSED, on=date(2026, 10, 1), nobody=True),)


def test_a_part_is_another_gap_than_its_country() -> None:
    now = (*opened(HANOI, IN_HANOI, VIETNAM), change_area(AreaPart(country="VN", within="x")))
    later = close(succeeded(), on=APRIL)
    to_come = gaps_after(network_of(*now), network_of(*now, later), replace(ASKED, as_of=FEBRUARY))
    assert [(gap.within, gap.agency) for gap in to_come] == [("x", HUB)]


def test_of_what_is_to_come_every_promise_counts_as_due() -> None:
    now = (*opened(), *opened(SAIGON_OF_HUB, IN_SAIGON, LAOS))
    later = close(succeeded(by=SAIGON_OF_HUB, from_day=date(2090, 1, 1)), on=APRIL)
    assert gaps_after(network_of(*now), network_of(*now, later), ASKED) == ()


def test_gaps_come_by_country_part_and_agency() -> None:
    posts = (
        *opened(HANOI, IN_HANOI, SOUTH, NORTH, LAOS, shared_with=(AWEX,)),
        close(succeeded()),
    )
    assert [(gap.country, gap.within, gap.agency) for gap in gaps(*posts)] == [
        ("LA", None, AWEX),
        ("LA", None, HUB),
        ("VN", "the north", AWEX),
        ("VN", "the north", HUB),
        ("VN", "the south", AWEX),
        ("VN", "the south", HUB),
    ]
