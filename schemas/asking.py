"""What may be asked of the read models. Each can be put as of a day and as known on a day."""

from datetime import date
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from schemas.action import MissionState, Tag
from schemas.cycle import CycleId, EditionName
from schemas.period import Year
from schemas.vocabulary import AWEX, HUB, Agency, Country, Sector


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

    stream: Annotated[
        str, Meta(pattern=r"^[a-z]+-[a-z0-9-]+$", examples=["mission-awex-2027-hanoi"])
    ]


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
)
