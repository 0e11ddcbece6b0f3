"""What waits for an agency on a day: who opens the pages in the morning, sees this first."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from projections.mission_line import CoOrganisation, MissionLine
from projections.mission_plan import in_order, over
from projections.post_line import PostLine, PostState, where
from projections.read_model import ReadModel, Reference
from projections.review import ReviewLine
from schemas.action import MissionId
from schemas.period import Period, bounds
from schemas.post import PostId
from schemas.review import ReviewId, Verdict
from schemas.vocabulary import Agency, Place, Title

# FR and NL are obliged: both federated communities read the plan (DOMAIN §5).
OBLIGED = ("fr", "nl")


class Talk(Struct, frozen=True, kw_only=True):
    """A proposal that waits, for so many days. `partner` is the other side; `days_left` until the
    answer is due, below zero when it is overdue, null where no day was set."""

    mission: MissionId
    title: Title
    period: Period
    partner: Agency
    co_organisation: CoOrganisation
    days: int
    days_left: int | None
    illustrative: bool
    behind: tuple[Reference, ...]


class Threatened(Struct, frozen=True, kw_only=True):
    """A post that serves the agency and is closing, or was said to be under threat in a review."""

    post: PostId
    operated_by: Agency | None
    place: Place
    state: PostState
    expected: Period | None
    review: ReviewId | None
    illustrative: bool
    behind: tuple[Reference, ...]


class Untranslated(Struct, frozen=True, kw_only=True):
    """A mission of the agency, still to come, whose title misses an obliged language."""

    mission: MissionId
    title: Title
    missing: tuple[str, ...]
    illustrative: bool
    behind: tuple[Reference, ...]


class NotYet(Struct, frozen=True, kw_only=True):
    """Published by this day last year, and nothing of its kind to its countries this year."""

    mission: MissionId
    title: Title
    published_on: date
    illustrative: bool
    behind: tuple[Reference, ...]


class Waiting(Struct, frozen=True, kw_only=True):
    """`to_answer`: proposals that wait for the agency, the longest first. `awaited`: its own, that
    wait for others."""

    agency: Agency
    day: date
    to_answer: tuple[Talk, ...]
    awaited: tuple[Talk, ...]
    threatened: tuple[Threatened, ...]
    untranslated: tuple[Untranslated, ...]
    not_yet: tuple[NotYet, ...]


def waiting(
    missions: ReadModel[MissionLine],
    posts: ReadModel[PostLine],
    reviews: ReadModel[ReviewLine],
    agency: Agency,
    day: date,
) -> Waiting:
    """Of missions, those for the year before the day and later are needed."""
    lines = [line for line in in_order(missions) if not over(line)]
    talks = [talk for line in lines for talk in _talks(line, missions, agency, day)]
    talks.sort(key=lambda talk: (-talk.days, talk.mission))
    own = [line for line in lines if line.owner == agency]
    return Waiting(
        agency=agency,
        day=day,
        to_answer=tuple(one for one in talks if one.co_organisation.waits_for == agency),
        awaited=tuple(one for one in talks if one.co_organisation.waits_for != agency),
        threatened=tuple(_threatened(posts, reviews, agency)),
        untranslated=tuple(_untranslated(own, missions, day)),
        not_yet=tuple(_not_yet(own, missions, day)),
    )


def _talks(
    line: MissionLine, missions: ReadModel[MissionLine], agency: Agency, day: date
) -> Iterator[Talk]:
    """Of missions that are still to be held, and in which the agency is one of the two sides."""
    for one in line.co_organisations:
        if one.waits_for is None or line.held_on or agency not in (line.owner, one.agency):
            continue
        due = one.answer_due
        yield Talk(
            mission=line.mission,
            title=line.title,
            period=line.period,
            partner=line.owner if one.agency == agency else one.agency,
            co_organisation=one,
            days=(day - one.since).days,
            days_left=(due - day).days if due else None,
            illustrative=line.illustrative,
            behind=missions.behind[line.mission],
        )


def _threatened(
    posts: ReadModel[PostLine], reviews: ReadModel[ReviewLine], agency: Agency
) -> Iterator[Threatened]:
    """What the last review said of a post counts: one that was to go may stay a year later."""
    said = {
        gone.post: (line.review, gone.verdict)
        for line in sorted(reviews.lines.values(), key=lambda line: line.year)
        for gone in line.gone_through
    }
    for line in posts.lines.values():
        review, verdict = said.get(line.post, (None, None))
        closing = line.state is PostState.CLOSING
        under_threat = verdict is Verdict.UNDER_THREAT and line.serves
        serves = line.operated_by == agency or agency in line.shared_with
        if serves and (closing or under_threat):
            yield Threatened(
                post=line.post,
                operated_by=line.operated_by,
                place=where(line),
                state=line.state,
                expected=line.closing.expected if line.closing else None,
                review=review if under_threat else None,
                illustrative=line.illustrative,
                behind=posts.behind[line.post],
            )


def _untranslated(
    own: Iterable[MissionLine], missions: ReadModel[MissionLine], day: date
) -> Iterator[Untranslated]:
    for line in own:
        missing = tuple(code for code in OBLIGED if getattr(line.title, code) is None)
        if missing and _to_come(line, day):
            yield Untranslated(
                mission=line.mission,
                title=line.title,
                missing=missing,
                illustrative=line.illustrative,
                behind=missions.behind[line.mission],
            )


def _to_come(line: MissionLine, day: date) -> bool:
    days = bounds(line.period)
    return line.held_on is None and (days is None or days.end >= day)


def _not_yet(
    own: list[MissionLine], missions: ReadModel[MissionLine], day: date
) -> Iterator[NotYet]:
    """No source says what makes an action the one of last year again: the same type of action, to
    a country in common (inference). What others coordinate is not the agency's to publish."""
    this_year = [line for line in own if line.published_on.year == day.year]
    for line in own:
        on = line.published_on
        by_this_day = on.year == day.year - 1 and (on.month, on.day) <= (day.month, day.day)
        ours = line.coordinated_by is None
        if by_this_day and ours and not any(_again(line, one) for one in this_year):
            yield NotYet(
                mission=line.mission,
                title=line.title,
                published_on=on,
                illustrative=line.illustrative,
                behind=missions.behind[line.mission],
            )


def _again(before: MissionLine, after: MissionLine) -> bool:
    return before.action is after.action and not set(before.countries).isdisjoint(after.countries)
