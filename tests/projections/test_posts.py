from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from projections.post_line import (
    Cause,
    Closed,
    Closing,
    HandedOver,
    Loss,
    Move,
    PostLine,
    Sharing,
    Stopped,
    TakenOver,
    Vacancy,
    Withdrawn,
)
from projections.posts import evolve
from schemas.period import Undated
from schemas.post import PostChanges, PostEvent
from schemas.vocabulary import AWEX, FIT, HUB, Place, Provenance
from tests.projections.abroad import (
    APRIL,
    CAMBODIA,
    FEBRUARY,
    HANOI,
    IN_HAI_PHONG,
    IN_HANOI,
    IN_SAIGON,
    JANUARY,
    LAOS,
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
    hand_over,
    line_after,
    open_,
    opened,
    relocate,
    revise,
    share,
    staff,
    stop_sharing,
    succeeded,
    take_over,
    vacate,
    withdraw_closing,
)
from tests.projections.recording import recorded

ANNOUNCED = PostLine(
    post=HANOI,
    owner=HUB,
    operated_by=HUB,
    function="economic and commercial counsellor",
    places=(IN_HANOI,),
    own_area=(VIETNAM,),
    area_since=JANUARY,
    provenance=None,
    announced_on=JANUARY,
)
OPEN = replace(ANNOUNCED, place=IN_HANOI, opened_on=JANUARY)
OF_HUB = Loss(part=VIETNAM, agency=HUB, cause=Cause.CLOSED, on=MARCH, reason="few cases")


def test_a_post_is_announced_in_one_of_several_places() -> None:
    assert line_after(announce(HANOI, IN_HANOI, IN_HAI_PHONG)) == replace(
        ANNOUNCED, places=(IN_HANOI, IN_HAI_PHONG)
    )


def test_a_post_is_announced_once() -> None:
    assert line_after(announce(), announce(area=(LAOS,), on=FEBRUARY)) == ANNOUNCED


def test_nothing_is_known_of_a_post_that_was_never_announced() -> None:
    assert line_after(open_()) is None


def test_a_post_opens_where_it_says() -> None:
    assert line_after(
        announce(HANOI, IN_HANOI, IN_HAI_PHONG), open_(place=IN_HAI_PHONG, on=FEBRUARY)
    ) == replace(ANNOUNCED, places=(IN_HANOI, IN_HAI_PHONG), place=IN_HAI_PHONG, opened_on=FEBRUARY)


def test_a_post_falls_vacant() -> None:
    assert line_after(*opened(), vacate()) == replace(
        OPEN, vacancy=Vacancy(on=FEBRUARY, reason="recalled")
    )


def test_a_vacancy_begins_once() -> None:
    assert line_after(*opened(), vacate(), vacate(on=MARCH)) == replace(
        OPEN, vacancy=Vacancy(on=FEBRUARY, reason="recalled")
    )


def test_a_vacancy_ends_when_somebody_is_in_place() -> None:
    assert line_after(*opened(), vacate(), staff()) == replace(OPEN, staffed_on=MARCH)


def test_somebody_in_place_is_no_news_at_a_post_that_is_not_vacant() -> None:
    assert line_after(*opened(), staff()) == OPEN


def test_the_chain_of_places_keeps_every_move_with_its_reason() -> None:
    assert line_after(*opened(), relocate(), relocate(IN_SAIGON, on=APRIL)) == replace(
        OPEN,
        place=IN_SAIGON,
        moves=(
            Move(left=IN_HANOI, reached=IN_HAI_PHONG, on=MARCH, reason="the host closes"),
            Move(left=IN_HAI_PHONG, reached=IN_SAIGON, on=APRIL, reason="the host closes"),
        ),
    )


def test_a_changed_area_replaces_the_one_before_and_what_it_leaves_out_is_lost() -> None:
    assert line_after(
        *opened(HANOI, IN_HANOI, VIETNAM, LAOS), share(), change_area(VIETNAM, CAMBODIA)
    ) == replace(
        OPEN,
        own_area=(VIETNAM, CAMBODIA),
        area_since=MARCH,
        sharings=(Sharing(beneficiary=AWEX, since=FEBRUARY),),
        lost=tuple(
            Loss(part=LAOS, agency=agency, cause=Cause.AREA_CHANGED, on=MARCH, reason="redrawn")
            for agency in (HUB, AWEX)
        ),
    )


