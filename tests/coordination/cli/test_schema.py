from collections.abc import Callable

import msgspec

from coordination.conversion import kinds_by_tag
from schemas.asking import AnyQuestion
from schemas.asyncapi import document
from schemas.recorded_event import AnyCommand, AnyEvent
from tests.coordination.cli.running import Run

Runs = Callable[..., Run]
KINDS = {**kinds_by_tag(AnyCommand), **kinds_by_tag(AnyEvent), **kinds_by_tag(AnyQuestion)}


def test_the_catalogue_has_every_message_with_an_example(run: Runs) -> None:
    printed = run("schema")
    assert (printed.code, printed.errors) == (0, "")
    entries = {
        entry.partition("`")[0]: entry for entry in printed.output.split("\n### `") if "`" in entry
    }
    assert [tag for tag in KINDS if "```json" not in entries.get(tag, "")] == []


def test_the_json_schema_has_every_message_with_an_example(run: Runs) -> None:
    schema = msgspec.json.decode(run("schema", "--format", "json").output)
    lacking = [
        tag for tag, kind in KINDS.items() if not schema["$defs"][kind.__name__].get("examples")
    ]
    assert lacking == []


def test_the_bus_is_described_as_asyncapi(run: Runs) -> None:
    printed = run("schema", "--format", "asyncapi")
    assert (printed.code, printed.errors) == (0, "")
    assert msgspec.json.decode(printed.output) == document()


def test_the_tables_of_the_read_models_are_documented_too(run: Runs) -> None:
    headings = [line for line in run("schema", "--tables").output.splitlines() if line[:3] == "## "]
    assert headings == ["## missions", "## posts", "## cycles", "## reviews", "## policies"]
    written = run("schema", "--tables", "--format", "json").output
    assert [one["name"] for one in msgspec.json.decode(written)][:3] == [
        "missions",
        "missions_to_come",
        "posts",
    ]


def test_a_form_that_nobody_prints_is_malformed(run: Runs) -> None:
    assert run("schema", "--format", "yaml") == Run(
        2, errors="--format: “yaml” – one of: markdown, json, asyncapi\n"
    )
    assert run("schema", "--tables", "--format", "asyncapi") == Run(
        2, errors="--format: “asyncapi” – one of: markdown, json\n"
    )
