from datetime import date
from functools import reduce
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from projections.post_line import PostState
from projections.read_model import Moment, ReadModel, fold
from projections.review import (
    Decision,
    Declared,
    DeclaredFigure,
    GoneThrough,
    Review,
    ReviewedPost,
    ReviewLine,
    ReviewsOfYear,
    claims,
    evolve,
    review,
)
from schemas.asking import AskReview
from schemas.review import (
    DecidedInReview,
    FigureDeclared,
    PostGoneThrough,
    ReviewClosed,
    ReviewEvent,
    ReviewOpened,
    Verdict,
)
from schemas.vocabulary import HUB, Claim, Provenance, Qualified
from tests.projections.abroad import (
    HANOI,
    IN_HANOI,
    SAIGON,
    announce,
    network_of,
    opened,
)
from tests.projections.recording import recorded

REVIEW = "review-hub-2026"
OPENING, MEETING, ENDING = (date(2026, 11, day) for day in (1, 5, 9))
EIGHTY_SIX = Claim(
    figure=Qualified(value=86, unit="commercial offices"),
    source="answer to written question 907",
    stated_on=date(2023, 10, 25),
    stated_by="Secretary of State of the Brussels-Capital Region",
)
STARTED = ReviewOpened(effective=OPENING, review=REVIEW, posts=(HANOI, SAIGON))
KEPT = PostGoneThrough(effective=MEETING, review=REVIEW, post=HANOI, verdict=Verdict.KEEP)
THREATENED = PostGoneThrough(
    effective=MEETING,
    review=REVIEW,
    post=SAIGON,
    verdict=Verdict.UNDER_THREAT,
    remark="few cases",
)
DECIDED = DecidedInReview(
    effective=MEETING, review=REVIEW, decision="ask FIT before summer", posts=(SAIGON,)
)
DECLARED = FigureDeclared(effective=MEETING, review=REVIEW, claim=EIGHTY_SIX)
ENDED = ReviewClosed(effective=ENDING, review=REVIEW)

OPENED = ReviewLine(
    review=REVIEW, year=2026, secretariat=HUB, opened_on=OPENING, posts=(HANOI, SAIGON)
)
HANOI_KEPT = GoneThrough(post=HANOI, verdict=Verdict.KEEP, remark=None, on=MEETING)
SAIGON_THREATENED = GoneThrough(
    post=SAIGON, verdict=Verdict.UNDER_THREAT, remark="few cases", on=MEETING
)
DECISION = Decision(decision="ask FIT before summer", posts=(SAIGON,), on=MEETING)


def reviews(*events: ReviewEvent) -> ReadModel[ReviewLine]:
    return fold(evolve, recorded(*events), Moment())


def line(*events: ReviewEvent) -> ReviewLine | None:
    return reviews(*events).lines.get(REVIEW)


def test_a_review_opens_on_the_list_of_posts() -> None:
    assert line(STARTED) == OPENED


def test_a_review_opens_once() -> None:
    assert line(STARTED, replace(STARTED, posts=(HANOI,))) == OPENED


def test_nothing_is_known_of_a_review_that_never_opened() -> None:
    assert line(KEPT) is None


def test_each_post_is_gone_through_with_a_verdict() -> None:
    assert line(STARTED, KEPT, THREATENED) == replace(
        OPENED, gone_through=(HANOI_KEPT, SAIGON_THREATENED)
    )


def test_the_last_verdict_on_a_post_is_the_one_that_holds() -> None:
    again = replace(KEPT, post=SAIGON, effective=ENDING)
    assert line(STARTED, THREATENED, KEPT, again) == replace(
        OPENED, gone_through=(HANOI_KEPT, replace(HANOI_KEPT, post=SAIGON, on=ENDING))
    )


def test_a_review_keeps_decisions_and_declared_figures_and_the_day_it_closed() -> None:
    again = replace(DECIDED, decision="close Lille")
    assert line(STARTED, DECIDED, DECLARED, again, ENDED, DECLARED) == replace(
        OPENED,
        decisions=(DECISION, replace(DECISION, decision="close Lille")),
        declared=(Declared(claim=EIGHTY_SIX, on=MEETING),) * 2,
        closed_on=ENDING,
    )


