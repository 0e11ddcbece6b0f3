from datetime import timedelta

import pytest
from msgspec.structs import replace

from coordination.deciders.review import decide, evolve
from schemas.examples.review import (
    CLAIM,
    CLOSE,
    CLOSED,
    COMMANDS,
    DECIDE,
    DECIDED,
    DECLARE,
    DECLARED,
    GO_THROUGH,
    GONE_THROUGH,
    HANOI,
    ID,
    OCTOBER,
    OPEN,
    OPENED,
    SAIGON,
)
from schemas.message import name
from schemas.review import ReviewCommand, Verdict
from schemas.vocabulary import AWEX, HUB
from tests.story import Story

review = Story(decide, evolve)

AFTER_OPENING = COMMANDS[1:]
OTHER_GONE_THROUGH = replace(GONE_THROUGH, post=SAIGON, verdict=Verdict.KEEP)


def test_the_secretariat_opens_a_review_on_the_list_of_posts() -> None:
    review.given().when(OPEN).then(OPENED)
    review.given(OPENED).when(OPEN).then()
    review.given(OPENED).when(replace(OPEN, posts=(HANOI,))).then()


def test_a_review_of_no_posts_is_none() -> None:
    review.given().when(replace(OPEN, posts=())).rejected("review.no-posts", review=ID)


@pytest.mark.parametrize("command", COMMANDS, ids=name)
def test_only_the_secretariat_keeps_the_review(command: ReviewCommand) -> None:
    review.given(OPENED).when(replace(command, by=AWEX)).rejected(
        "review.not-the-secretariat", agency=AWEX, secretariat=HUB
    )


@pytest.mark.parametrize("command", AFTER_OPENING, ids=name)
def test_nothing_precedes_the_opening(command: ReviewCommand) -> None:
    review.given().when(command).rejected("review.unknown", review=ID)


@pytest.mark.parametrize("command", AFTER_OPENING, ids=name)
def test_nothing_takes_effect_before_the_opening(command: ReviewCommand) -> None:
    early = replace(command, effective=OCTOBER - timedelta(days=1))
    review.given(OPENED).when(early).rejected(
        "review.before-opened", effective="2026-10-14", opened="2026-10-15"
    )


def test_each_post_on_the_list_is_gone_through() -> None:
    review.given(OPENED).when(GO_THROUGH).then(GONE_THROUGH)
    review.given(OPENED, GONE_THROUGH).when(GO_THROUGH).then()


def test_a_later_word_on_a_post_prevails() -> None:
    for other in ({"verdict": Verdict.KEEP}, {"remark": None}):
        later = replace(GO_THROUGH, **other)
        said = replace(GONE_THROUGH, **other)
        review.given(OPENED, GONE_THROUGH).when(later).then(said)
        review.given(OPENED, GONE_THROUGH, said).when(later).then()


def test_a_post_that_is_not_on_the_list_is_not_gone_through() -> None:
    review.given(OPENED).when(replace(GO_THROUGH, post="post-fit-lima")).rejected(
        "review.post-not-on-the-list", post="post-fit-lima"
    )


def test_figures_are_declared_as_claims() -> None:
    review.given(OPENED).when(DECLARE).then(DECLARED)
    review.given(OPENED, DECLARED).when(DECLARE).then()
    other = replace(CLAIM, source="brochure")
    review.given(OPENED, DECLARED).when(replace(DECLARE, claim=other)).then(
        replace(DECLARED, claim=other)
    )


def test_decisions_are_recorded() -> None:
    review.given(OPENED).when(DECIDE).then(DECIDED)
    review.given(OPENED, DECIDED).when(DECIDE).then()
    other = replace(DECIDE, posts=(HANOI,))
    review.given(OPENED, DECIDED).when(other).then(replace(DECIDED, posts=(HANOI,)))


def test_a_review_closes_once_every_post_was_gone_through() -> None:
    review.given(OPENED, GONE_THROUGH).when(CLOSE).rejected(
        "review.posts-not-gone-through", posts=(SAIGON,)
    )
    review.given(OPENED).when(CLOSE).rejected(
        "review.posts-not-gone-through", posts=(HANOI, SAIGON)
    )
    review.given(OPENED, GONE_THROUGH, OTHER_GONE_THROUGH).when(CLOSE).then(CLOSED)


@pytest.mark.parametrize("command", [GO_THROUGH, DECLARE, DECIDE], ids=name)
def test_nothing_follows_the_closing(command: ReviewCommand) -> None:
    review.given(OPENED, CLOSED).when(command).rejected("review.closed", review=ID)
    review.given(OPENED, CLOSED).when(CLOSE).then()
    review.given(OPENED, CLOSED).when(OPEN).then()


def test_an_event_that_cannot_follow_is_an_error_of_ours() -> None:
    with pytest.raises(AssertionError, match="cannot follow"):
        evolve(None, CLOSED)
