"""Long answers come in pages: the same cut of each long list, and how long each is as a whole."""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from projections.coverage import Coverage
from projections.editions import Difference
from projections.explanation import Explanation
from projections.figures import FigureLines
from projections.history import History
from projections.june import June
from projections.mission_plan import Plan
from projections.offices import JointList
from projections.policies import PolicyList
from projections.september import September

# The lists of an answer that grow with the years; the others are whole on each page.
LONG: Mapping[type[Struct], tuple[str, ...]] = {
    Coverage: ("countries", "gaps", "to_come"),
    Difference: ("added", "moved", "changed", "removed"),
    Explanation: ("behind", "without_effect", "to_come"),
    FigureLines: ("lines",),
    History: ("entries",),
    JointList: ("posts", "not_yet_open", "closed", "decided"),
    June: ("conflicts", "synergies", "own", "others"),
    Plan: ("missions", "undated", "moved_away", "ended"),
    PolicyList: ("policies",),
    September: ("rows",),
}


class Paging(Struct, frozen=True, kw_only=True):
    """Which part of each long list."""

    limit: Annotated[
        int, Meta(ge=1, le=1000, description="how many of each long list; 100 when not said")
    ] = 100
    offset: Annotated[
        int, Meta(ge=0, le=10**9, description="how many of each long list come before; none")
    ] = 0


def totals(answer: Struct) -> dict[str, int]:
    return {name: len(getattr(answer, name)) for name in LONG.get(type(answer), ())}


def cut(answer: Any, paging: Paging) -> Any:
    """The pages put together, list by list, are the whole answer."""
    part = slice(paging.offset, paging.offset + paging.limit)
    lists = LONG.get(type(answer), ())
    return replace(answer, **{name: getattr(answer, name)[part] for name in lists})


def has_more(totals: Mapping[str, int], paging: Paging) -> bool:
    return max(totals.values(), default=0) > paging.offset + paging.limit
