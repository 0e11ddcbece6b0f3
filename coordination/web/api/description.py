"""The API as an OpenAPI 3.1 document, made from the messages: it cannot say anything else.

msgspec's schemas stand in it as they are. Litestar's own would lose what is said about optional
fields.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from inspect import cleandoc
from typing import Any

import msgspec
from litestar import Response, get
from msgspec import Struct

from coordination.conversion import fields_of, kinds_by_tag
from coordination.web.api.asking import Answered
from coordination.web.api.paging import LONG, Paging
from coordination.web.api.problems import MEDIA, STATUSES, Problem
from coordination.wording import Reader
from projections.coverage import Coverage
from projections.editions import Difference, Editions
from projections.explanation import Explanation
from projections.figures import FigureLines
from projections.history import History
from projections.june import June
from projections.mission_plan import Plan
from projections.offices import JointList
from projections.policies import PolicyList
from projections.review import ReviewsOfYear
from projections.september import September
from schemas.answer import AnswerDone, AnswerNothingToDo, AnyAnswer
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
)
from schemas.catalogue import QUESTIONS
from schemas.cycle import MeetingId
from schemas.examples import COMMANDS
from schemas.examples.answer import ANSWERS, ID
from schemas.message import Command
from schemas.recorded_event import AnyCommand, RecordedEvent
from schemas.wire import COMMAND_ID, MEETING

Part = dict[str, Any]
ANSWERED_BY: Mapping[type[Struct], type[Struct]] = {
    AskPlan: Plan,
    AskEditions: Editions,
    AskDifference: Difference,
    AskJune: June,
    AskSeptember: September,
    AskOffices: JointList,
    AskCoverage: Coverage,
    AskReview: ReviewsOfYear,
    AskPolicies: PolicyList,
    AskHistory: History,
    AskExplanation: Explanation,
    AskFigure: FigureLines,
}
FILLED_IN = frozenset({"command", "by", "effective"})  # from the address, the token and the day
OF_A_QUESTION = (400, 401, 403, 404, 422, 429, 503)
OF_A_COMMAND = (400, 401, 403, 409, 413, 415, 422, 429, 503)
_REFERENCE = "#/components/schemas/"
_JSON = "application/json"


@get("/openapi.json", exclude_from_csrf=True)
async def described() -> Response[bytes]:
    return Response(_written(), media_type=_JSON)


@cache
def _written() -> bytes:
    return msgspec.json.encode(document())


def document() -> Part:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "What the agencies say to each other",
            "version": "1.0.0",
            "description": INTRODUCTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [
            {"name": "questions", "description": "What may be read."},
            {"name": "commands", "description": "What an agency asks for."},
            {"name": "description", "description": "This document."},
        ],
        "paths": {
            **{f"/api/{tag}": {"get": _asking(tag, kind)} for tag, kind in _questions().items()},
            **{f"/api/{tag}": {"post": _deciding(tag, kind)} for tag, kind in _commands().items()},
            "/api/openapi.json": {"get": _describing()},
        },
        "components": {
            "schemas": {**schemas()},
            "responses": {_problem(status): _response(status) for status in STATUSES},
            "headers": _HEADERS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by `coordination token new`; shown once.",
                }
            },
        },
    }


INTRODUCTION = """\
Every question is at `GET /api/<question>`, every command at `POST /api/<command>`, by the one name
that leads everywhere. A token acts for one account, in one of its roles, for its agency alone.

Leave out of a command what is known anyway: `command` is in the address, `by` is the agency of the
token, `effective` is today in Europe/Brussels. With the header `Command-Id` a command is decided
once, however often it is sent, and answered as it was.

