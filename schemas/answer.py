"""What a node answers on the wire to a command, by the identifier its asker gave it.

An asker keeps an answer for longer than a program lives, so readers let unknown fields pass.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Raw

from schemas.asking import Stream
from schemas.upcasting import Happened, read_or_not
from schemas.vocabulary import Agency

CommandId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9._-]{1,64}$(?!\n)",  # in Python, $ lets pass a last line feed
        examples=["crm-2026-000417"],
        description="identifier of the command, from its asker",
    ),
]
# As it was recorded: the hash of its ledger's chain is over these bytes.
Recorded: TypeAlias = Annotated[Raw, Meta(extra_json_schema={"$ref": "#/$defs/RecordedEvent"})]
Parameters: TypeAlias = dict[str, str | int | tuple[str, ...]]


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence in the languages of the agencies."""

    fr: str
    nl: str
    de: str
    en: str


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """A field that is not as the language has it: what was given, and what is allowed instead.

    `expected` and its parameters are for programs, `text` is for people.
    """

    field: str
    given: str
    expected: str
    text: Texts
    parameters: Parameters = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag_field="answer"):
    """What became of a command."""


class AnswerDone(Answer, frozen=True, kw_only=True, tag="done"):
    """It was decided, and what happened is kept for good: the events as they were recorded."""

    id: CommandId
    stream: Stream | None = None
    events: tuple[Recorded, ...]

    def happened(self) -> tuple[Happened, ...]:
        """The events. Raises ValueError where the bytes of one are no event."""
        return tuple(read_or_not(bytes(one)) for one in self.events)


class AnswerNothingToDo(Answer, frozen=True, kw_only=True, tag="nothing-to-do"):
    """It was so already, and nothing new was recorded."""

    id: CommandId


class AnswerRejected(Answer, frozen=True, kw_only=True, tag="rejected"):
    """The rules do not allow it: `reason` and its parameters for programs, `text` for people."""

    id: CommandId
    reason: str
    text: Texts
    parameters: Parameters = {}


class AnswerMalformed(Answer, frozen=True, kw_only=True, tag="malformed"):
    """It could not be read as a command: every mistake at once, in the order of the fields."""

    id: CommandId | None = None
    problems: tuple[Mistake, ...]


class AnswerWaiting(Answer, frozen=True, kw_only=True, tag="waiting"):
    """It is kept for the agency that decides, which has not answered since then."""

    id: CommandId
    owner: Agency
    since: Annotated[datetime, Meta(tz=True)]


AnyAnswer: TypeAlias = (
    AnswerDone | AnswerNothingToDo | AnswerRejected | AnswerMalformed | AnswerWaiting
)
