"""The document against the official schema, against itself, and against the language."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
import msgspec
import pytest
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT7

from coordination.access import Role
from schemas.asyncapi import document
from schemas.asyncapi.messages import FILLED_IN
from schemas.recorded_event import AnyCommand, AnyEvent

OFFICIAL = Path(__file__).parent / "specs" / "3.0.0.json"
LARGEST_MESSAGE = 256 * 1024  # bytes that a server lets pass; a node answers with the document
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
            validator = jsonschema.Draft7Validator(
                {"$ref": f"urn:document#/components/messages/{name}/{part}"},
                registry=resolving(said),
                format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER,
            )
            for example in message.get("examples", ()):
                if part in example:
                    try:
                        errors = list(validator.iter_errors(example[part]))
                    except Unresolvable as error:
                        errors = [error]
                    yield from (f"{name}: {part}: {error}" for error in errors)


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


def test_it_is_asyncapi_and_its_references_and_examples_are_right() -> None:
    assert mistakes(document()) == []


def renamed_field(said: Document) -> None:
    fields = said["components"]["schemas"]["RequestCoOrganisation"]["properties"]
    fields["missions"] = fields.pop("mission")


def renamed_field_of_a_value(said: Document) -> None:
    fields = said["components"]["schemas"]["Terms"]["properties"]
    fields["share"] = fields.pop("share_of_cost")
    said["components"]["schemas"]["Terms"]["additionalProperties"] = False


def renamed_event(said: Document) -> None:
    said["components"]["schemas"]["MissionPublished"]["properties"]["event"]["enum"] = ["renamed"]


def reference_to_nothing(said: Document) -> None:
    del said["components"]["schemas"]["Texts"]


def channel_of_another_subject(said: Document) -> None:
    said["channels"]["mission.confirm"]["address"] = "cmd.{owner}.{asker}.mission.confirmed"


def forgotten_message(said: Document) -> None:
    for part in (said["channels"], said["operations"], said["components"]["messages"]):
        del part["post.closed"]


def unheard_of_action(said: Document) -> None:
    said["operations"]["outcome"]["action"] = "listen"


def unheard_of_keyword(said: Document) -> None:
    said["components"]["schemas"]["RecordedEvent"]["discriminator"] = {"propertyName": "type"}


@pytest.mark.parametrize(
    "planted",
    [
        renamed_field,
        renamed_field_of_a_value,
        renamed_event,
        reference_to_nothing,
        channel_of_another_subject,
        forgotten_message,
        unheard_of_action,
        unheard_of_keyword,
    ],
    ids=lambda planted: planted.__name__,
)
def test_a_planted_mistake_is_found(planted: Callable[[Document], None]) -> None:
    said = deepcopy(document())
    planted(said)
    assert mistakes(said) != []


def test_what_subject_and_day_say_may_be_left_out_and_nothing_else() -> None:
    schemas = document()["components"]["schemas"]
    _, whole = msgspec.json.schema_components((AnyCommand,))
    assert {kind.__name__: schemas[kind.__name__]["required"] for kind in COMMANDS.values()} == {
        kind.__name__: [one for one in whole[kind.__name__]["required"] if one not in FILLED_IN]
        for kind in COMMANDS.values()
    }


def test_the_example_of_the_introduction_is_one_of_a_command() -> None:
    said = document()
    shown = said["info"]["description"].split("- payload `")[1].partition("`\n")[0]
    whole = said["components"]["messages"]["mission.request-co-organisation"]["examples"][0]
    expected = {field: value for field, value in whole["payload"].items() if field not in FILLED_IN}
    assert json.loads(shown) == expected


def test_the_roles_are_those_that_may_decide() -> None:
    headers = document()["components"]["schemas"]["CommandHeaders"]["properties"]
    assert headers["Role"]["enum"] == list(Role)


def test_a_request_is_answered_by_any_answer_and_a_command_that_waited_never_waits_again() -> None:
    channels = document()["channels"]
    assert {named: list(channels[named]["messages"]) for named in ("reply", "outcome")} == {
        "reply": [
            "answer.done",
            "answer.nothing-to-do",
            "answer.rejected",
            "answer.malformed",
            "answer.waiting",
            "try-again",
        ],
        "outcome": ["answer.done", "answer.nothing-to-do", "answer.rejected", "answer.malformed"],
    }


def test_the_document_fits_into_a_message() -> None:
    assert len(msgspec.json.encode(document())) < LARGEST_MESSAGE * 9 // 10
