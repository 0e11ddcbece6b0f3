"""The yearly review of the chief executives, in which the list of common posts is gone through."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta

from schemas.message import Command, Event
from schemas.post import PostId
from schemas.vocabulary import Claim, Words

ReviewId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^review-[a-z][a-z0-9]*-[0-9]{4}$(?!\n)",
        description="identifier of a review: review-<secretariat>-<year>",
        examples=["review-hub-2026"],
    ),
]


class Verdict(StrEnum):
    KEEP = "keep"
    CHANGE = "change"
    UNDER_THREAT = "under-threat"
    CLOSE = "close"


class OpenReview(Command, frozen=True, kw_only=True, tag="review.open"):
    """Open the review of a year on the list of common posts; the service fills the list in."""

    review: ReviewId
    posts: tuple[PostId, ...] = ()


class GoThroughPost(Command, frozen=True, kw_only=True, tag="review.go-through-post"):
    """Record what the chief executives said of a post on the list."""

    review: ReviewId
    post: PostId
    verdict: Verdict
    remark: Words | None = None


class DeclareFigure(Command, frozen=True, kw_only=True, tag="review.declare-figure"):
    """Record a figure that somebody declares about the network, with its source."""

    review: ReviewId
    claim: Claim


class DecideInReview(Command, frozen=True, kw_only=True, tag="review.decide"):
    """Record a decision of the chief executives."""

    review: ReviewId
    decision: Words
    posts: tuple[PostId, ...] = ()


class CloseReview(Command, frozen=True, kw_only=True, tag="review.close"):
    """Close the review, once every post on the list has been gone through."""

    review: ReviewId


class ReviewOpened(Event, frozen=True, kw_only=True, tag="review.opened"):
    review: ReviewId
    posts: Annotated[tuple[PostId, ...], Meta(min_length=1)]


class PostGoneThrough(Event, frozen=True, kw_only=True, tag="review.post-gone-through"):
    review: ReviewId
    post: PostId
    verdict: Verdict
    remark: Words | None = None


class FigureDeclared(Event, frozen=True, kw_only=True, tag="review.figure-declared"):
    review: ReviewId
    claim: Claim


class DecidedInReview(Event, frozen=True, kw_only=True, tag="review.decided"):
    review: ReviewId
    decision: Words
    posts: tuple[PostId, ...] = ()


class ReviewClosed(Event, frozen=True, kw_only=True, tag="review.closed"):
    review: ReviewId


ReviewCommand: TypeAlias = OpenReview | GoThroughPost | DeclareFigure | DecideInReview | CloseReview
ReviewEvent: TypeAlias = (
    ReviewOpened | PostGoneThrough | FigureDeclared | DecidedInReview | ReviewClosed
)