def test_an_area_narrowed_to_a_part_of_a_country_has_lost_the_country() -> None:
    assert line_after(*opened(), change_area(NORTH)) == replace(
        OPEN,
        own_area=(NORTH,),
        area_since=MARCH,
        lost=(replace(OF_HUB, cause=Cause.AREA_CHANGED, reason="redrawn"),),
    )


def test_an_area_widened_from_a_part_to_the_country_has_lost_nothing() -> None:
    assert line_after(*opened(HANOI, IN_HANOI, NORTH), change_area(VIETNAM)) == replace(
        OPEN, area_since=MARCH
    )


def test_what_was_taken_over_stays_only_where_the_changed_area_still_names_it() -> None:
    taken = take_over(LAOS, CAMBODIA, post=HANOI, from_post=SAIGON, on=FEBRUARY)
    assert line_after(*opened(), taken, change_area(VIETNAM, LAOS)) == replace(
        OPEN,
        own_area=(VIETNAM, LAOS),
        area_since=MARCH,
        taken_over=(TakenOver(part=LAOS, from_post=SAIGON, beneficiaries=(HUB,), on=FEBRUARY),),
        lost=(
            Loss(part=CAMBODIA, agency=HUB, cause=Cause.AREA_CHANGED, on=MARCH, reason="redrawn"),
        ),
    )


def test_a_post_is_shared_with_each_beneficiary_once() -> None:
    assert line_after(*opened(), share(), share(FIT), share(on=MARCH)) == replace(
        OPEN,
        sharings=(
            Sharing(beneficiary=AWEX, since=FEBRUARY),
            Sharing(beneficiary=FIT, since=FEBRUARY),
        ),
    )


def test_sharing_stops_for_one_beneficiary_wherever_the_post_served_it() -> None:
    taken = take_over(LAOS, post=HANOI, from_post=SAIGON, beneficiaries=(AWEX, FIT), on=FEBRUARY)
    assert line_after(*opened(), share(), share(FIT), taken, stop_sharing()) == replace(
        OPEN,
        sharings=(Sharing(beneficiary=FIT, since=FEBRUARY),),
        stopped=(Stopped(beneficiary=AWEX, on=MARCH, reason="the agreement ended"),),
        taken_over=(TakenOver(part=LAOS, from_post=SAIGON, beneficiaries=(FIT,), on=FEBRUARY),),
        lost=tuple(
            Loss(
                part=part,
                agency=AWEX,
                cause=Cause.SHARING_STOPPED,
                on=MARCH,
                reason="the agreement ended",
            )
            for part in (VIETNAM, LAOS)
        ),
    )


def test_a_part_handed_over_leaves_the_post() -> None:
    taken = take_over(
        SOUTH, CAMBODIA, post=HANOI, from_post=SAIGON, beneficiaries=(AWEX,), on=FEBRUARY
    )
    lost = Loss(part=LAOS, agency=HUB, cause=Cause.HANDED_OVER, on=MARCH, reason="nearer")
    assert line_after(
        *opened(HANOI, IN_HANOI, NORTH, LAOS), taken, hand_over(LAOS, SOUTH, to=SAIGON_OF_HUB)
    ) == replace(
        OPEN,
        own_area=(NORTH,),
        taken_over=(
            TakenOver(part=CAMBODIA, from_post=SAIGON, beneficiaries=(AWEX,), on=FEBRUARY),
        ),
        handed_over=(
            HandedOver(
                area=(LAOS, SOUTH),
                to=SAIGON_OF_HUB,
                beneficiaries=(HUB,),
                on=MARCH,
                reason="nearer",
            ),
        ),
        lost=(lost, replace(lost, part=SOUTH, agency=AWEX)),
    )


def test_a_country_handed_over_takes_its_parts_along() -> None:
    after = line_after(*opened(HANOI, IN_HANOI, NORTH, LAOS), hand_over(VIETNAM, to=SAIGON_OF_HUB))
    assert after
    assert after.own_area == (LAOS,)
    assert [handed.area for handed in after.handed_over] == [(NORTH,)]


def test_a_post_takes_parts_over_for_those_who_need_them() -> None:
    taken = take_over(LAOS, CAMBODIA, post=HANOI, from_post=SAIGON, beneficiaries=(AWEX, FIT))
    assert line_after(*opened(), taken) == replace(
        OPEN,
        taken_over=tuple(
            TakenOver(part=part, from_post=SAIGON, beneficiaries=(AWEX, FIT), on=MARCH)
            for part in (LAOS, CAMBODIA)
        ),
    )


