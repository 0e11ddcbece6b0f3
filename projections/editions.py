"""The editions of the plan, frozen after the meetings of a cycle, and what differs between two."""

from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct, structs
from msgspec.structs import replace

from projections.mission_line import MissionLine
from projections.mission_plan import in_order, takes_place
from projections.read_model import ReadModel, Reference
from schemas.action import MissionId, MissionState
from schemas.cycle import (
    BilateralHeld,
    CycleClosed,
    CycleId,
    CycleOpened,
    EditionName,
    EditionPublished,
    Head,
    MeetingId,
    Observation,
    TriRegionalHeld,
)
from schemas.message import owner_of
from schemas.period import Period, Year
from schemas.recorded_event import Told
from schemas.vocabulary import Agency, Title


class Meeting(Struct, frozen=True, kw_only=True):
    meeting: MeetingId
    on: date
    agencies: tuple[Agency, ...]
    observations: tuple[Observation, ...]


class Edition(Struct, frozen=True, kw_only=True):
    edition: EditionName
    number: int
    published_on: date
    heads: tuple[Head, ...]


class CycleLine(Struct, frozen=True, kw_only=True):
    cycle: CycleId
    secretariat: Agency
    opened_on: date
    meetings: tuple[Meeting, ...] = ()
    editions: tuple[Edition, ...] = ()
    closed_on: date | None = None


class Editions(Struct, frozen=True, kw_only=True):
    """A cycle with its meetings and editions; `cycle` is null where it was never opened."""

    plan_year: int  # whatever four digits the identifier of the cycle ends in, and one
    cycle: CycleLine | None
    behind: tuple[Reference, ...]


class FieldChange(Struct, frozen=True, kw_only=True):
    """A field of a line before and after, as plain data."""

    field: str
    before: Any
    after: Any


class Changed(Struct, frozen=True, kw_only=True):
    """A mission that differs; `behind` are the events that came between the two."""

    mission: MissionId
    title: Title
    period: Period
    changes: tuple[FieldChange, ...]
    behind: tuple[Reference, ...]


class Removal(StrEnum):
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    MOVED_AWAY = "moved-away"
    UNKNOWN = "unknown"  # the earlier plan knows it and the later one does not


class Removed(Struct, frozen=True, kw_only=True):
    mission: MissionId
    title: Title
    period: Period
    why: Removal
    reason: str | None
    behind: tuple[Reference, ...]


class Difference(Struct, frozen=True, kw_only=True):
    """What differs in the plan of a year. A mission that moved within it, or into it from another
    year, is `moved`; whatever else about it changed is told with it."""

    plan_year: int  # whatever four digits the identifier of the cycle ends in, and one
    added: tuple[Changed, ...]
    moved: tuple[Changed, ...]
    changed: tuple[Changed, ...]
    removed: tuple[Removed, ...]


DATES = frozenset({"period", "travel"})
# What tells how a value came about; the value itself is compared.
TOLD_ELSEWHERE = frozenset({"chain", "corrections"})


def evolve(line: CycleLine | None, recorded: Told) -> CycleLine | None:
    """Total: what cannot follow leaves the line as it was."""
    event = recorded.data
    match line, event:
        case None, CycleOpened():
            return CycleLine(
                cycle=event.cycle, secretariat=owner_of(event.cycle), opened_on=event.effective
            )
        case CycleLine(), BilateralHeld() | TriRegionalHeld():
            meeting = Meeting(
                meeting=event.meeting,
                on=event.effective,
                agencies=event.agencies,
                observations=event.observations,
            )
            return replace(line, meetings=(*line.meetings, meeting))
        case CycleLine(), EditionPublished():
            edition = Edition(
                edition=event.edition,
                number=event.number,
                published_on=event.effective,
                heads=event.heads,
            )
            return replace(line, editions=(*line.editions, edition))
        case CycleLine(), CycleClosed():
            return replace(line, closed_on=event.effective)
    return line


def planned_year(cycle: CycleId) -> Year:
    """The cycle of year N plans N+1."""
    return int(cycle.rpartition("-")[2]) + 1


def editions(cycles: ReadModel[CycleLine], cycle: CycleId) -> Editions:
    return Editions(
        plan_year=planned_year(cycle),
        cycle=cycles.lines.get(cycle),
        behind=cycles.behind.get(cycle, ()),
    )


def difference(
    before: ReadModel[MissionLine], after: ReadModel[MissionLine], year: Year
) -> Difference:
    """What differs between two states of the plan of a year."""
    added, moved, changed, removed = [], [], [], []
    for line in in_order(after):
        earlier = before.lines.get(line.mission)
        if not takes_place(line, year):
            continue
        if earlier is None:
            added.append(_changed(line, (), before, after))
            continue
        changes = field_changes(earlier, line)
        if any(change.field in DATES for change in changes):
            moved.append(_changed(line, changes, before, after))
        elif changes:
            changed.append(_changed(line, changes, before, after))
    for line in in_order(before):
        later = after.lines.get(line.mission)
        if takes_place(line, year) and (later is None or not takes_place(later, year)):
            removed.append(_removed(line, later, before, after))
    return Difference(
        plan_year=year,
        added=tuple(added),
        moved=tuple(moved),
        changed=tuple(changed),
        removed=tuple(removed),
    )


def field_changes(before: MissionLine, after: MissionLine) -> tuple[FieldChange, ...]:
    was, now = structs.asdict(before), structs.asdict(after)
    was |= {"state": before.state, "tag": before.tag, "regions": before.regions}
    now |= {"state": after.state, "tag": after.tag, "regions": after.regions}
    return tuple(
        FieldChange(
            field=name,
            before=msgspec.to_builtins(was[name]),
            after=msgspec.to_builtins(now[name]),
        )
        for name in now
        if name not in TOLD_ELSEWHERE
        if was[name] != now[name]
    )


def _changed(
    line: MissionLine,
    changes: tuple[FieldChange, ...],
    before: ReadModel[MissionLine],
    after: ReadModel[MissionLine],
) -> Changed:
    return Changed(
        mission=line.mission,
        title=line.title,
        period=line.period,
        changes=changes,
        behind=_between(line.mission, before, after),
    )


def _removed(
    line: MissionLine,
    later: MissionLine | None,
    before: ReadModel[MissionLine],
    after: ReadModel[MissionLine],
) -> Removed:
    why, reason = Removal.UNKNOWN, None
    if later is not None and later.ending is not None:
        replaced = later.state is MissionState.REPLACED
        why = Removal.REPLACED if replaced else Removal.CANCELLED
        reason = later.ending.reason
    elif later is not None:
        why = Removal.MOVED_AWAY
        reason = later.chain[-1].reason if later.chain else None
    return Removed(
        mission=line.mission,
        title=line.title,
        period=line.period,
        why=why,
        reason=reason,
        behind=_between(line.mission, before, after),
    )


def _between(
    mission: MissionId, before: ReadModel[MissionLine], after: ReadModel[MissionLine]
) -> tuple[Reference, ...]:
    known = before.behind.get(mission, ())
    return tuple(one for one in after.behind.get(mission, ()) if one not in known)
