"""The page of the API: every question and command with its fields, without a line of script."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

import msgspec
from litestar import Response, get
from msgspec import Struct

from coordination import access
from coordination.access import Role
from coordination.conversion import kinds_by_tag
from coordination.web.api.description import FILLED_IN, schemas
from coordination.web.api.problems import STATUSES
from coordination.web.pages import page
from coordination.web.visit import Visiting
from schemas.asking import AnyQuestion
from schemas.catalogue import QUESTIONS, FieldRow, rows
from schemas.examples import COMMANDS
from schemas.recorded_event import AnyCommand

HOW_TO = "coordination token new NAME --role coordinator --purpose CRM"


class Shown(Struct, frozen=True):
    """A message as the page has it; `example` is JSON, or the address of a question."""

    tag: str
    method: str
    description: str
    rows: list[FieldRow]
    roles: tuple[Role, ...]
    example: str


class Value(Struct, frozen=True):
    """What messages are made of: a structure of fields, or a choice of words."""

    name: str
    description: str
    rows: list[FieldRow]
    choice: tuple[str, ...]


@get("/{language:str}/api")
async def described(visit: Visiting) -> Response[bytes]:
    return page(
        visit,
        "api.html",
        questions=_questions(),
        commands=_commands(),
        values=_values(),
        problems=STATUSES,
        how_to=HOW_TO,
    )


@cache
def _questions() -> list[Shown]:
    examples: dict[type[Struct], Struct] = {type(one): one for one in QUESTIONS}
    return [
        _shown(
            tag,
            kind,
            method="GET",
            without=("question",),
            roles=tuple(access.READS[tag]),
            example=f"/api/{tag}?{_query(examples[kind])}".removesuffix("?"),
        )
        for tag, kind in kinds_by_tag(AnyQuestion).items()
    ]


@cache
def _commands() -> list[Shown]:
    examples: dict[type[Struct], Struct] = {type(one): one for one in COMMANDS}
    return [
        _shown(
            tag,
            kind,
            method="POST",
            without=("command",),
            roles=tuple(access.DECIDES[tag.partition(".")[0]]),
            example=_written(examples[kind]),
        )
        for tag, kind in kinds_by_tag(AnyCommand).items()
    ]


def _shown(
    tag: str,
    kind: type[Struct],
    *,
    method: str,
    without: tuple[str, ...],
    roles: tuple[Role, ...],
    example: str,
) -> Shown:
    said = schemas()[kind.__name__]
    return Shown(tag, method, said.get("description", ""), rows(said, without), roles, example)


def _query(question: Struct) -> str:
    plain: dict[str, Any] = msgspec.to_builtins(question)
    said = {name: value for name, value in plain.items() if value is not None}
    return "&".join(f"{name}={value}" for name, value in said.items() if name != "question")


def _written(command: Struct) -> str:
    plain: dict[str, Any] = msgspec.to_builtins(command)
    short = {name: value for name, value in plain.items() if name not in FILLED_IN}
    return msgspec.json.format(msgspec.json.encode(short)).decode()


@cache
def _values() -> list[Value]:
    """Those that a command or a question names, and those that these name."""
    found = schemas()
    messages = {kind.__name__ for union in (AnyQuestion, AnyCommand) for kind in get_args(union)}
    named: set[str] = set()
    waiting = {one for kind in messages for one in _named(found[kind])}
    while waiting:
        one = waiting.pop()
        named.add(one)
        waiting |= set(_named(found[one])) - named
    return [
        Value(
            name,
            found[name].get("description", "") if "properties" in found[name] else "",
            rows(found[name]) if "properties" in found[name] else [],
            tuple(map(str, found[name].get("enum", ()))),
        )
        for name in sorted(named - messages)
    ]


def _named(said: Any) -> Iterator[str]:
    match said:
        case Mapping():
            if isinstance(led := said.get("$ref"), str):
                yield led.rpartition("/")[2]
            for one in said.values():
                yield from _named(one)
        case list():
            for one in said:
                yield from _named(one)
