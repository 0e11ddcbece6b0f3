"""The agencies' language as documents: JSON Schema for programs, a Markdown catalogue for people.

Both are made from the Structs, so they cannot say anything else than the service understands.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, get_args

import msgspec
from msgspec import Struct

from schemas.answer import Answer, AnyAnswer
from schemas.asking import (
    AnyQuestion,
    AskCoverage,
    AskDifference,
    AskEditions,
    AskExplanation,
    AskFigure,
    AskHistory,
    AskJune,
    AskOffices,
    AskPlan,
    AskPolicies,
    AskReview,
    AskSeptember,
    Figure,
    Question,
)
from schemas.examples.answer import ANSWERS
from schemas.message import Command, Event
from schemas.recorded_event import AnyCommand, AnyEvent, RecordedEvent
from schemas.vocabulary import AWEX, FIT, HUB

DAY = date(2026, 10, 1)
CYCLE = "cycle-hub-2026"
QUESTIONS: tuple[AnyQuestion, ...] = (
    AskPlan(year=2027, country="VN", as_of=DAY),
    AskEditions(cycle=CYCLE),
    AskDifference(cycle=CYCLE, before="after-june", after="after-september"),
    AskJune(year=2027, agency=HUB, other=AWEX),
    AskSeptember(year=2027),
    AskOffices(seen_by=FIT),
    AskCoverage(agency=HUB, country="VN", known_on=DAY),
    AskReview(year=2026),
    AskPolicies(as_of=DAY),
    AskHistory(stream="mission-awex-2027-hanoi"),
    AskExplanation(stream="mission-awex-2027-hanoi"),
    AskFigure(figure=Figure.PLAN_TRI_REGIONAL, year=2027, as_of=DAY),
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "What the agencies say to each other"


def json_schema(commands: Iterable[Command], events: Iterable[Event]) -> dict[str, Any]:
    """One document: an event as it is recorded, a command, a question or what a node answers to a
    command; with examples."""
    wholes = (RecordedEvent, AnyCommand, AnyQuestion, AnyAnswer)
    alternatives, components = msgspec.json.schema_components(wholes, ref_template="#/$defs/{name}")
    for kind, example in _by_kind(commands, events).items():
        components[kind.__name__]["examples"] = [msgspec.json.decode(msgspec.json.encode(example))]
    return {
        "$schema": DIALECT,
        "title": TITLE,
        "anyOf": list(alternatives),
        "$defs": dict(sorted(components.items())),
    }


def markdown(commands: Iterable[Command], events: Iterable[Event]) -> str:
    """Every command, event, question and answer with its fields, and the given example of each."""
    examples = _by_kind(commands, events)
    schema = json_schema((), ())["$defs"]
    parts = [f"# {TITLE}", _INTRODUCTION]
    for title, union in _CHAPTERS.items():
        parts.append(f"## {title}")
        for kind in get_args(union):
            parts += _message(kind, schema.pop(kind.__name__), examples.get(kind))
    parts.append("## Values: what messages are made of")
    for title, said in schema.items():
        parts += _value(title, said)
    return "\n\n".join(parts) + "\n"


def _by_kind(commands: Iterable[Command], events: Iterable[Event]) -> dict[type[Struct], Struct]:
    return {type(example): example for example in (*commands, *events, *QUESTIONS, *ANSWERS)}


_INTRODUCTION = """\
Every message is a JSON object whose field `command`, `event`, `question` or `answer` says
which it is.
A field that is not needed may be left out. Days are civil days in Europe/Brussels."""

_FORMATS = {"date": "day", "date-time": "moment", "decimal": "decimal number in text"}

_CHAPTERS: Mapping[str, Any] = {
    "Commands: what an agency asks for": AnyCommand,
    "Events: what happened": AnyEvent,
    "Questions: what may be read": AnyQuestion,
    "Answers: what becomes of a command": AnyAnswer,
}


def _message(
    kind: type[Command | Event | Question | Answer], said: Mapping[str, Any], example: Struct | None
) -> Iterator[str]:
    yield f"### `{kind.__struct_config__.tag}`"
    yield from _described(said, without=str(kind.__struct_config__.tag_field))
    if example is not None:
        yield f"```json\n{msgspec.json.format(msgspec.json.encode(example)).decode()}\n```"


def _value(title: str, said: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {title}"
    if "enum" in said:
        yield "One of " + ", ".join(f"`{value}`" for value in said["enum"]) + "."
    else:
        yield from _described(said)


class FieldRow(Struct, frozen=True):
    """A field of a message, as a table has it."""

    name: str
    needed: bool
    what: str


def rows(said: Mapping[str, Any], without: Collection[str] = ()) -> list[FieldRow]:
    """The fields of a Struct, from its schema."""
    return [
        FieldRow(field, field in said.get("required", ()), _what(value))
        for field, value in said["properties"].items()
        if field not in without
    ]


def _described(said: Mapping[str, Any], without: str = "") -> Iterator[str]:
    if description := said.get("description"):
        yield " ".join(description.split())
    lines = [
        f"| `{one.name}` | {'yes' if one.needed else ''} | {one.what} |"
        for one in rows(said, (without,))
    ]
    if lines:
        yield "\n".join(["| field | needed | what |", "|---|---|---|", *lines])


def _what(said: Mapping[str, Any]) -> str:
    """`day`, `text like "VN"`, `list of Place` …"""
    if "anyOf" in said:
        alternatives = (_what(one) for one in said["anyOf"] if one != {"type": "null"})
        words = " or ".join(dict.fromkeys(alternatives))
    elif "$ref" in said:
        words = str(said["$ref"]).rpartition("/")[2]
    elif said.get("type") == "array":
        words = f"list of {_item(said)}"
    else:
        words = _simple(said)
    description = said.get("description")
    return f"{words}: {description}" if description else words


def _item(said: Mapping[str, Any]) -> str:
    if "prefixItems" in said:
        return f"{len(said['prefixItems'])} of {_what(said['prefixItems'][0])}"
    return _what(said["items"])


def _simple(said: Mapping[str, Any]) -> str:
    if form := _FORMATS.get(str(said.get("format"))):
        return form
    if values := said.get("enum"):
        return ", ".join(f"`{value}`" for value in values)
    kind = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    words = kind.get(str(said.get("type")), str(said.get("type", "anything")))
    least, most = said.get("minimum"), said.get("maximum")
    if least is not None:
        words += f" from {least}"
    if most is not None:
        words += f" to {most}"
    if examples := said.get("examples"):
        words += f" like `{examples[0]}`"
    return words
