"""The history of a mission, post, cycle, review or policy: who said what when, and nothing lost."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from projections.read_model import Moment, Reference, counted, reference
from schemas.recorded_event import AnyEvent, RecordedEvent
from schemas.vocabulary import Agency


class Entry(Struct, frozen=True, kw_only=True):
    """`recorded` is the moment it was said, `effective` the day from which it holds."""

    reference: Reference
    recorded: datetime
    effective: date
    agency: Agency
    role: str
    type: str
    correlation: str
    event: AnyEvent


class History(Struct, frozen=True, kw_only=True):
    stream: str
    entries: tuple[Entry, ...]


def history(recorded_events: Iterable[RecordedEvent], stream: str, moment: Moment) -> History:
    """In the order it was said: a correction stands after what it corrects, which stays."""
    of_stream = (one for one in recorded_events if one.stream == stream)
    said = sorted(counted(of_stream, moment), key=lambda one: one.version)
    return History(stream=stream, entries=tuple(_entry(one) for one in said))


def _entry(recorded: RecordedEvent) -> Entry:
    return Entry(
        reference=reference(recorded),
        recorded=recorded.time,
        effective=recorded.data.effective,
        agency=recorded.agency,
        role=recorded.role,
        type=recorded.type,
        correlation=recorded.correlation,
        event=recorded.data,
    )
