"""How one thing stands, and the events behind it: who says so, since when, decided where."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from projections.editions import CycleLine
from projections.history import Entry, history
from projections.mission_line import MissionLine
from projections.policies import PolicyLine
from projections.post_line import PostLine
from projections.read_model import Moment, ReadModel
from projections.review import ReviewLine
from schemas.recorded_event import RecordedEvent


class Fact(Struct, frozen=True):
    """A field of the line, or what is derived from it."""

    field: str
    value: Any


class Explanation(Struct, frozen=True, kw_only=True):
    """
    `facts` are empty where nothing is in effect. `behind` are the events that made the line as it
    stands, `without_effect` those in effect that left it as it was, `to_come` what is recorded and
    takes effect later; each in the order it was said.
    """

    stream: str
    facts: tuple[Fact, ...]
    behind: tuple[Entry, ...]
    without_effect: tuple[Entry, ...]
    to_come: tuple[Entry, ...]


# What tells most about a line, in the order it is told.
FACTS: Mapping[type, tuple[str, ...]] = MappingProxyType(
    {
        MissionLine: (
            *("title", "action", "state", "tag", "regions", "coordinated_by", "period", "places"),
            *("sectors", "confirmed_on", "held_on", "participants", "ending", "provenance"),
        ),
        PostLine: (
            *("function", "state", "since", "operated_by", "place", "area", "shared_with"),
            "provenance",
        ),
        CycleLine: ("secretariat", "opened_on", "meetings", "editions", "closed_on"),
        ReviewLine: (
            *("year", "secretariat", "opened_on", "posts", "gone_through", "decisions"),
            "closed_on",
        ),
        PolicyLine: ("owner", "topic", "value", "source", "attributed_to", "since"),
    }
)


def explanation(
    lines: ReadModel[Any], events: Iterable[RecordedEvent], stream: str, moment: Moment
) -> Explanation:
    """`lines` are those at the moment, `events` all that is recorded of the stream."""
    made_by = lines.behind.get(stream, ())
    said = history(events, stream, replace(moment, as_of=None)).entries
    later = tuple(one for one in said if moment.as_of is not None and one.effective > moment.as_of)
    in_effect = tuple(one for one in said if one not in later)
    return Explanation(
        stream=stream,
        facts=facts(lines.lines.get(stream)),
        behind=tuple(one for one in in_effect if one.reference in made_by),
        without_effect=tuple(one for one in in_effect if one.reference not in made_by),
        to_come=later,
    )


def facts(line: Any) -> tuple[Fact, ...]:
    """What is known of a line."""
    if line is None:
        return ()
    found = (Fact(name, _value(line, name)) for name in FACTS[type(line)])
    return tuple(fact for fact in found if fact.value not in (None, ()))


def _value(line: Any, name: str) -> Any:
    """In short: meetings and editions by name, and the long lists of a review counted."""
    match line, name:
        case PostLine(), "place":
            return line.places if line.place is None else (line.place,)
        case CycleLine(), "meetings":
            return tuple(one.meeting for one in line.meetings)
        case CycleLine(), "editions":
            return tuple(one.edition for one in line.editions)
        case ReviewLine(), "posts" | "gone_through" | "decisions":
            return len(getattr(line, name))
    return getattr(line, name)
