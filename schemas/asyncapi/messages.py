"""The messages on the bus: each with its headers, its payload and an example."""

from base64 import urlsafe_b64encode
from typing import Any, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from schemas.answer import AnswerWaiting, AnyAnswer
from schemas.asyncapi import words
from schemas.asyncapi.draft_07 import COMPONENTS, Schema, draft_07, reference
from schemas.catalogue import json_schema
from schemas.examples import COMMANDS, EVENTS
from schemas.examples.answer import ANSWERS, ID, RECORDED
from schemas.health import Health, LedgerHealth
from schemas.lending import AskLedger, LentLedger
from schemas.message import name, owner_of, stream_of
from schemas.recorded_event import AnyCommand, AnyEvent
from schemas.vocabulary import FIT
from schemas.wire import COMMAND_ID, EVENT_ID, MEETING, ROLE, SEAL

JSON, CLOUD_EVENT = "application/json", "application/cloudevents+json"
FILLED_IN = frozenset({"command", "by", "effective"})  # from the subject, and the day
ROLES = ("coordinator", "network", "chief-executive", "reader", "auditor", "administrator")
SEALED = urlsafe_b64encode(bytes(range(64))).decode()  # has the form of a signature, and is none

Part = dict[str, Any]


def messages() -> dict[str, Part]:
    """Commands and events by their tag; the others by what they are for."""
    return {**_commands(), **_answers(), **_events(), **_of_nodes()}


def schemas() -> dict[str, Schema]:
    """All that messages may refer to, by the name of the Struct."""
    ours = json_schema((), ())["$defs"]
    _, of_nodes = msgspec.json.schema_components(
        (AskLedger, LentLedger, Health), ref_template=COMPONENTS + "{name}"
    )
    told = {kind: draft_07(said) for kind, said in {**ours, **of_nodes}.items()}
    for said in told.values():
        said.pop("examples", None)  # they are with the message
        said.pop("title", None)  # it is the name
    for kind in get_args(AnyCommand):
        said = told[kind.__name__]
        said["required"] = [field for field in said["required"] if field not in FILLED_IN]
    return {**told, **_headers()}


def answers() -> list[str]:
    """What a request may be answered."""
    return [_answer_name(kind) for kind in get_args(AnyAnswer)]


def outcomes() -> list[str]:
    """What may become of a command that waited."""
    return [answer for answer in answers() if answer != _answer_name(AnswerWaiting)]


def _answer_name(kind: type[Struct]) -> str:
    return f"answer.{kind.__struct_config__.tag}"


def _commands() -> dict[str, Part]:
    return {name(example): _command(example) for example in COMMANDS}


def _command(example: AnyCommand) -> Part:
    return {
        "name": name(example),
        "summary": _summary(type(example)),
        "contentType": JSON,
        "headers": reference("CommandHeaders"),
        "payload": reference(type(example).__name__),
        "correlationId": {"location": "$message.header#/" + COMMAND_ID},
        "examples": [_example("whole", _plain(example), {COMMAND_ID: ID})],
    }


def _answers() -> dict[str, Part]:
    told = {
        _answer_name(type(example)): {
            "name": _answer_name(type(example)),
            "summary": _summary(type(example)),
            "contentType": JSON,
            "payload": reference(type(example).__name__),
            "correlationId": {"location": "$message.payload#/id"},
            "examples": [_example("answer", _plain(example))],
        }
        for example in ANSWERS
    }
    return {
        **told,
        "try-again": {
            "name": "try-again",
            "summary": "Nothing was decided: the node can keep nothing at the moment.",
            "headers": reference("TryAgainHeaders"),
            "examples": [
                {
                    "name": "refused",
                    "headers": {
                        "Nats-Service-Error": "store.disk-full",
                        "Nats-Service-Error-Code": "503",
                    },
                }
            ],
        },
    }


def _events() -> dict[str, Part]:
    return {name(example): _event(example) for example in EVENTS}


def _event(example: AnyEvent) -> Part:
    kind = type(example).__name__
    said = {"type": {"const": name(example)}, "data": reference(kind)}
    return {
        "name": name(example),
        "contentType": CLOUD_EVENT,
        "headers": reference("EventHeaders"),
        "payload": {"allOf": [reference("RecordedEvent"), {"properties": said}]},
        "examples": [_example("event", _recorded(example), {EVENT_ID: RECORDED.id, SEAL: SEALED})],
    }


def _recorded(event: AnyEvent) -> Part:
    stream = stream_of(event)
    owner = owner_of(stream)
    return _plain(
        replace(
            RECORDED,
            source=f"urn:coordination:{owner}",
            type=name(event),
            stream=stream,
            ledger=owner,
            agency=owner,
            data=event,
        )
    )


def _of_nodes() -> dict[str, Part]:
    asked = AskLedger(after=RECORDED.seq - 1)
    lent = LentLedger((msgspec.Raw(msgspec.json.encode(RECORDED)),), seal=SEALED)
    head = RECORDED.seq
    health = Health(
        agency=FIT,
        linked=True,
        server="2.14.6",
        refusals=0,
        ledgers=(LedgerHealth(ledger=FIT, head=head, common=head, behind=0, local=head),),
        servers=(),
        waiting=0,
        kept=0,
        evidence=0,
    )
    told = {"ledger.asked": asked, "ledger.lent": lent, "node.health": health}
    return {
        **{message: _of_node(message, example) for message, example in told.items()},
        "node.schema": {"name": "node.schema", "contentType": JSON, "payload": {"type": "object"}},
        "node.asked": {"name": "node.asked", "summary": "Without a payload: the subject says it."},
    }


def _of_node(message: str, example: Struct) -> Part:
    return {
        "name": message,
        "contentType": JSON,
        "payload": reference(type(example).__name__),
        "examples": [_example("example", _plain(example))],
    }


def _headers() -> dict[str, Schema]:
    command = {
        COMMAND_ID: {
            **_text(words.COMMAND_ID),
            "pattern": r"^[A-Za-z0-9._-]{1,64}$",
            "examples": [ID],
        },
        MEETING: {**_text(words.MEETING), "examples": ["meeting-2026-september"]},
        ROLE: {**_text(words.ROLE), "enum": list(ROLES)},
    }
    event = {EVENT_ID: _text(words.EVENT_ID), SEAL: _text(words.SEAL)}
    again = {
        "Nats-Service-Error": _text(words.SERVICE_ERROR),
        "Nats-Service-Error-Code": {"const": "503"},
    }
    return {
        "CommandHeaders": {"type": "object", "properties": command},
        "EventHeaders": {"type": "object", "properties": event, "required": [EVENT_ID]},
        "TryAgainHeaders": {"type": "object", "properties": again, "required": list(again)},
    }


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _summary(kind: type[Struct]) -> str:
    return (kind.__doc__ or "").partition("\n")[0]


def _example(named: str, payload: Part, headers: Part | None = None) -> Part:
    return {"name": named, **({"headers": headers} if headers else {}), "payload": payload}


def _plain(message: Struct) -> Part:
    plain: Part = msgspec.json.decode(msgspec.json.encode(message))
    return plain