def test_a_closing_is_decided_before_it_is_carried_out() -> None:
    closing = Closing(on=FEBRUARY, expected=Undated(), reason="few cases")
    nobody = succeeded(VIETNAM)
    assert line_after(*opened(), decide_closing()) == replace(OPEN, closing=closing)
    assert line_after(*opened(), decide_closing(), close(nobody)) == replace(
        OPEN,
        closing=closing,
        closed=Closed(on=MARCH, reason="few cases", successions=(nobody,)),
        lost=(OF_HUB,),
    )


def test_a_post_closes_once() -> None:
    again = close(succeeded(by=SAIGON), on=APRIL)
    assert line_after(*opened(), close(succeeded()), again) == replace(
        OPEN,
        closed=Closed(on=MARCH, reason="few cases", successions=(succeeded(),)),
        lost=(OF_HUB,),
    )


def test_an_announced_post_that_never_opened_loses_nothing_when_it_is_given_up() -> None:
    assert line_after(announce(), close(succeeded())) == replace(
        ANNOUNCED, closed=Closed(on=MARCH, reason="few cases", successions=(succeeded(),))
    )


def test_a_closed_post_loses_nothing_more() -> None:
    after = line_after(*opened(), share(), close(succeeded()), stop_sharing(on=APRIL))
    assert after
    assert after.lost == (OF_HUB, replace(OF_HUB, agency=AWEX))


def test_a_withdrawn_closing_leaves_the_post_as_it_was_before() -> None:
    before = (*opened(HANOI, IN_HANOI, VIETNAM, LAOS), vacate(), change_area(VIETNAM))
    undone = line_after(*before, decide_closing(), close(succeeded()), withdraw_closing())
    as_before = line_after(*before)
    assert as_before
    assert undone == replace(as_before, withdrawn=(Withdrawn(on=APRIL, reason="a new minister"),))


def test_a_revision_changes_what_it_names_and_nothing_else() -> None:
    sourced = Provenance(source="an annual report")
    precise = Place(country="VN", city="Hanoi", latitude=21.0, longitude=105.8)
    known = opened(provenance=sourced)
    before = replace(OPEN, provenance=sourced)
    assert line_after(*known, revise(PostChanges(function="attaché"))) == replace(
        before, function="attaché"
    )
    assert line_after(*known, revise(PostChanges(place=precise))) == replace(before, place=precise)
    assert line_after(*known, revise(PostChanges(provenance=None))) == OPEN


def test_what_happens_again_is_added_to_what_happened_before() -> None:
    after = line_after(
        *opened(HANOI, IN_HANOI, VIETNAM, LAOS, CAMBODIA, shared_with=(AWEX, FIT)),
        stop_sharing(AWEX),
        stop_sharing(FIT),
        hand_over(LAOS, to=SAIGON),
        hand_over(CAMBODIA, to=SAIGON),
        take_over(LAOS, post=HANOI, from_post=SAIGON),
        take_over(CAMBODIA, post=HANOI, from_post=SAIGON),
        withdraw_closing(on=MARCH),
        withdraw_closing(),
    )
    assert after
    assert [stop.beneficiary for stop in after.stopped] == [AWEX, FIT]
    assert [handed.area for handed in after.handed_over] == [(LAOS,), (CAMBODIA,)]
    assert [taken.part for taken in after.taken_over] == [LAOS, CAMBODIA]
    assert [withdrawn.on for withdrawn in after.withdrawn] == [MARCH, APRIL]
    assert [(loss.part, loss.agency) for loss in after.lost] == [
        *((part, agency) for agency in (AWEX, FIT) for part in (VIETNAM, LAOS, CAMBODIA)),
        (LAOS, HUB),
        (CAMBODIA, HUB),
    ]


EVERYTHING: tuple[PostEvent, ...] = (
    *opened(),
    vacate(),
    staff(),
    relocate(),
    share(),
    share(FIT),
    stop_sharing(),
    change_area(LAOS, NORTH),
    hand_over(LAOS, to=SAIGON),
    take_over(CAMBODIA, post=HANOI, from_post=SAIGON),
    decide_closing(),
    close(succeeded()),
    withdraw_closing(),
    revise(PostChanges(function="attaché")),
)


@given(st.lists(st.sampled_from(EVERYTHING)))
def test_no_order_of_events_is_too_odd(events: list[PostEvent]) -> None:
    nothing: Any = None
    line = reduce(evolve, recorded(*events), nothing)
    assert (line is None) == (announce() not in events)
    assert line is None or (line.state and line.since)
