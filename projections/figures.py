"""What a figure counts, line by line: each the streams it is made of and the events behind them.

A figure has as many lines as the answer says that it counts: a mission, an office, a conflict.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias, assert_never

from msgspec import Struct

from projections.coverage import Coverage, Gap
from projections.june import June, Meeting
from projections.mission_plan import Plan, PlanRow
from projections.network_changes import NetworkChange
from projections.offices import JointList, OfficeRow, at_each_place
from projections.post_line import where
from projections.read_model import Reference
from projections.review import Review, ReviewedPost, ReviewsOfYear
from projections.september import BoardRow, September
from schemas.action import Tag
from schemas.asking import (
    AskCoverage,
    AskFigure,
    AskJune,
    AskOffices,
    AskPlan,
    AskReview,
    AskSeptember,
    Figure,
)
from schemas.message import owner_of
from schemas.period import Days, Period, Year
from schemas.post import AreaPart
from schemas.vocabulary import AWEX, HUB, Agency, Place, Title


class Counted(Struct, frozen=True, kw_only=True):
    """
    One thing that a figure counts, whatever of it is known.

    `titles` are of its missions, `place` is where it is, `part` what of an area it is, `agency`
    whose it is, or for whom.
    """

    streams: tuple[str, ...]
    titles: tuple[Title, ...] = ()
    period: Period | None = None
    place: Place | None = None
    part: AreaPart | None = None
    agency: Agency | None = None
    illustrative: bool = False
    behind: tuple[Reference, ...]


class FigureLines(Struct, frozen=True, kw_only=True):
    """`value` is what the answer says, and there are as many lines."""

    figure: Figure
    year: Year | None
    value: int
    lines: tuple[Counted, ...]


Page: TypeAlias = Plan | June | September | JointList | Coverage | ReviewsOfYear
PageQuestion: TypeAlias = AskPlan | AskJune | AskSeptember | AskOffices | AskCoverage | AskReview
Taken: TypeAlias = tuple[int, Iterable[Counted]]


def page_question(asked: AskFigure) -> PageQuestion | None:
    """The question whose answer has the figure; None where it is of a year and none is named."""
    moment: dict[str, Any] = {"as_of": asked.as_of, "known_on": asked.known_on}
    agency = asked.agency
    if asked.figure in (Figure.PLAN_ROYAL_WARNING, Figure.COVERAGE_COVERED_BY_NOBODY):
        agency = None  # these are the same, whoever asks
    match asked.figure.split(".")[0], asked.year:
        case "offices", _:
            return AskOffices(seen_by=agency, **moment)
        case "coverage", _:
            return AskCoverage(agency=agency, **moment)
        case "plan", int(year):
            return AskPlan(year=year, agency=agency, **moment)
        case "june", int(year):
            return AskJune(year=year, agency=agency or HUB, other=asked.other or AWEX, **moment)
        case "september", int(year):
            return AskSeptember(year=year, **moment)
        case "review", int(year):
            return AskReview(year=year, **moment)
    return None


def figure_lines(asked: AskFigure, page: Page) -> FigureLines:
    """A figure taken apart; `page` is the answer to its question."""
    value, lines = _taken(asked.figure, page)
    return FigureLines(figure=asked.figure, year=asked.year, value=value, lines=tuple(lines))


def _taken(figure: Figure, page: Page) -> Taken:
    match page:
        case Plan():
            return _of_plan(figure, page)
        case June():
            return _of_june(figure, page)
        case September():
            return _of_september(figure, page)
        case JointList():
            return _of_offices(figure, page)
        case Coverage():
            return _of_coverage(figure, page)
        case ReviewsOfYear():
            return _of_review(figure, page)
        case _:
            assert_never(page)


def _of_plan(figure: Figure, page: Plan) -> Taken:
    rows = page.missions
    match figure:
        case Figure.PLAN_MISSIONS:
            return len(rows), map(_mission, rows)
        case Figure.PLAN_UNDATED:
            return len(page.undated), map(_mission, page.undated)
        case Figure.PLAN_MOVED_AWAY:
            return len(page.moved_away), map(_mission, page.moved_away)
        case Figure.PLAN_ENDED:
            return len(page.ended), map(_mission, page.ended)
        case Figure.PLAN_ILLUSTRATIVE:
            return page.of_which_illustrative, (_mission(row) for row in rows if row.illustrative)
        case Figure.PLAN_ROYAL_WARNING:
            royal = page.royal_warning.missions if page.royal_warning else ()
            return len(royal), (_mission(row) for row in rows if row.line.mission in royal)
        case Figure.PLAN_AREA_MANAGER_STAYS:
            stays = page.area_manager_stays
            return len(stays), (_mission(row) for row in rows if row.line.mission in stays)
    tag = Tag(figure.removeprefix("plan."))
    counted = sum(one.missions for one in page.by_tag if one.tag is tag)
    return counted, (_mission(row) for row in rows if row.tag is tag)


def _mission(row: PlanRow | BoardRow) -> Counted:
    line = row.line if isinstance(row, PlanRow) else row
    return Counted(
        streams=(line.mission,),
        titles=(line.title,),
        period=line.period,
        place=line.places[0],
        agency=line.owner,
        illustrative=row.illustrative,
        behind=row.behind,
    )


def _of_june(figure: Figure, page: June) -> Taken:
    met = page.conflicts if figure is Figure.JUNE_CONFLICTS else page.synergies
    return len(met), map(_meeting, met)


def _meeting(one: Meeting) -> Counted:
    return Counted(
        streams=(one.own, one.other),
        titles=(one.own_title, one.other_title),
        place=Place(country=one.countries[0]),
        illustrative=one.own_illustrative or one.other_illustrative,
        behind=one.behind,
    )


def _of_september(figure: Figure, page: September) -> Taken:
    match figure:
        case Figure.SEPTEMBER_PROPOSED:
            return page.proposed, map(_mission, page.rows)
        case Figure.SEPTEMBER_DECIDED:
            decided = (row for row in page.rows if row.wishes if not row.undecided)
            return page.decided, map(_mission, decided)
    return page.undecided, (_mission(row) for row in page.rows if row.undecided)


def _of_offices(figure: Figure, page: JointList) -> Taken:
    offices = at_each_place(page.posts)
    match figure:
        case Figure.OFFICES_CONTRIBUTIONS:
            return page.contributions, map(_post, page.posts)
        case Figure.OFFICES_OFFICES:
            return page.offices, map(_office, offices)
        case Figure.OFFICES_OVERLAPS:
            return len(page.overlaps), (_office(there) for there in offices if len(there) > 1)
        case Figure.OFFICES_ILLUSTRATIVE:
            return page.of_which_illustrative, (
                _post(row) for row in page.posts if row.illustrative
            )
        case Figure.OFFICES_NOT_YET_OPEN:
            return len(page.not_yet_open), map(_post, page.not_yet_open)
        case Figure.OFFICES_CLOSED:
            return len(page.closed), map(_post, page.closed)
    return len(page.decided), map(_change, page.decided)


def _post(row: OfficeRow) -> Counted:
    return Counted(
        streams=(row.post,),
        place=where(row),
        agency=row.operated_by,
        illustrative=row.illustrative,
        behind=row.behind,
    )


def _office(there: tuple[OfficeRow, ...]) -> Counted:
    return Counted(
        streams=tuple(row.post for row in there),
        place=where(there[0]),
        illustrative=any(row.illustrative for row in there),
        behind=tuple(one for row in there for one in row.behind),
    )


def _change(one: NetworkChange) -> Counted:
    return Counted(
        streams=(one.post,),
        period=Days(one.on, one.on),
        place=one.place,
        agency=owner_of(one.post),
        behind=one.behind,
    )


def _of_coverage(figure: Figure, page: Coverage) -> Taken:
    match figure:
        case Figure.COVERAGE_GAPS:
            return len(page.gaps), map(_gap, page.gaps)
        case Figure.COVERAGE_TO_COME:
            return len(page.to_come), map(_gap, page.to_come)
        case Figure.COVERAGE_WITHOUT_COVER:
            counted = sum(len(one.countries) for one in page.without_cover)
            return counted, _without_cover(page)
    nobody = page.covered_by_nobody
    return len(nobody), (
        _country(
            AreaPart(country=country), None, (gap for gap in page.gaps if gap.country == country)
        )
        for country in nobody
    )


def _gap(gap: Gap) -> Counted:
    return Counted(
        streams=(gap.post,),
        part=AreaPart(country=gap.country, within=gap.within),
        agency=gap.agency,
        behind=gap.behind,
    )


def _without_cover(page: Coverage) -> Iterator[Counted]:
    for one in page.without_cover:
        for country in one.countries:
            lost = (gap for gap in page.gaps if (gap.agency, gap.country) == (one.agency, country))
            yield _country(AreaPart(country=country), one.agency, lost)


def _country(country: AreaPart, agency: Agency | None, lost: Iterable[Gap]) -> Counted:
    """A country, with the posts that left it without cover."""
    posts = {gap.post: gap.behind for gap in lost}
    return Counted(
        streams=tuple(posts),
        part=country,
        agency=agency,
        behind=tuple(one for behind in posts.values() for one in behind),
    )


def _of_review(figure: Figure, page: ReviewsOfYear) -> Taken:
    posts = [(review, post) for review in page.reviews for post in review.posts]
    match figure:
        case Figure.REVIEW_POSTS:
            return len(posts), (_reviewed(*one) for one in posts)
        case Figure.REVIEW_GONE_THROUGH:
            gone = len(posts) - sum(len(review.not_gone_through) for review in page.reviews)
            return gone, (_reviewed(*one) for one in posts if one[1].verdict is not None)
    threatened = sum(len(review.under_threat) for review in page.reviews)
    return threatened, (
        _reviewed(review, post) for review, post in posts if post.post in review.under_threat
    )


def _reviewed(review: Review, post: ReviewedPost) -> Counted:
    return Counted(
        streams=(review.review, post.post),
        place=post.place,
        agency=post.operated_by,
        illustrative=post.illustrative,
        behind=review.behind,
    )
