import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import msgspec
import pytest

from coordination.access import Role
from coordination.bus import subjects
from coordination.bus.understanding import Surroundings, understood
from coordination.conversion import Known
from coordination.reference import countries
from schemas.asyncapi import document
from schemas.asyncapi.messages import FILLED_IN
from schemas.message import owner_of, stream_of
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import THREE
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


@pytest.mark.parametrize("tag", COMMANDS)
def test_a_node_understands_the_example_and_what_is_left_of_it(tag: str) -> None:
    said = document()
    [example] = said["components"]["messages"][tag]["examples"]
    whole = example["payload"]
    kind: Any = COMMANDS[tag]
    command = msgspec.convert(whole, kind)
    subject = filled(said, tag, owner=owner_of(stream_of(command)), asker=whole["by"])
    shortest = {field: value for field, value in whole.items() if field not in FILLED_IN}
    known = Known(frozenset(THREE), countries())
    around = Surroundings(known, whole["effective"], "new")
    for payload in (whole, shortest):
        wanted = understood(subject, example["headers"], msgspec.json.encode(payload), around)
        assert (wanted.command, wanted.id) == (command, example["headers"]["Command-Id"])


def test_the_subjects_are_those_of_the_bus() -> None:
    said = document()
    assert filled(said, "mission.publish", owner="fit", asker="fit") == subjects.command(
        "fit", "fit", "mission.publish"
    )
    assert filled(said, "mission.published", ledger="awex") == subjects.event(
        "awex", "mission.published"
    )
    assert filled(said, "outcome", asker="fit", commandId="crm-1") == subjects.answer(
        "fit", "crm-1"
    )
    assert filled(said, "ledger", owner="awex", asker="fit") == subjects.ledger_of("awex", "fit")


def filled(said: Document, channel: str, **parameters: str) -> str:
    """The subject of a channel."""
    address: str = said["channels"][channel]["address"]
    for name, value in parameters.items():
        address = address.replace(f"{{{name}}}", value)
    return address


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
