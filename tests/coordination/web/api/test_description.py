"""The document says every message, and what it shows is what the service understands."""

from typing import Any

import msgspec
import pytest
from litestar import Litestar
from openapi_spec_validator import OpenAPIV31SpecValidator

from coordination.conversion import kinds_by_tag
from coordination.web.api.description import document
from coordination.web.api.paging import LONG
from schemas.asking import AnyQuestion
from schemas.recorded_event import AnyCommand
from tests.coordination.web.api.programs import Programs
from tests.coordination.web.site import Site

DOCUMENT = document()
COMMANDS = kinds_by_tag(AnyCommand)


def test_it_is_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_it_has_every_question_every_command_and_nothing_else() -> None:
    said = {(path, method) for path, of in DOCUMENT["paths"].items() for method in of}
    assert said == {
        ("/api/openapi.json", "get"),
        *((f"/api/{tag}", "get") for tag in kinds_by_tag(AnyQuestion)),
        *((f"/api/{tag}", "post") for tag in COMMANDS),
    }


def test_it_has_every_route_of_the_api(closed: Site) -> None:
    app = closed.client.app
    assert isinstance(app, Litestar)
    routes = {route.path for route in app.routes if route.path.startswith("/api/")}
    assert routes == set(DOCUMENT["paths"])


def test_it_is_served_to_everybody(closed: Site) -> None:
    answer = closed.get("/api/openapi.json")
    assert (answer.status_code, answer.json()) == (200, msgspec.json.decode(encoded()))


def encoded() -> bytes:
    return msgspec.json.encode(DOCUMENT)


@pytest.mark.parametrize("tag", COMMANDS)
def test_its_examples_of_commands_are_understood(api: Programs, tag: str) -> None:
    body = DOCUMENT["paths"][f"/api/{tag}"]["post"]["requestBody"]
    examples: dict[str, Any] = body["content"]["application/json"]["examples"]
    for example in examples.values():
        by = example["value"].get("by", "hub")
        answer = api.of(by).send(tag, msgspec.json.encode(example["value"]))
        assert answer.status_code in (200, 409), answer.text


@pytest.mark.parametrize("tag", kinds_by_tag(AnyQuestion))
def test_its_examples_of_questions_are_understood(api: Programs, tag: str) -> None:
    parameters = DOCUMENT["paths"][f"/api/{tag}"]["get"]["parameters"]
    said = {one["name"]: one["example"] for one in parameters if "example" in one}
    answer = api.of().ask(tag, **said)
    assert answer.status_code in (200, 404), answer.text


def test_the_long_lists_are_lists_of_their_answers() -> None:
    named = {kind: set(lists) - set(kind.__struct_fields__) for kind, lists in LONG.items()}
    assert named == {kind: set() for kind in LONG}
