"""What may be asked of the read models. Each can be put as of a day and as known on a day."""

from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from schemas.action import MissionState, Tag
from schemas.cycle import CycleId, EditionName
from schemas.period import Year
from schemas.vocabulary import AWEX, HUB, Agency, Country, Sector

Stream: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z]+-[a-z0-9-]+$(?!\n)", examples=["mission-awex-2027-hanoi"])
]


class Figure(StrEnum):
    """The figures that can be taken apart, each by the question that counts it and its name."""

    PLAN_MISSIONS = "plan.missions"
    PLAN_NONE = "plan.none"
    PLAN_UNI_REGIONAL = "plan.uni-regional"
    PLAN_BI_REGIONAL = "plan.bi-regional"
    PLAN_TRI_REGIONAL = "plan.tri-regional"
    PLAN_MULTI_REGIONAL = "plan.multi-regional"
    PLAN_UNDATED = "plan.undated"
    PLAN_MOVED_AWAY = "plan.moved-away"
    PLAN_ENDED = "plan.ended"
    PLAN_ILLUSTRATIVE = "plan.illustrative"
    PLAN_ROYAL_WARNING = "plan.royal-warning"
    PLAN_AREA_MANAGER_STAYS = "plan.area-manager-stays"
    JUNE_CONFLICTS = "june.conflicts"
    JUNE_SYNERGIES = "june.synergies"
    SEPTEMBER_PROPOSED = "september.proposed"
    SEPTEMBER_DECIDED = "september.decided"
    SEPTEMBER_UNDECIDED = "september.undecided"
    OFFICES_CONTRIBUTIONS = "offices.contributions"
    OFFICES_OFFICES = "offices.offices"
    OFFICES_OVERLAPS = "offices.overlaps"
    OFFICES_ILLUSTRATIVE = "offices.illustrative"
    OFFICES_NOT_YET_OPEN = "offices.not-yet-open"
    OFFICES_CLOSED = "offices.closed"
    OFFICES_DECIDED = "offices.decided"
    COVERAGE_GAPS = "coverage.gaps"
    COVERAGE_TO_COME = "coverage.to-come"
    COVERAGE_WITHOUT_COVER = "coverage.without-cover"
    COVERAGE_COVERED_BY_NOBODY = "coverage.covered-by-nobody"
    REVIEW_POSTS = "review.posts"
    REVIEW_GONE_THROUGH = "review.gone-through"
    REVIEW_UNDER_THREAT = "review.under-threat"


class Question(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="question", forbid_unknown_fields=True
):
    """`as_of`: what held on that civil day in Europe/Brussels, today when not said.

    `known_on`: what had been recorded by the end of that day, everything when not said.
    """

    as_of: (
        Annotated[date, Meta(description="what held on that day; today when not said")] | None
    ) = None
    known_on: (
        Annotated[date, Meta(description="what had been recorded by that day; all when not said")]
        | None
    ) = None


class AskPlan(Question, frozen=True, kw_only=True, tag="plan"):
    """The mission plan of a year, undated and moved actions included."""

    year: Year
    agency: Agency | None = None
    sector: Sector | None = None
    country: Country | None = None
    tag: Tag | None = None
    state: MissionState | None = None


class AskEditions(Question, frozen=True, kw_only=True, tag="editions"):
    """The editions of the plan that were published in a cycle."""

    cycle: CycleId


class AskDifference(Question, frozen=True, kw_only=True, tag="difference"):
    """What was added, moved, changed or removed between two editions, or since one."""

    cycle: CycleId
    before: EditionName
    after: EditionName | None = None


class AskJune(Question, frozen=True, kw_only=True, tag="june"):
    """The intentions of two agencies for a year side by side, conflicts first."""

    year: Year
    agency: Agency = HUB
    other: Agency = AWEX


class AskSeptember(Question, frozen=True, kw_only=True, tag="september"):
    """The September board: what is proposed for a year, requested, answered, undecided."""

    year: Year


class AskOffices(Question, frozen=True, kw_only=True, tag="offices"):
    """The joint list of offices: the whole list, or the list as an agency sees it."""

    seen_by: Agency | None = None


class AskCoverage(Question, frozen=True, kw_only=True, tag="coverage"):
    """Which post covers each country for the companies of each agency, and the gaps."""

    agency: Agency | None = None
    country: Country | None = None


class AskReview(Question, frozen=True, kw_only=True, tag="review"):
    """The CEO review of a year: posts gone through, decisions, declared figures."""

    year: Year


class AskPolicies(Question, frozen=True, kw_only=True, tag="policies"):
    """The policies in force, each with its source and to whom it is attributed."""


class AskHistory(Question, frozen=True, kw_only=True, tag="history"):
    """Who said what when about a mission, post, cycle, review or policy."""

    stream: Stream


class AskExplanation(Question, frozen=True, kw_only=True, tag="explain"):
    """How a mission, post, cycle, review or policy stands, and the events behind it.

    For what a figure counts: explain figure, such as `explain figure offices.offices`.
    """

    stream: Stream


class AskFigure(Question, frozen=True, kw_only=True, tag="explain.figure"):
    """What a figure counts, line by line, with the events behind each.

    A figure of the plan, of June, of September or of the review is of a year.
    An agency narrows a figure as it does the question that counts it: the plan,
    the joint list and the cover; of June it names the left column, and `other`
    the right one.
    """

    figure: Figure
    year: Year | None = None
    agency: Agency | None = None
    other: Agency | None = None


AnyQuestion: TypeAlias = (
    AskPlan
    | AskEditions
    | AskDifference
    | AskJune
    | AskSeptember
    | AskOffices
    | AskCoverage
    | AskReview
    | AskPolicies
    | AskHistory
    | AskExplanation
    | AskFigure
)
