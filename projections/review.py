"""The yearly review of the chief executives: posts gone through, decisions, declared figures."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from projections.post_line import PostLine, PostState
from projections.read_model import ReadModel, Reference
from schemas.asking import AskReview
from schemas.message import owner_of
from schemas.period import Year
from schemas.post import PostId
from schemas.recorded_event import Told
from schemas.review import (
    DecidedInReview,
    FigureDeclared,
    PostGoneThrough,
    ReviewClosed,
    ReviewId,
    ReviewOpened,
    Verdict,
)
from schemas.vocabulary import Agency, Claim, Place


class GoneThrough(Struct, frozen=True, kw_only=True):
    post: PostId
    verdict: Verdict
    remark: str | None
    on: date


class Decision(Struct, frozen=True, kw_only=True):
    decision: str
    posts: tuple[PostId, ...]
    on: date


class Declared(Struct, frozen=True, kw_only=True):
    claim: Claim
    on: date


class ReviewLine(Struct, frozen=True, kw_only=True):
    review: ReviewId
    year: int  # whatever four digits its identifier ends in: a line must be readable again
    secretariat: Agency
    opened_on: date
    posts: tuple[PostId, ...]
    gone_through: tuple[GoneThrough, ...] = ()
    decisions: tuple[Decision, ...] = ()
    declared: tuple[Declared, ...] = ()
    closed_on: date | None = None


class ReviewedPost(Struct, frozen=True, kw_only=True):
    """A post of the list as it stands, with what was said of it; null where nothing was yet."""

    post: PostId
    operated_by: Agency | None
    place: Place | None
    state: PostState | None
    illustrative: bool
    verdict: Verdict | None
    remark: str | None
    on: date | None


class Review(Struct, frozen=True, kw_only=True):
    review: ReviewId
    secretariat: Agency
    opened_on: date
    closed_on: date | None
    posts: tuple[ReviewedPost, ...]
    not_gone_through: tuple[PostId, ...]
    under_threat: tuple[PostId, ...]
    decisions: tuple[Decision, ...]
    declared: tuple[Declared, ...]
    behind: tuple[Reference, ...]


class ReviewsOfYear(Struct, frozen=True, kw_only=True):
    year: Year
    reviews: tuple[Review, ...]


class DeclaredFigure(Struct, frozen=True, kw_only=True):
    """A figure somebody declares about the network, and the review that recorded it."""

    claim: Claim
    review: ReviewId
    on: date
    behind: tuple[Reference, ...]


def evolve(line: ReviewLine | None, recorded: Told) -> ReviewLine | None:
    """Total: what cannot follow leaves the line as it was."""
    event = recorded.data
    match line, event:
        case None, ReviewOpened():
            return ReviewLine(
                review=event.review,
                year=int(event.review.rpartition("-")[2]),
                secretariat=owner_of(event.review),
                opened_on=event.effective,
                posts=event.posts,
            )
        case ReviewLine(), PostGoneThrough():
            said = GoneThrough(
                post=event.post, verdict=event.verdict, remark=event.remark, on=event.effective
            )
            others = (other for other in line.gone_through if other.post != event.post)
            return replace(line, gone_through=(*others, said))
        case ReviewLine(), DecidedInReview():
            decision = Decision(decision=event.decision, posts=event.posts, on=event.effective)
            return replace(line, decisions=(*line.decisions, decision))
        case ReviewLine(), FigureDeclared():
            declared = Declared(claim=event.claim, on=event.effective)
            return replace(line, declared=(*line.declared, declared))
        case ReviewLine(), ReviewClosed():
            return replace(line, closed_on=event.effective)
    return line


def review(
    reviews: ReadModel[ReviewLine], posts: ReadModel[PostLine], question: AskReview
) -> ReviewsOfYear:
    of_year = (line for line in _in_order(reviews) if line.year == question.year)
    return ReviewsOfYear(
        year=question.year,
        reviews=tuple(_review(line, posts, reviews.behind[line.review]) for line in of_year),
    )


def claims(reviews: ReadModel[ReviewLine]) -> tuple[DeclaredFigure, ...]:
    """Every figure declared so far; the latest review comes last."""
    return tuple(
        DeclaredFigure(
            claim=declared.claim,
            review=line.review,
            on=declared.on,
            behind=reviews.behind[line.review],
        )
        for line in _in_order(reviews)
        for declared in line.declared
    )


def _in_order(reviews: ReadModel[ReviewLine]) -> list[ReviewLine]:
    """Of one year, by name: the lines of a read model come by the names of their streams."""
    return sorted(reviews.lines.values(), key=lambda line: line.year)


def _review(line: ReviewLine, posts: ReadModel[PostLine], behind: tuple[Reference, ...]) -> Review:
    said = {gone.post: gone for gone in line.gone_through}
    return Review(
        review=line.review,
        secretariat=line.secretariat,
        opened_on=line.opened_on,
        closed_on=line.closed_on,
        posts=tuple(_reviewed(post, posts.lines.get(post), said.get(post)) for post in line.posts),
        not_gone_through=tuple(post for post in line.posts if post not in said),
        under_threat=tuple(
            gone.post for gone in line.gone_through if gone.verdict is Verdict.UNDER_THREAT
        ),
        decisions=line.decisions,
        declared=line.declared,
        behind=behind,
    )


def _reviewed(post: PostId, line: PostLine | None, said: GoneThrough | None) -> ReviewedPost:
    return ReviewedPost(
        post=post,
        operated_by=line.operated_by if line else None,
        place=line.place if line else None,
        state=line.state if line else None,
        illustrative=line.illustrative if line else False,
        verdict=said.verdict if said else None,
        remark=said.remark if said else None,
        on=said.on if said else None,
    )
