"""What may be wrong with the document: against the official schema, itself and the language."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT7

from schemas.recorded_event import AnyCommand, AnyEvent

OFFICIAL = Path(__file__).parent / "specs" / "3.0.0.json"
Document = dict[str, Any]

COMMANDS = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyCommand)}
EVENTS = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyEvent)}


def mistakes(said: Document) -> list[str]:
    return [*not_asyncapi(said), *dangling(said), *wrong_examples(said), *missing(said)]


@cache
def official() -> Any:
    return jsonschema.Draft7Validator(json.loads(OFFICIAL.read_text()))


def not_asyncapi(said: Document) -> Iterator[str]:
    for error in official().iter_errors(said):
        yield f"{error.json_path}: {error.message}"


def dangling(said: Document) -> Iterator[str]:
    resolver = resolving(said)
    for reference in references(said):
        try:
            resolver.resolver("urn:document").lookup(reference)
        except Unresolvable:
            yield f"{reference} leads nowhere"


def wrong_examples(said: Document) -> Iterator[str]:
    for name, message in said["components"]["messages"].items():
        for part in ("headers", "payload"):
            for example in message.get("examples", ()):
                if part in example:
                    yield from wrong(said, f"#/components/messages/{name}/{part}", example[part])


def wrong(said: Document, pointer: str, given: Any) -> Iterator[str]:
    """What a schema in the document does not allow."""
    validator = jsonschema.Draft7Validator(
        {"$ref": f"urn:document{pointer}"},
        registry=resolving(said),
        format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER,
    )
    try:
        yield from (f"{pointer}: {error.message}" for error in validator.iter_errors(given))
    except Unresolvable as error:
        yield f"{pointer}: {error}"


def missing(said: Document) -> Iterator[str]:
    """One name leads everywhere: to the channel, what is done with it, and the message."""
    for tag, address in {
        **{tag: f"cmd.{{owner}}.{{asker}}.{tag}" for tag in COMMANDS},
        **{tag: f"ev.{{ledger}}.shared.{tag}" for tag in EVENTS},
    }.items():
        channel = said["channels"].get(tag, {})
        message = {"$ref": f"#/components/messages/{tag}"}
        if (channel.get("address"), channel.get("messages")) != (address, {tag: message}):
            yield f"{tag} has no channel"
        action = "send" if tag in COMMANDS else "receive"
        operation = said["operations"].get(tag, {})
        if operation.get("action") != action or operation["channel"]["$ref"] != f"#/channels/{tag}":
            yield f"{tag} has no operation"
        if not said["components"]["messages"].get(tag, {}).get("examples"):
            yield f"{tag} has no message with an example"


def resolving(said: Document) -> Registry[Any]:
    registry: Registry[Any] = Registry().with_resource("urn:document", DRAFT7.create_resource(said))
    return registry


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict) and isinstance(part.get("$ref"), str):
        yield part["$ref"]
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from references(inner)
