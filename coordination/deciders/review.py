"""The yearly review of the chief executives: the list of common posts, gone through [S4]."""

from datetime import date
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from coordination.deciders.rejection import Rejected
from schemas.message import owner_of
from schemas.review import (
    CloseReview,
    DecidedInReview,
    DecideInReview,
    DeclareFigure,
    FigureDeclared,
    GoThroughPost,
    OpenReview,
    PostGoneThrough,
    ReviewClosed,
    ReviewCommand,
    ReviewEvent,
    ReviewOpened,
    Verdict,
)
from schemas.vocabulary import Claim


class Review(Struct, frozen=True):
    opened_on: date
    posts: tuple[str, ...]
    gone_through: dict[str, tuple[Verdict, str | None]] = {}
    claims: tuple[Claim, ...] = ()
    decisions: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    closed: bool = False


def decide(review: Review | None, command: ReviewCommand) -> list[ReviewEvent]:
    only_the_secretariat(command)
    if isinstance(command, OpenReview):
        return open_(review, command)
    if review is None:
        raise Rejected("review.unknown", review=command.review)
    if review.closed:
        if isinstance(command, CloseReview):
            return []
        raise Rejected("review.closed", review=command.review)
    if command.effective < review.opened_on:
        raise Rejected(
            "review.before-opened",
            effective=command.effective.isoformat(),
            opened=review.opened_on.isoformat(),
        )
    match command:
        case GoThroughPost():
            return go_through_post(review, command)
        case DeclareFigure():
            return declare_figure(review, command)
        case DecideInReview():
            return decide_(review, command)
        case CloseReview():
            return close(review, command)
        case _:
            assert_never(command)


def evolve(review: Review | None, event: ReviewEvent) -> Review:
    match review, event:
        case None, ReviewOpened():
            return Review(opened_on=event.effective, posts=event.posts)
        case Review(), PostGoneThrough():
            said = {event.post: (event.verdict, event.remark)}
            return replace(review, gone_through=review.gone_through | said)
        case Review(), FigureDeclared():
            return replace(review, claims=(*review.claims, event.claim))
        case Review(), DecidedInReview():
            decisions = review.decisions | {(event.decision, event.posts)}
            return replace(review, decisions=decisions)
        case Review(), ReviewClosed():
            return replace(review, closed=True)
    raise AssertionError(f"{event} cannot follow {review}")


def open_(review: Review | None, command: OpenReview) -> list[ReviewEvent]:
    if review is not None:
        return []
    if not command.posts:
        raise Rejected("review.no-posts", review=command.review)
    return [ReviewOpened(effective=command.effective, review=command.review, posts=command.posts)]


def go_through_post(review: Review, command: GoThroughPost) -> list[ReviewEvent]:
    """A later word on the same post prevails; the earlier one stays in the history."""
    if command.post not in review.posts:
        raise Rejected("review.post-not-on-the-list", post=command.post)
    if review.gone_through.get(command.post) == (command.verdict, command.remark):
        return []
    return [
        PostGoneThrough(
            effective=command.effective,
            review=command.review,
            post=command.post,
            verdict=command.verdict,
            remark=command.remark,
        )
    ]


def declare_figure(review: Review, command: DeclareFigure) -> list[ReviewEvent]:
    if command.claim in review.claims:
        return []
    return [FigureDeclared(effective=command.effective, review=command.review, claim=command.claim)]


def decide_(review: Review, command: DecideInReview) -> list[ReviewEvent]:
    if (command.decision, command.posts) in review.decisions:
        return []
    return [
        DecidedInReview(
            effective=command.effective,
            review=command.review,
            decision=command.decision,
            posts=command.posts,
        )
    ]


def close(review: Review, command: CloseReview) -> list[ReviewEvent]:
    left = tuple(post for post in review.posts if post not in review.gone_through)
    if left:
        raise Rejected("review.posts-not-gone-through", posts=left)
    return [ReviewClosed(effective=command.effective, review=command.review)]


def only_the_secretariat(command: ReviewCommand) -> None:
    secretariat = owner_of(command.review)
    if command.by != secretariat:
        raise Rejected("review.not-the-secretariat", agency=command.by, secretariat=secretariat)
