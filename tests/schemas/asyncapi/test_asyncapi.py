import json
from collections.abc import Callable
from copy import deepcopy

import msgspec
import pytest

from coordination.access import Role
from schemas.asyncapi import document
from schemas.asyncapi.messages import FILLED_IN
from schemas.recorded_event import AnyCommand
from tests.schemas.asyncapi.checking import COMMANDS, Document, mistakes

LARGEST_MESSAGE = 256 * 1024  # bytes that a server lets pass; a node answers with the document


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
