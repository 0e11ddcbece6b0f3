"""What a node offers is found by NATS' own protocol of services, by any program of the agency."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from nats.aio.msg import Msg

from coordination.bus.connection import connect
from schemas.asyncapi import document
from schemas.health import Health
from schemas.wire import VERSION
from tests.coordination.bus.nodes import OneNode, one_node, settings_of
from tests.servers.federation import Federation

PUBLISH = "cmd.fit.fit.mission.publish"


@pytest.fixture
async def fit(federation: Federation, tmp_path: Path) -> AsyncIterator[OneNode]:
    async with one_node(federation, "fit", tmp_path) as one:
        yield one


async def asked(fit: OneNode, subject: str, raw: bytes = b"") -> Any:
    return json.loads((await fit.client.request(subject, raw, timeout=5)).data)


async def test_a_node_is_found_described_and_counted(fit: OneNode) -> None:
    found = await asked(fit, "$SRV.PING")
    assert (found["name"], found["version"], found["metadata"]) == (
        "coordination-fit",
        VERSION,
        {"agency": "fit"},
    )
    described = await asked(fit, "$SRV.INFO.coordination-fit")
    assert {one["name"]: one["subject"] for one in described["endpoints"]} == {
        "commands": "cmd.fit.>",
        "commands-to-hub": "cmd.hub.fit.>",
        "commands-to-awex": "cmd.awex.fit.>",
        "ledger": "ledger.fit.*",
        "health": "node.fit.health",
        "replay": "node.fit.replay",
        "schema": "node.fit.schema",
    }
    for _ in range(3):
        await fit.client.request(PUBLISH, b"{", timeout=5)
    counted = await asked(fit, "$SRV.STATS.coordination-fit")
    requests = {one["name"]: one["num_requests"] for one in counted["endpoints"]}
    assert requests["commands"] == 3


async def test_the_language_is_told_by_the_node_itself(fit: OneNode) -> None:
    assert await asked(fit, "node.fit.schema") == document()


async def test_its_health_is_told_to_any_program(fit: OneNode) -> None:
    answer = await fit.client.request("node.fit.health", b"", timeout=5)
    health = msgspec.json.decode(answer.data, type=Health)
    assert (health.agency, health.linked, health.kept) == ("fit", True, 0)
    await fit.client.request(PUBLISH, b"{", timeout=5)
    answer = await fit.client.request("node.fit.health", b"", timeout=5)
    assert msgspec.json.decode(answer.data, type=Health).kept == 1


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"number": 7}', b'{"number": "x"}', b"\xff"])
async def test_a_message_that_there_is_not_is_not_replayed(
    federation: Federation, fit: OneNode, raw: bytes
) -> None:
    node = await connect(settings_of(federation, "fit"), "node")
    answer: Msg = await node.request("node.fit.replay", raw, timeout=5)
    assert (answer.headers or {})["Nats-Service-Error"] == "node.no-such-message"
    await node.close()


@pytest.mark.parametrize("raw", [b"", b"{", b'{"after": -1}', b'{"after": "x"}', b"[" * 60_000])
async def test_who_asks_for_a_ledger_and_says_no_place_gets_nothing(
    federation: Federation, fit: OneNode, raw: bytes
) -> None:
    node = await connect(settings_of(federation, "fit"), "node")
    await node.publish("ledger.fit.awex", raw)
    await node.publish("ledger.fit.awex", b'{"after": 0}')  # and wants no answer
    answer = await node.request("ledger.fit.awex", b'{"after": 0}', timeout=5)
    assert json.loads(answer.data) == {"events": [], "seal": ""}
    await node.close()
