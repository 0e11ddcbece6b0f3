"""Who covers Vietnam, when its post is in Hanoi: what the tests of coverage and network share."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from projections.coverage import (
    Cover,
    Gap,
    coverage,
)
from projections.post_line import Basis, Cause, PostState
from schemas.asking import AskCoverage
from schemas.post import PostEvent
from schemas.vocabulary import HUB, Agency
from tests.projections.abroad import (
    HANOI,
    MARCH,
    network_of,
)

ASKED = AskCoverage(as_of=MARCH)
BY_HANOI = Cover(
    post=HANOI,
    basis=Basis.OWN,
    state=PostState.OPEN,
    vacant=False,
    partial=False,
    within=(),
    illustrative=False,
)
CLOSED = Gap(
    country="VN",
    within=None,
    agency=HUB,
    post=HANOI,
    cause=Cause.CLOSED,
    reason="few cases",
    on=MARCH,
    nobody=False,
    rest_covered=False,
    awaiting=(),
    behind=("hub/1", "hub/2", "hub/3"),
)


def covers(*events: PostEvent, agency: Agency = HUB, on: date = MARCH) -> tuple[Cover, ...]:
    """Who covers Vietnam for an agency."""
    asked = AskCoverage(as_of=on, country="VN", agency=agency)
    found = coverage(network_of(*events), asked)
    return tuple(
        cover for country in found.countries for one in country.agencies for cover in one.covers
    )


def gaps(*events: PostEvent, on: date = MARCH) -> tuple[Gap, ...]:
    """The gaps, and on their own which events are behind each."""
    return coverage(network_of(*events), AskCoverage(as_of=on)).gaps


def without_references(found: Iterable[Gap]) -> tuple[Gap, ...]:
    return tuple(replace(gap, behind=CLOSED.behind) for gap in found)
