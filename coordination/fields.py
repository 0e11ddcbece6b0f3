"""The fields of a line in words: their names, and their values by what they mean."""

from typing import Any, get_type_hints

import msgspec

from coordination.wording import Reader
from projections.mission_line import CoOrganisation, MissionLine
from schemas.action import MissionState, Tag
from schemas.vocabulary import Agency

_OF_A_MISSION: dict[str, Any] = {
    **get_type_hints(MissionLine, include_extras=True),
    "state": MissionState,
    "tag": Tag,
    "regions": tuple[Agency, ...],
}


def heading(field: str, reader: Reader) -> str:
    return reader.say(f"field.{field.replace('_', '-')}")


def worded(field: str, value: Any, reader: Reader) -> str:
    match field:
        case "state" | "tag" | "action" | "topic":
            return reader.label(field, value)
        case "owner" | "operated_by" | "secretariat":
            return reader.agency(value)
        case "sectors":
            return reader.listed(reader.label("sector", one) for one in value)
        case "programme":
            return reader.listed(reader.label("programme", one) for one in value)
        case "regions" | "shared_with":
            return reader.agencies(value)
        case "co_organisations":
            return reader.listed(standing(one, reader) for one in value)
        case "coordinators":
            return reader.listed(reader.pair(reader.agency(one.agency), one.role) for one in value)
        case "promises":
            return reader.listed(f"{one.promise}, {reader.period(one.period)}" for one in value)
        case "ending":
            return "" if value is None else f"{reader.day(value.on)}, {value.reason}"
        case "provenance":
            return "" if value is None else str(value.source)
    return reader.value(value)


def worded_plain(field: str, plain: Any, reader: Reader) -> str:
    """As `worded`, of a mission's field as the difference between two plans has it."""
    return worded(field, msgspec.convert(plain, _OF_A_MISSION[field]), reader)


def standing(one: CoOrganisation, reader: Reader) -> str:
    return reader.pair(reader.agency(one.agency), reader.label("standing", one.standing))
