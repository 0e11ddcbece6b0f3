"""The joint list of offices: contributions, the places they share, and what others declare.

DOMAIN §3: 39 + 36 + 21 posts are 96 contributions, the published total is 86 offices, and no
source explains the ten. So nothing is stored or forced: both totals are counted when asked, the
overlaps are named, and a declared figure stands beside them with its source.
"""

from collections import Counter
from datetime import date
from enum import StrEnum
from itertools import groupby

from msgspec import Struct

from projections.city import city_key
from projections.network_changes import NetworkChange, to_come
from projections.post_line import PostLine, PostState, where
from projections.read_model import ReadModel, Reference
from projections.review import DeclaredFigure
from schemas.asking import AskOffices
from schemas.period import Period
from schemas.post import AreaPart, PostId
from schemas.vocabulary import Agency, Country, Place, Provenance, Qualified, Qualifier


class OfficeRow(Struct, frozen=True, kw_only=True, gc=False):
    """A post on the joint list. `places` has the alternatives while it is only announced."""

    post: PostId
    operated_by: Agency | None
    function: str
    place: Place | None
    places: tuple[Place, ...]
    state: PostState
    since: date
    vacant: bool
    closing_expected: Period | None
    closed_on: date | None
    reason: str | None
    area: tuple[AreaPart, ...]
    shared_with: tuple[Agency, ...]
    illustrative: bool
    provenance: Provenance | None
    behind: tuple[Reference, ...]


class AgencyCount(Struct, frozen=True, kw_only=True):
    """`agency` is null for the posts of which the source does not say whose they are."""

    agency: Agency | None
    contributions: int
    illustrative: int


class Overlap(Struct, frozen=True, kw_only=True):
    """One office with several posts."""

    country: Country
    city: str | None
    posts: tuple[PostId, ...]


class ExplanationKind(StrEnum):
    """How a declared figure relates to ours; the catalogues put it in words."""

    BOTH_EQUAL_DECLARED = "both-equal-declared"
    OFFICES_EQUAL_DECLARED = "offices-equal-declared"
    CONTRIBUTIONS_EQUAL_DECLARED = "contributions-equal-declared"
    NEITHER_EQUALS_DECLARED = "neither-equals-declared"


class Explanation(Struct, frozen=True, kw_only=True):
    kind: ExplanationKind
    contributions: int
    offices: int
    overlaps: int
    declared: int


class DeclaredBeside(Struct, frozen=True, kw_only=True):
    """A declared figure beside ours; a difference is ours less what is declared."""

    declared: DeclaredFigure
    contributions_difference: int
    offices_difference: int
    explanation: Explanation


class JointList(Struct, frozen=True, kw_only=True):
    """`overlaps` are the offices that hold more than one post: contributions less the posts
    beyond the first at each are the offices."""

    seen_by: Agency | None
    contributions: int
    offices: int
    of_which_illustrative: int
    by_agency: tuple[AgencyCount, ...]
    overlaps: tuple[Overlap, ...]
    declared: tuple[DeclaredBeside, ...]
    posts: tuple[OfficeRow, ...]
    not_yet_open: tuple[OfficeRow, ...]
    closed: tuple[OfficeRow, ...]
    decided: tuple[NetworkChange, ...]


def offices(
    posts_now: ReadModel[PostLine],
    posts_decided: ReadModel[PostLine],
    claims: tuple[DeclaredFigure, ...],
    question: AskOffices,
) -> JointList:
    """`posts_now` is the read model as of the day asked, `posts_decided` holds later days too."""
    seen = [line for line in posts_now.lines.values() if _seen(line, question.seen_by)]
    rows = tuple(_row(line, posts_now.behind[line.post]) for line in sorted(seen, key=_by_place))
    listed = tuple(row for row in rows if row.state not in (PostState.ANNOUNCED, PostState.CLOSED))
    places = at_each_place(listed)
    overlaps = tuple(_overlap(there) for there in places if len(there) > 1)
    return JointList(
        seen_by=question.seen_by,
        contributions=len(listed),
        offices=len(places),
        of_which_illustrative=sum(row.illustrative for row in listed),
        by_agency=_by_agency(listed),
        overlaps=overlaps,
        declared=tuple(
            _beside(declared, len(listed), len(places), len(overlaps)) for declared in claims
        ),
        posts=listed,
        not_yet_open=tuple(row for row in rows if row.state is PostState.ANNOUNCED),
        closed=tuple(row for row in rows if row.state is PostState.CLOSED),
        decided=tuple(
            change
            for change in to_come(posts_now, posts_decided)
            if _seen(posts_decided.lines[change.post], question.seen_by)
            or _seen(posts_now.lines.get(change.post), question.seen_by)
        ),
    )


