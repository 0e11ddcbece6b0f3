"""Which post covers each country for the companies of each agency, and who is left without."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from projections.network import Network, Served, Waits, network
from projections.post_line import Basis, Cause, PostLine, PostState
from projections.read_model import ReadModel, Reference
from schemas.asking import AskCoverage
from schemas.post import AreaPart, PostId, includes
from schemas.vocabulary import Agency, Country


class Cover(Struct, frozen=True, kw_only=True):
    """A post that serves an agency in a country: the whole of it, or only the parts `within`."""

    post: PostId
    basis: Basis
    state: PostState
    vacant: bool
    partial: bool
    within: tuple[str, ...]
    illustrative: bool


class Awaiting(Struct, frozen=True, kw_only=True):
    """A successor that is named and does not count as cover."""

    post: PostId
    from_post: PostId
    within: str | None
    from_day: date
    waits: Waits


class AgencyCover(Struct, frozen=True, kw_only=True):
    agency: Agency
    covers: tuple[Cover, ...]
    awaiting: tuple[Awaiting, ...]


class CountryCover(Struct, frozen=True, kw_only=True):
    country: Country
    agencies: tuple[AgencyCover, ...]


class Gap(Struct, frozen=True, kw_only=True):
    """A country, or the part `within`, that `post` served for an agency and nobody serves now.

    `nobody`: the closing says so itself. `rest_covered`: other parts of the country are covered.
    """

    country: Country
    within: str | None
    agency: Agency
    post: PostId
    cause: Cause
    reason: str | None
    on: date
    nobody: bool
    rest_covered: bool
    awaiting: tuple[Awaiting, ...]
    behind: tuple[Reference, ...]


class WithoutCover(Struct, frozen=True, kw_only=True):
    agency: Agency
    countries: tuple[Country, ...]


class Coverage(Struct, frozen=True, kw_only=True):
    """`without_cover`: the countries where an agency had cover and has nothing left at all;
    `covered_by_nobody`: countries that had cover and where no agency has anything left; `to_come`:
    the gaps there will be once what is decided has taken effect."""

    agencies: tuple[Agency, ...]
    countries: tuple[CountryCover, ...]
    gaps: tuple[Gap, ...]
    without_cover: tuple[WithoutCover, ...]
    covered_by_nobody: tuple[Country, ...]
    to_come: tuple[Gap, ...] = ()


def coverage(posts: ReadModel[PostLine], question: AskCoverage) -> Coverage:
    """Without a day every promise counts as due."""
    known = network(posts.lines, question.as_of or date.max)
    agencies = tuple(a for a in known.agencies if question.agency in (None, a))
    countries = tuple(c for c in known.countries if question.country in (None, c))
    gaps = tuple(
        gap
        for gap in _gaps(known, posts.behind)
        if gap.agency in agencies
        if gap.country in countries
    )
    still_covered = {one.part.country for one in known.served}
    once_covered = {loss.part.country for loss, _ in known.lost}
    return Coverage(
        agencies=agencies,
        countries=tuple(
            CountryCover(
                country=country,
                agencies=tuple(_agency_cover(known, country, agency) for agency in agencies),
            )
            for country in countries
        ),
        gaps=gaps,
        without_cover=_without_cover(gaps, agencies),
        covered_by_nobody=tuple(
            c for c in countries if c in once_covered if c not in still_covered
        ),
    )


def gaps_after(
    posts_now: ReadModel[PostLine], posts_decided: ReadModel[PostLine], question: AskCoverage
) -> tuple[Gap, ...]:
    """The gaps there will be once all that is decided has taken effect, and are not there yet."""
    known = {_key(gap) for gap in coverage(posts_now, question).gaps}
    then = coverage(posts_decided, replace(question, as_of=None))
    return tuple(gap for gap in then.gaps if _key(gap) not in known)


def _key(gap: Gap) -> tuple[Country, str | None, Agency]:
    return gap.country, gap.within, gap.agency


def _agency_cover(known: Network, country: Country, agency: Agency) -> AgencyCover:
    of_post: dict[PostId, list[Served]] = {}
    for one in known.in_country(country, agency):
        of_post.setdefault(one.line.post, []).append(one)
    return AgencyCover(
        agency=agency,
        covers=tuple(_cover(of_post[post]) for post in sorted(of_post)),
        awaiting=_awaiting(known, AreaPart(country=country), agency),
    )


def _cover(served: list[Served]) -> Cover:
    """The first reason counts: one's own post is not also shared with oneself."""
    parts = [one.part.within for one in served]
    within = sorted(dict.fromkeys(part for part in parts if part is not None))
    line = served[0].line
    return Cover(
        post=line.post,
        basis=served[0].basis,
        state=line.state,
        vacant=line.vacancy is not None,
        partial=None not in parts,
        within=() if None in parts else tuple(within),
        illustrative=line.illustrative,
    )


def _awaiting(known: Network, part: AreaPart, agency: Agency) -> tuple[Awaiting, ...]:
    return tuple(
        Awaiting(
            post=promise.to,
            from_post=promise.from_post,
            within=promise.part.within,
            from_day=promise.from_day,
            waits=waits,
        )
        for promise, waits in known.awaited
        if promise.agency == agency
        if includes(part, promise.part) or includes(promise.part, part)
    )


def _gaps(known: Network, behind: Mapping[str, tuple[Reference, ...]]) -> list[Gap]:
    """What was lost and not found again; where several posts lost it, the last one counts."""
    latest = {(loss.part, loss.agency): (loss, line) for loss, line in known.lost}
    gaps = []
    for (part, agency), (loss, line) in latest.items():
        left = known.in_country(part.country, agency)
        if any(includes(one.part, part) for one in left):
            continue
        gap = Gap(
            country=part.country,
            within=part.within,
            agency=agency,
            post=line.post,
            cause=loss.cause,
            reason=loss.reason,
            on=loss.on,
            nobody=_nobody(line, part, agency),
            rest_covered=bool(left),
            awaiting=_awaiting(known, part, agency),
            behind=behind[line.post],
        )
        gaps.append(gap)
    return sorted(gaps, key=lambda gap: (gap.country, gap.within or "", gap.agency))


def _nobody(line: PostLine, part: AreaPart, agency: Agency) -> bool:
    return line.closed is not None and any(
        succession.to is None
        and agency in succession.beneficiaries
        and includes(AreaPart(country=succession.country, within=succession.within), part)
        for succession in line.closed.successions
    )


def _without_cover(gaps: tuple[Gap, ...], agencies: tuple[Agency, ...]) -> tuple[WithoutCover, ...]:
    left = {
        agency: tuple(
            dict.fromkeys(
                gap.country for gap in gaps if gap.agency == agency if not gap.rest_covered
            )
        )
        for agency in agencies
    }
    return tuple(
        WithoutCover(agency=agency, countries=countries)
        for agency, countries in left.items()
        if countries
    )
