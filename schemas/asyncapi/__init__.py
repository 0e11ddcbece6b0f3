"""The bus as an AsyncAPI 3 document: who has that, a NATS client and keys needs nothing of ours.

It is made from the Structs, so it cannot say anything else than a node understands.
"""

from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from schemas.asyncapi import words
from schemas.asyncapi.draft_07 import needed
from schemas.asyncapi.messages import FILLED_IN, JSON, Part, answers, messages, outcomes, schemas
from schemas.examples.answer import ID
from schemas.recorded_event import AnyCommand, AnyEvent
from schemas.vocabulary import THREE
from schemas.wire import MOST, VERSION

QUEUE = "q"  # in which the nodes of an agency listen, as NATS' protocol of services has it
SHOWN = "mission.request-co-organisation"  # the command in the introduction


def document() -> dict[str, Any]:
    """AsyncAPI 3.0.0, ready for JSON, which is YAML too."""
    all_messages = messages()
    return {
        "asyncapi": "3.0.0",
        "id": "urn:coordination",
        "info": {
            "title": "What the agencies say to each other over NATS",
            "version": VERSION,
            "description": _introduction(all_messages[SHOWN]),
            "license": {"name": "MIT"},
        },
        "defaultContentType": JSON,
        "servers": {"own": _server()},
        "channels": {
            **{tag: _command_channel(tag) for tag in _tags(AnyCommand)},
            **{tag: _event_channel(tag) for tag in _tags(AnyEvent)},
            **_other_channels(),
        },
        "operations": {
            **{tag: _asking(tag) for tag in _tags(AnyCommand)},
            **{tag: _reading(tag) for tag in _tags(AnyEvent)},
            **_other_operations(),
        },
        "components": {
            "messages": all_messages,
            "schemas": needed(all_messages, schemas()),
            "parameters": _parameters(),
            "securitySchemes": {"client": {"type": "X509", "description": words.SECURITY}},
            "operationTraits": {"asking": _ways_of_asking(), "reading": _ways_of_reading()},
        },
    }


def _introduction(shown: Part) -> str:
    whole = shown["examples"][0]["payload"]
    shortest = {field: value for field, value in whole.items() if field not in FILLED_IN}
    return words.INTRODUCTION.format(
        tag=SHOWN,
        command_id=ID,
        payload=msgspec.json.encode(shortest).decode(),
        most=f"{MOST:,}",
    )


def _server() -> Part:
    return {
        "host": "{host}:{port}",
        "protocol": "nats",
        "description": words.SERVER,
        "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "4222"}},
        "security": [{"$ref": "#/components/securitySchemes/client"}],
        "x-nats-inbox-prefix": "_INBOX_client",
    }


def _parameters() -> dict[str, Part]:
    agency = {"examples": list(THREE)}  # more may come
    return {
        **{named: {"description": said, **agency} for named, said in words.AGENCIES.items()},
        "commandId": {"description": words.COMMAND_ID, "examples": [ID]},
    }


def _tags(union: Any) -> list[str]:
    return [str(kind.__struct_config__.tag) for kind in get_args(union)]


def _command_channel(tag: str) -> Part:
    return _channel(f"cmd.{{owner}}.{{asker}}.{tag}", words.ASKED, [tag])


def _event_channel(tag: str) -> Part:
    return _channel(f"ev.{{ledger}}.shared.{tag}", words.HAPPENED, [tag])


def _other_channels() -> dict[str, Part]:
    return {
        "reply": _channel(None, words.REPLY, [*answers(), "try-again"]),
        "outcome": _channel("answer.{asker}.{commandId}", words.OUTCOME, outcomes()),
        "ledger": _channel("ledger.{owner}.{asker}", words.LEDGER, ["ledger.asked"]),
        "ledger.reply": _channel(None, words.LEDGER, ["ledger.lent"]),
        "health": _channel("node.{agency}.health", words.HEALTH, ["node.asked"]),
        "health.reply": _channel(None, words.HEALTH, ["node.health"]),
        "schema": _channel("node.{agency}.schema", words.SCHEMA, ["node.asked"]),
        "schema.reply": _channel(None, words.SCHEMA, ["node.schema"]),
    }


def _channel(address: str | None, description: str, carried: Iterable[str]) -> Part:
    """`address` is None where it is the reply subject of a request."""
    named = [part.partition("}")[0] for part in (address or "").split("{")[1:]]
    return {
        "address": address,
        "description": description,
        "parameters": {one: {"$ref": f"#/components/parameters/{one}"} for one in named},
        "messages": {one: {"$ref": f"#/components/messages/{one}"} for one in carried},
    }


def _other_operations() -> dict[str, Part]:
    queue = {"nats": {"queue": QUEUE, "bindingVersion": "0.1.0"}}
    return {
        "outcome": _operation("receive", "outcome"),
        "ledger": {**_operation("receive", "ledger", reply="ledger.reply"), "bindings": queue},
        "health": _operation("send", "health", reply="health.reply"),
        "schema": _operation("send", "schema", reply="schema.reply"),
    }


def _asking(tag: str) -> Part:
    return {**_operation("send", tag, reply="reply"), **_trait("asking")}


def _reading(tag: str) -> Part:
    return {**_operation("receive", tag), **_trait("reading")}


def _operation(action: str, channel: str, *, reply: str | None = None) -> Part:
    """Of all messages of the channel, and of that where the answer comes."""
    operation: Part = {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}
    if reply is not None:
        operation["reply"] = {"channel": {"$ref": f"#/channels/{reply}"}}
    return operation


def _trait(named: str) -> Part:
    return {"traits": [{"$ref": f"#/components/operationTraits/{named}"}]}


def _ways_of_asking() -> Part:
    return {
        "description": words.ASKING,
        "x-nats-service": {"name": "coordination-{asker}", "queue": QUEUE},
        "x-nats-largest-payload": MOST,
    }


def _ways_of_reading() -> Part:
    return {
        "description": words.READING,
        "x-nats-stream": {
            "name": "LEDGER_{ledger, in capitals}",
            "subjects": ["ev.{ledger}.shared.>"],
            "sequence": "seq",
        },
        "x-nats-consumer": {"name": "client", "kind": "pull", "ack_policy": "none"},
    }