Problems are those of RFC 9457, in the language of `Accept-Language` (fr, nl, de, en)."""

_HEADERS: Part = {
    "ETag": {
        "description": "The same as long as the answer is; send it as If-None-Match.",
        "schema": {"type": "string"},
    },
    "Link": {"description": "The next page, where there is one.", "schema": {"type": "string"}},
}


def _questions() -> dict[str, type[Struct]]:
    return kinds_by_tag(AnyQuestion)


def _commands() -> dict[str, type[Struct]]:
    return kinds_by_tag(AnyCommand)


@cache
def schemas() -> Mapping[str, Part]:
    """All that requests and answers are made of, by the name of the Struct."""
    wholes = (RecordedEvent, AnyCommand, AnyQuestion, AnyAnswer, Problem, *ANSWERED_BY.values())
    _, found = msgspec.json.schema_components(wholes, ref_template=_REFERENCE + "{name}")
    told: dict[str, Part] = _led(msgspec.json.decode(msgspec.json.encode(found)))
    for command in COMMANDS:
        said = told[_name(type(command))]
        said["required"] = [field for field in said["required"] if field not in FILLED_IN]
    return dict(sorted(told.items()))


def _led(given: Any) -> Any:
    """References of the messages' own document lead into this one; descriptions lose their
    indent."""
    match given:
        case dict():
            told = {key: _led(value) for key, value in given.items()}
            if isinstance(said := told.get("$ref"), str):
                told["$ref"] = _REFERENCE + said.rpartition("/")[2]
            if isinstance(said := told.get("description"), str):
                told["description"] = cleandoc(said)
            return told
        case list():
            return [_led(one) for one in given]
    return given


def _name(kind: type[Struct]) -> str:
    return kind.__name__


def _asking(tag: str, kind: type[Struct]) -> Part:
    answer = ANSWERED_BY[kind]
    example = next(one for one in QUESTIONS if isinstance(one, kind))
    parameters = [*_parameters(kind, example)]
    if answer in LONG:
        parameters += _parameters(Paging, Paging())
    return {
        "operationId": tag,
        "tags": ["questions"],
        **_said(kind),
        "parameters": [*parameters, _header("If-None-Match", {"type": "string"}, "")],
        "responses": {
            "200": {
                "description": cleandoc(answer.__doc__ or "The answer."),
                "headers": _references("headers", ("ETag", "Link")),
                "content": {_JSON: {"schema": _answered(kind, answer)}},
            },
            "304": {
                "description": "The answer is still the one that the reader has.",
                "headers": _references("headers", ("ETag",)),
            },
            **_problems(OF_A_QUESTION),
        },
    }


def _answered(kind: type[Struct], answer: type[Struct]) -> Part:
    plain: Part = {
        "question": {"$ref": _REFERENCE + _name(kind)},
        "totals": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
        "next": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "waiting": {"type": "array", "items": {"type": "string"}},
        "answer": {"$ref": _REFERENCE + _component(answer)},
    }
    return {
        "type": "object",
        "description": cleandoc(Answered.__doc__ or ""),
        "properties": plain,
        "required": list(Answered.__struct_fields__),
    }


@cache
def _names_of_answers() -> dict[type[Struct], str]:
    """Two answers may have a Struct of one name; msgspec then names both in full."""
    kinds = tuple(ANSWERED_BY.values())
    wholes = (RecordedEvent, AnyCommand, AnyQuestion, AnyAnswer, Problem, *kinds)
    references, _ = msgspec.json.schema_components(wholes, ref_template="{name}")
    return dict(zip(kinds, (str(one["$ref"]) for one in references[5:]), strict=True))


def _component(answer: type[Struct]) -> str:
    return _names_of_answers()[answer]


def _parameters(kind: type[Struct], example: Struct) -> Iterable[Part]:
    """The fields of a question as a query has them; what may be missing is left out, not null."""
    _, found = msgspec.json.schema_components((kind,), ref_template=_REFERENCE + "{name}")
    properties = _led(msgspec.json.decode(msgspec.json.encode(found)))[_name(kind)]["properties"]
    plain = msgspec.to_builtins(example)
    for field in fields_of(kind):
        said = _without_null(properties[field.name])
        told: Part = {"name": field.name, "in": "query", "required": field.required}
        if description := said.pop("description", None):
            told["description"] = description
        if plain.get(field.name) is not None and kind is not Paging:
            told["example"] = plain[field.name]
        yield {**told, "schema": said}


def _without_null(said: Part) -> Part:
    kept = {key: value for key, value in said.items() if not (key == "default" and value is None)}
    alternatives = [one for one in kept.pop("anyOf", ()) if one != {"type": "null"}]
    if len(alternatives) == 1:
        return {**alternatives[0], **kept}
    return {**kept, **({"anyOf": alternatives} if alternatives else {})}


def _deciding(tag: str, kind: type[Struct]) -> Part:
    command = next(one for one in COMMANDS if isinstance(one, kind))
    answers = [one for one in ANSWERS if isinstance(one, AnswerDone | AnswerNothingToDo)]
    return {
        "operationId": tag,
        "tags": ["commands"],
        **_said(kind),
        "parameters": [
            _header(
                COMMAND_ID,
                {"type": "string", "pattern": r"^[A-Za-z0-9._-]{1,64}$", "examples": [ID]},
                "Identifier that its asker gave the command: sent again, it is answered as it was.",
            ),
            _header(
                MEETING,
                _schema_of(MeetingId),
                "The meeting in which it was decided; the events carry it as `correlation`.",
            ),
        ],
        "requestBody": {
            "required": True,
            "content": {
                _JSON: {
                    "schema": {"$ref": _REFERENCE + _name(kind)},
                    "examples": {
                        "whole": {"value": _plain(command)},
                        "shortest": {"value": _shortest(command)},
                    },
                }
            },
        },
        "responses": {
            "200": {
                "description": "Decided, and kept for good; or it was so already.",
                "content": {
                    _JSON: {
                        "schema": {
                            "oneOf": [
                                {"$ref": _REFERENCE + _name(one)}
                                for one in (AnswerDone, AnswerNothingToDo)
                            ]
                        },
                        "examples": {
                            str(type(one).__struct_config__.tag): {"value": _plain(one)}
                            for one in answers
                        },
                    }
                },
            },
            **_problems(OF_A_COMMAND),
        },
    }


def _describing() -> Part:
    return {
        "operationId": "openapi",
        "tags": ["description"],
        "summary": "This document.",
        "security": [],
        "responses": {
            "200": {
                "description": "OpenAPI 3.1.",
                "content": {_JSON: {"schema": {"type": "object"}}},
            },
            **_problems((429,)),
        },
    }


def _schema_of(annotation: Any) -> Part:
    schema: Part = _led(msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(annotation))))
    return schema


def _header(called: str, schema: Part, description: str) -> Part:
    told: Part = {"name": called, "in": "header", "required": False, "schema": schema}
    return {**told, **({"description": description} if description else {})}


def _said(kind: type[Struct]) -> Part:
    whole = cleandoc(kind.__doc__ or "")
    return {"summary": whole.partition("\n")[0], "description": whole}


def _plain(message: Struct) -> Part:
    plain: Part = msgspec.json.decode(msgspec.json.encode(message))
    return plain


def _shortest(command: Command) -> Part:
    return {field: value for field, value in _plain(command).items() if field not in FILLED_IN}


def _problem(status: int) -> str:
    return f"Problem{status}"


def _problems(statuses: Iterable[int]) -> Part:
    return {str(one): {"$ref": f"#/components/responses/{_problem(one)}"} for one in statuses}


def _response(status: int) -> Part:
    return {
        "description": Reader("en").say(f"web.problem.{status}"),
        "content": {MEDIA: {"schema": {"$ref": _REFERENCE + _name(Problem)}}},
    }


def _references(kind: str, names: Iterable[str]) -> Part:
    return {one: {"$ref": f"#/components/{kind}/{one}"} for one in names}