def test_the_review_of_a_year_shows_the_posts_and_those_not_gone_through() -> None:
    posts = network_of(*opened(provenance=Provenance(source="a guess", illustrative=True)))
    asked = AskReview(year=2026)
    assert review(reviews(STARTED, KEPT, DECIDED, DECLARED), posts, asked) == ReviewsOfYear(
        year=2026,
        reviews=(
            Review(
                review=REVIEW,
                secretariat=HUB,
                opened_on=OPENING,
                closed_on=None,
                posts=(
                    ReviewedPost(
                        post=HANOI,
                        operated_by=HUB,
                        place=IN_HANOI,
                        state=PostState.OPEN,
                        illustrative=True,
                        verdict=Verdict.KEEP,
                        remark=None,
                        on=MEETING,
                    ),
                    ReviewedPost(
                        post=SAIGON,
                        operated_by=None,
                        place=None,
                        state=None,
                        illustrative=False,
                        verdict=None,
                        remark=None,
                        on=None,
                    ),
                ),
                not_gone_through=(SAIGON,),
                under_threat=(),
                decisions=(DECISION,),
                declared=(Declared(claim=EIGHTY_SIX, on=MEETING),),
                behind=("hub/1", "hub/2", "hub/3", "hub/4"),
            ),
        ),
    )


def test_the_posts_under_threat_are_named() -> None:
    posts = network_of(announce(), *opened(SAIGON))
    of_year = review(reviews(STARTED, THREATENED, KEPT, ENDED), posts, AskReview(year=2026))
    (found,) = of_year.reviews
    assert (found.under_threat, found.not_gone_through, found.closed_on) == (
        (SAIGON,),
        (),
        ENDING,
    )
    assert [(post.state, post.remark) for post in found.posts] == [
        (PostState.ANNOUNCED, None),
        (PostState.OPEN, "few cases"),
    ]


def test_a_review_belongs_to_one_year() -> None:
    assert review(reviews(STARTED), network_of(), AskReview(year=2027)) == ReviewsOfYear(
        year=2027, reviews=()
    )


def test_the_claims_of_all_reviews_are_listed_the_latest_review_last() -> None:
    before = "review-hub-2025"
    seventy = replace(EIGHTY_SIX, figure=Qualified(value=70, unit="offices"))
    found = claims(
        reviews(
            STARTED,
            replace(STARTED, review=before),
            DECLARED,
            replace(DECLARED, review=before, claim=seventy),
        )
    )
    assert found == (
        DeclaredFigure(claim=seventy, review=before, on=MEETING, behind=("hub/2", "hub/4")),
        DeclaredFigure(claim=EIGHTY_SIX, review=REVIEW, on=MEETING, behind=("hub/1", "hub/3")),
    )


def test_the_line_of_a_review_can_be_read_again_whatever_year_its_name_says() -> None:
    far = evolve(None, recorded(replace(STARTED, review="review-hub-2126"))[0])
    assert msgspec.json.decode(msgspec.json.encode(far), type=ReviewLine) == far


def test_reviews_come_by_year_then_by_name() -> None:
    names = ("review-hub-2026", "review-awex-2027", "review-awex-2026")
    told = reviews(
        *(
            event
            for name in names
            for event in (replace(STARTED, review=name), replace(DECLARED, review=name))
        )
    )
    in_order = ["review-awex-2026", "review-hub-2026", "review-awex-2027"]
    assert [figure.review for figure in claims(told)] == in_order
    of_year = review(told, network_of(), AskReview(year=2026))
    assert [one.review for one in of_year.reviews] == in_order[:2]


@given(st.lists(st.sampled_from([STARTED, KEPT, THREATENED, DECIDED, DECLARED, ENDED])))
def test_no_order_of_events_is_too_odd(events: list[ReviewEvent]) -> None:
    nothing: Any = None
    after = reduce(evolve, recorded(*events), nothing)
    assert (after is None) == (STARTED not in events)
