"""The review of the chief executives: the list they go through, and what changed in a year."""

from collections.abc import Iterable
from datetime import date

from litestar import Response, get
from litestar.params import FromPath
from msgspec.structs import replace

from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visiting
from projections.network_changes import changes
from projections.review import ReviewedPost, ReviewsOfYear
from schemas.asking import AskReview
from schemas.review import Verdict


@get("/{language:str}/review/{year:str}")
@in_a_thread
def review(visit: Visiting, year: FromPath[str]) -> Response[bytes]:
    question = visit.question(AskReview, year=year)
    answer: ReviewsOfYear = visit.service.answer(question)
    now = visit.moment()
    posts = visit.service.questions.posts
    last_year = replace(now, as_of=a_year_before(now.as_of or visit.today))
    counts = {
        "posts": sum(len(one.posts) for one in answer.reviews),
        "gone-through": sum(len(one.posts) - len(one.not_gone_through) for one in answer.reviews),
        "under-threat": sum(len(one.under_threat) for one in answer.reviews),
    }
    return page(
        visit,
        "review.html",
        answer=answer,
        shown=[visit.figure(f"review.{n}", value, year=answer.year) for n, value in counts.items()],
        since=last_year.as_of,
        changes=changes(posts(last_year), posts(now)),
        posts=visit.posts(),
        in_order=in_order,
    )


def in_order(posts: Iterable[ReviewedPost]) -> list[ReviewedPost]:
    """What nobody has spoken of first, then what does not stay as it is, then the rest."""
    return sorted(posts, key=lambda one: (one.verdict is not None, one.verdict is Verdict.KEEP))


def a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
