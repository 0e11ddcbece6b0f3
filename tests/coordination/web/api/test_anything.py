"""Whatever a program sends: nothing breaks, and only what the document says is answered."""

from collections import Counter
from typing import Any

import pytest
import requests
import schemathesis
from httpx import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from coordination.web.api.description import document
from tests.coordination.web.api.programs import Programs

CASES = 100  # of each operation; all operations together must have tried LEAST
LEAST = 5_000
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT = document()
OPERATIONS = [(path, method) for path, said in DOCUMENT["paths"].items() for method in said]
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
KNOWN = ("method", "url", "headers", "params", "json", "data", "cookies", "files")
tried: Counter[int] = Counter()


@pytest.mark.parametrize("path, method", OPERATIONS)
def test_nothing_that_is_sent_breaks_it(api: Programs, path: str, method: str) -> None:
    operation = SCHEMA[path][method]
    headers = api.of().headers

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(*(operation.as_strategy(mode) for mode in modes(path))))
    def sent(case: Any) -> None:
        response = send(api.site.client, case, headers)
        tried[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    sent()


def modes(path: str) -> list[GenerationMode]:
    """What fits the document and what does not; the document itself is asked without anything."""
    both = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    return both[:1] if path == "/api/openapi.json" else both


def send(client: TestClient[Litestar], case: Any, headers: dict[str, str]) -> Response:
    asked = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
    known: dict[str, Any] = {name: asked[name] for name in KNOWN if name in asked}
    request: Any = requests.Request(**known).prepare()
    said = [(name.encode(), _latin(value)) for name, value in request.headers.items()]
    return client.request(str(request.method), str(request.url), content=request.body, headers=said)


def _latin(value: str | bytes) -> bytes:
    """As HTTP sends headers, whatever letters somebody put into one."""
    return value if isinstance(value, bytes) else value.encode("latin-1")


def test_enough_was_tried_and_every_answer_was_met(api: Programs) -> None:
    assert tried.total() >= LEAST
    assert {200, 404, 409, 422} <= set(tried)