def _seen(line: PostLine | None, seen_by: Agency | None) -> bool:
    """The list as an agency sees it: its own posts, and those that others share with it."""
    if line is None:
        return False
    return seen_by is None or line.operated_by == seen_by or seen_by in line.shared_with


def _row(line: PostLine, behind: tuple[Reference, ...]) -> OfficeRow:
    ending = line.closed or line.closing or line.vacancy
    return OfficeRow(
        post=line.post,
        operated_by=line.operated_by,
        function=line.function,
        place=line.place,
        places=line.places,
        state=line.state,
        since=line.since,
        vacant=line.vacancy is not None,
        closing_expected=line.closing.expected if line.closing else None,
        closed_on=line.closed.on if line.closed else None,
        reason=ending.reason if ending else None,
        area=line.area,
        shared_with=line.shared_with,
        illustrative=line.illustrative,
        provenance=line.provenance,
        behind=behind,
    )


def _by_place(line: PostLine) -> tuple[str, ...]:
    return (*_office(line.post, where(line)), line.post)


def _office(post: PostId, place: Place) -> tuple[str, str, str]:
    """Montréal and Montreal are one city; a post of which only the country is known is an office
    of its own, for nothing says that it shares one."""
    key = city_key(place)
    return (place.country, "", post) if key is None else (*key, "")


def at_each_place(rows: tuple[OfficeRow, ...]) -> list[tuple[OfficeRow, ...]]:
    """The offices of a list in its order, by place: each the posts it holds."""
    offices = groupby(rows, lambda row: _office(row.post, where(row)))
    return [tuple(there) for _, there in offices]


def _overlap(there: tuple[OfficeRow, ...]) -> Overlap:
    place = where(there[0])
    return Overlap(country=place.country, city=place.city, posts=tuple(row.post for row in there))


def _by_agency(rows: tuple[OfficeRow, ...]) -> tuple[AgencyCount, ...]:
    counts = Counter(row.operated_by for row in rows)
    illustrative = Counter(row.operated_by for row in rows if row.illustrative)
    return tuple(
        AgencyCount(agency=agency, contributions=counts[agency], illustrative=illustrative[agency])
        for agency in sorted(counts, key=lambda agency: (agency is None, agency or ""))
    )


def _beside(
    declared: DeclaredFigure, contributions: int, offices: int, overlaps: int
) -> DeclaredBeside:
    figure = declared.claim.figure
    kind = {
        (True, True): ExplanationKind.BOTH_EQUAL_DECLARED,
        (False, True): ExplanationKind.OFFICES_EQUAL_DECLARED,
        (True, False): ExplanationKind.CONTRIBUTIONS_EQUAL_DECLARED,
        (False, False): ExplanationKind.NEITHER_EQUALS_DECLARED,
    }[_agrees(contributions, figure), _agrees(offices, figure)]
    return DeclaredBeside(
        declared=declared,
        contributions_difference=contributions - figure.value,
        offices_difference=offices - figure.value,
        explanation=Explanation(
            kind=kind,
            contributions=contributions,
            offices=offices,
            overlaps=overlaps,
            declared=figure.value,
        ),
    )


def _agrees(count: int, figure: Qualified) -> bool:
    """ "About" has no measure in any source, so only the very figure agrees with it."""
    match figure.qualifier:
        case Qualifier.AT_LEAST:
            return count >= figure.value
        case Qualifier.MORE_THAN:
            return count > figure.value
    return count == figure.value
