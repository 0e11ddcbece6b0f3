"""What every message shares, whichever agency sent it."""

from datetime import date
from functools import cache
from typing import Any

import msgspec
from msgspec import UNSET

from schemas.vocabulary import Agency


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="event"):
    """Something that happened. Events are kept for ever, so readers let unknown fields pass.

    `effective` is the civil day in Europe/Brussels from which the fact holds; the moment it was
    recorded stands on the envelope.
    """

    effective: date


class Command(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="command", forbid_unknown_fields=True
):
    """Something an agency asks for. Commands are fresh, so a misspelt field is an error.

    `by` is the agency that asks, `effective` the civil day from which its wish shall hold: the
    doors fill in the signed-in agency and today where the asker says nothing.
    """

    by: Agency
    effective: date


def name(message: Event | Command | type[Event] | type[Command]) -> str:
    """The one name a message has in the event store, on the wire, in the CLI and in the docs."""
    return str(message.__struct_config__.tag)


def said(changes: msgspec.Struct) -> dict[str, Any]:
    """The fields that a change names; what it leaves unset stays as it is."""
    return {
        name: value
        for name in changes.__struct_fields__
        if (value := getattr(changes, name)) is not UNSET
    }


def subject_of(stream: str) -> str:
    """`mission` of `mission-awex-2027-hanoi`."""
    return stream.partition("-")[0]


def owner_of(stream: str) -> Agency:
    """`awex` of `mission-awex-2027-hanoi`: the agency that alone decides on the stream."""
    return stream.split("-", 2)[1]


def stream_of(message: Event | Command) -> str:
    """The stream a message belongs to: its field with the name of the subject."""
    return str(getattr(message, _subject_of(type(message))))


@cache
def _subject_of(kind: type[Event] | type[Command]) -> str:
    return name(kind).partition(".")[0]
