"""What waits for an agency: requests, its own proposals, its posts, its titles, its habits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from projections.mission_line import CoOrganisation
from projections.post_line import PostState
from projections.read_model import Moment, fold
from projections.review import evolve
from projections.waiting import NotYet, Talk, Threatened, Untranslated, Waiting, waiting
from schemas.action import ActionType
from schemas.co_organisation import Standing, Terms
from schemas.mission import MissionHeld
from schemas.period import Days, Undated, Year
from schemas.review import PostGoneThrough, ReviewOpened, Verdict
from schemas.vocabulary import AWEX, FIT, HUB, Agency, Place, Title
from tests.projections import abroad
from tests.projections.abroad import decide_closing, opened
from tests.projections.planned import (
    HANOI,
    LIMA,
    MARCH,
    SAIGON,
    SEPTEMBER,
    TERMS,
    accept,
    cancel,
    counter,
    plan_of,
    publish,
    request,
)
from tests.projections.recording import recorded

DAY = date(2026, 9, 21)
DUE = replace(TERMS, answer_due=date(2026, 9, 30))
TITLED = Title(fr="Mission", nl="Zending")


def asked(
    agency: Agency,
    *events: Any,
    posts: Sequence[Any] = (),
    reviews: Sequence[Any] = (),
    day: date = DAY,
) -> Waiting:
    return waiting(
        plan_of(*events),
        abroad.network_of(*posts),
        fold(evolve, recorded(*reviews), Moment()),
        agency,
        day,
    )


def talk(partner: Agency, waits_for: Agency, terms: Terms = TERMS, **more: Any) -> Talk:
    """HUB asked AWEX to join Hanoi."""
    standing = Standing.REQUESTED if waits_for == AWEX else Standing.COUNTER_PROPOSED
    fields: dict[str, Any] = {"days_left": None, "behind": ("awex/1", "awex/2"), **more}
    return Talk(
        mission=HANOI,
        title=Title(fr=HANOI),
        period=MARCH,
        partner=partner,
        co_organisation=CoOrganisation(
            agency=HUB,
            standing=standing,
            terms=terms,
            since=SEPTEMBER,
            waits_for=waits_for,
        ),
        days=20,
        illustrative=False,
        **fields,
    )


def test_nothing_waits_where_nothing_happened() -> None:
    assert asked(HUB) == Waiting(
        agency=HUB,
        day=DAY,
        to_answer=(),
        awaited=(),
        threatened=(),
        untranslated=(),
        not_yet=(),
    )


def test_a_request_waits_for_the_leader_and_is_awaited_by_who_asked() -> None:
    events = (publish(), request())
    of_awex, of_hub, of_fit = (asked(agency, *events) for agency in (AWEX, HUB, FIT))
    assert (of_awex.to_answer, of_awex.awaited) == ((talk(HUB, AWEX),), ())
    assert (of_hub.to_answer, of_hub.awaited) == ((), (talk(AWEX, AWEX),))
    assert (of_fit.to_answer, of_fit.awaited) == ((), ())


def test_other_terms_wait_for_who_asked() -> None:
    events = (publish(), request(), counter(AWEX))
    behind = ("awex/1", "awex/2", "awex/3")
    of_hub, of_awex = asked(HUB, *events), asked(AWEX, *events)
    assert of_hub.to_answer == (talk(AWEX, HUB, behind=behind),)
    assert of_awex.awaited == (talk(HUB, HUB, behind=behind),)


def test_a_request_waits_beside_one_that_is_answered() -> None:
    events = (publish(), request(FIT), accept(FIT), request(HUB))
    assert [one.partner for one in asked(AWEX, *events).to_answer] == [HUB]


@pytest.mark.parametrize("day, left, age", [(DAY, 9, 20), (date(2026, 10, 2), -2, 31)])
def test_days_are_counted_to_when_the_answer_is_due(day: date, left: int, age: int) -> None:
    [one] = asked(AWEX, publish(), request(terms=DUE), day=day).to_answer
    assert (one.days_left, one.days) == (left, age)


def test_the_longest_wait_comes_first() -> None:
    later = replace(request(mission=SAIGON, agency=FIT), effective=date(2026, 9, 2))
    same_day = request(mission="mission-hub-2027-lima", agency=FIT)
    events = (publish(SAIGON), later, publish("mission-hub-2027-lima"), same_day)
    accra = "mission-hub-2027-accra"
    found = asked(HUB, *events, publish(accra), request(FIT, accra))
    assert [one.mission for one in found.to_answer] == [
        accra,
        "mission-hub-2027-lima",
        SAIGON,
    ]


@pytest.mark.parametrize(
    "further",
    [
        accept(),
        cancel(),
        MissionHeld(effective=SEPTEMBER, mission=HANOI, participants=()),
    ],
)
def test_what_is_answered_over_or_held_waits_for_nobody(further: Any) -> None:
    found = asked(AWEX, publish(), request(), further)
    assert (found.to_answer, found.awaited) == ((), ())


def threatened(**more: Any) -> Threatened:
    fields: dict[str, Any] = {
        "state": PostState.OPEN,
        "expected": None,
        "review": None,
        "behind": ("hub/1", "hub/2"),
        **more,
    }
    return Threatened(
        post=abroad.HANOI,
        operated_by=HUB,
        place=abroad.IN_HANOI,
        illustrative=False,
        **fields,
    )


def test_a_closing_post_is_shown_to_whom_it_serves() -> None:
    posts = (*opened(shared_with=(AWEX,)), decide_closing())
    behind = tuple(f"hub/{number}" for number in range(1, 5))
    closing = threatened(state=PostState.CLOSING, expected=Undated(), behind=behind)
    found = [asked(agency, posts=posts).threatened for agency in (HUB, AWEX, FIT)]
    assert found == [(closing,), (closing,), ()]


def test_of_a_closing_post_a_review_that_keeps_it_says_nothing() -> None:
    posts = (*opened(), decide_closing())
    [found] = asked(HUB, posts=posts, reviews=reviewed(2026, Verdict.KEEP)).threatened
    assert (found.state, found.review) == (PostState.CLOSING, None)


def reviewed(year: Year, verdict: Verdict) -> tuple[Any, ...]:
    review = f"review-hub-{year}"
    return (
        ReviewOpened(effective=date(year, 5, 1), review=review, posts=(abroad.HANOI,)),
        PostGoneThrough(
            effective=date(year, 5, 2), review=review, post=abroad.HANOI, verdict=verdict
        ),
    )


def test_a_post_is_under_threat_by_the_last_review_only() -> None:
    last_year, this_year = (
        reviewed(2025, Verdict.KEEP),
        reviewed(2026, Verdict.UNDER_THREAT),
    )
    said = asked(HUB, posts=opened(), reviews=(*this_year, *last_year))
    assert said.threatened == (threatened(review="review-hub-2026"),)
    kept = asked(
        HUB,
        posts=opened(),
        reviews=(*reviewed(2026, Verdict.KEEP), *reviewed(2025, Verdict.UNDER_THREAT)),
    )
    assert kept.threatened == ()


def test_a_post_that_is_closed_is_under_threat_no_more() -> None:
    posts = (*opened(), abroad.close())
    assert asked(HUB, posts=posts, reviews=reviewed(2026, Verdict.UNDER_THREAT)).threatened == ()


@pytest.mark.parametrize(
    "title, missing",
    [
        (TITLED, ()),
        (Title(fr="Mission"), ("nl",)),
        (Title(nl="Zending", en="Mission"), ("fr",)),
        (Title(en="Mission"), ("fr", "nl")),
    ],
)
def test_a_title_has_its_french_and_its_dutch(title: Title, missing: tuple[str, ...]) -> None:
    published = replace(publish(), title=title)
    untranslated = Untranslated(
        mission=HANOI, title=title, missing=missing, illustrative=False, behind=("awex/1",)
    )
    assert asked(AWEX, published).untranslated == ((untranslated,) if missing else ())
    assert asked(HUB, published).untranslated == ()


@pytest.mark.parametrize(
    "period, waits",
    [
        (Undated(), True),
        (Days(date(2026, 9, 1), DAY), True),
        (Days(date(2026, 9, 1), date(2026, 9, 20)), False),
    ],
)
def test_only_what_is_to_come_is_worth_a_translation(period: Any, waits: bool) -> None:
    assert bool(asked(AWEX, publish(period=period)).untranslated) is waits


def test_what_was_held_needs_no_translation() -> None:
    held = MissionHeld(effective=SEPTEMBER, mission=HANOI, participants=())
    assert asked(AWEX, publish(), held).untranslated == ()


def last_year(on: date = date(2025, 9, 21), **more: Any) -> Any:
    return replace(publish(LIMA, Undated(), Place(country="PE"), on=on, **more), title=TITLED)


NOT_YET = NotYet(
    mission=LIMA,
    title=TITLED,
    published_on=date(2025, 9, 21),
    illustrative=False,
    behind=("fit/1",),
)


def test_what_was_published_by_this_day_last_year_is_missed() -> None:
    assert asked(FIT, last_year()).not_yet == (NOT_YET,)
    assert asked(FIT, last_year(on=date(2025, 9, 22))).not_yet == ()
    assert asked(FIT, last_year(on=date(2024, 9, 21))).not_yet == ()
    assert asked(HUB, last_year()).not_yet == ()


def test_what_others_coordinate_is_not_missed() -> None:
    assert asked(FIT, last_year(coordinated_by="BFTA")).not_yet == ()


@pytest.mark.parametrize(
    "country, action, missed",
    [
        ("PE", ActionType.AGENCY_MISSION, False),
        ("PE", ActionType.SEMINAR, True),
        ("CL", ActionType.AGENCY_MISSION, True),
    ],
)
def test_the_same_type_of_action_to_the_same_country_is_it_again(
    country: str, action: ActionType, missed: bool
) -> None:
    again = publish("mission-fit-2027-again", MARCH, Place(country=country), action=action)
    assert bool(asked(FIT, last_year(), again).not_yet) is missed
