"""A read model holds the lines of one projection, each with the events behind it.

Lines depend on their own stream only, and a stream lies in one ledger: so whatever order the
ledgers reach a node in, the lines are the same.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Generic, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from schemas.cycle import Head
from schemas.recorded_event import RecordedEvent, Told

Line = TypeVar("Line")
Event = TypeVar("Event", bound=Told)
Reference: TypeAlias = str  # `awex/17`: the event with seq 17 of AWEX's ledger
Evolve: TypeAlias = Callable[[Line | None, Told], Line | None]
CIVIL = ZoneInfo("Europe/Brussels")


class Moment(Struct, frozen=True, kw_only=True):
    """
    What of the history counts.

    `as_of`: what has taken effect by that day. `known_on`: what had been recorded by the end of
    that day. `heads`: what the ledgers held up to these heads, nothing of a ledger not named.
    Days are civil days in Europe/Brussels; null sets no limit.
    """

    as_of: date | None = None
    known_on: date | None = None
    heads: tuple[Head, ...] | None = None


class ReadModel(Struct, Generic[Line], frozen=True):
    """The lines by stream, and the references of the events that changed each."""

    lines: Mapping[str, Line]
    behind: Mapping[str, tuple[Reference, ...]]


def fold(
    evolve: Evolve[Line], recorded_events: Iterable[RecordedEvent], moment: Moment
) -> ReadModel[Line]:
    """
    The lines of a projection at a moment.

    Within a stream, events follow each other as they were decided, as they do for the decider:
    the last word prevails, from its day on, whatever day an earlier word named.
    """
    streams: dict[str, list[RecordedEvent]] = {}
    for recorded in counted(recorded_events, moment):
        streams.setdefault(recorded.stream, []).append(recorded)
    lines: dict[str, Line] = {}
    behind: dict[str, tuple[Reference, ...]] = {}
    for stream in sorted(streams):
        line: Line | None = None
        made_by: list[Reference] = []
        for recorded in sorted(streams[stream], key=_as_decided):
            before, line = line, evolve(line, recorded)
            if line is not before and line != before:
                made_by.append(reference(recorded))
        if line is not None:
            lines[stream], behind[stream] = line, tuple(made_by)
    return ReadModel(lines, behind)


def counted(recorded_events: Iterable[Event], moment: Moment) -> Iterable[Event]:
    """The events that count at a moment."""
    heads = None if moment.heads is None else {head.ledger: head.seq for head in moment.heads}
    for recorded in recorded_events:
        if moment.as_of is not None and recorded.data.effective > moment.as_of:
            continue
        if moment.known_on is not None and civil_day(recorded.time) > moment.known_on:
            continue
        if heads is not None and recorded.seq > heads.get(recorded.ledger, 0):
            continue
        yield recorded


def reference(recorded: Told) -> Reference:
    return f"{recorded.ledger}/{recorded.seq}"


def civil_day(time: datetime) -> date:
    """The day in Europe/Brussels, where all three agencies keep their calendars."""
    return time.astimezone(CIVIL).date()


def canonical(read_model: ReadModel[Line]) -> bytes:
    """The same lines give the same bytes, on every node."""
    return msgspec.json.encode(read_model, order="deterministic")


def _as_decided(recorded: RecordedEvent) -> int:
    return recorded.version
