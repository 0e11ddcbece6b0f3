"""A node among its servers: what it takes back before it decides, and what stops it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client

from coordination.bus.connection import connect
from coordination.bus.ending import ended
from coordination.bus.node import Node
from coordination.bus.refusal import BusRefused
from coordination.bus.stream import Copy, Shape
from coordination.bus.trouble import TROUBLES
from coordination.conversion import read
from coordination.mailroom.mailroom import Mailroom
from schemas.answer import AnswerDone
from schemas.mission import PublishMission
from schemas.vocabulary import THREE
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import (
    OneNode,
    alike,
    deleted,
    now,
    one_node,
    service_of,
    settings_of,
    three_nodes,
    until,
)
from tests.servers.federation import Federation

HUB, HERE = Copy("fit", True, Shape()), Copy("fit", False, Shape())


async def published(fit: OneNode, *names: str) -> None:
    for name in names:
        answer = await fit.ask("fit", "mission.publish", mission("fit", name))
        assert isinstance(answer, AnswerDone)


async def spread(fit: OneNode) -> None:
    """Until both streams have the whole ledger."""
    length = len(fit.ledgers()["fit"])
    present = fit.node.present
    assert present is not None
    await until(lambda: present.local["fit"].seq == present.outgoing.seq == length)


@asynccontextmanager
async def keeper(federation: Federation) -> AsyncIterator[Client]:
    """Who has the node's key and is not the node."""
    client = await connect(settings_of(federation, "fit"), "node")
    try:
        yield client
    finally:
        await client.close()


def folders(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    return first, second


async def test_a_store_that_was_lost_comes_back_from_the_own_server_while_cut_off(
    federation: Federation, tmp_path: Path
) -> None:
    first, second = folders(tmp_path)
    async with one_node(federation, "fit", first) as fit:
        await published(fit, "oslo", "rome", "kobe")
        await spread(fit)
        before = fit.ledgers()["fit"]
    federation.links["fit"].cut()
    await until(lambda: not federation.linked("fit"))
    async with one_node(federation, "fit", second) as fit:
        await published(fit, "nara")
        assert fit.ledgers()["fit"][:3] == before
        federation.links["fit"].heal()
        await spread(fit)


async def test_what_the_hub_has_of_ours_is_waited_for_when_the_link_is_cut_meanwhile(
    federation: Federation, tmp_path: Path
) -> None:
    """Deciding then would make a second history of what is known to have been decided."""
    first, second = folders(tmp_path)
    async with one_node(federation, "fit", first) as fit:
        await published(fit, *(f"city-{number}" for number in range(20)))
        await spread(fit)
        before = fit.ledgers()["fit"]
    async with keeper(federation) as client:
        assert await deleted(client, HERE)
    told: list[str] = []

    def tell(key: str, /, **_: str | int) -> None:
        told.append(key)
        if key == "bus.own-ledger-behind":
            federation.links["fit"].cut()

    with service_of("fit", second, None) as service, Mailroom(second / "m.sqlite", now) as mailroom:
        node = Node(service, mailroom, settings_of(federation, "fit"), told=tell)
        running = asyncio.create_task(node.run())
        await until(lambda: "bus.own-ledger-behind" in told)
        await asyncio.sleep(3)
        assert "bus.runs" not in told
        federation.links["fit"].heal()
        await until(lambda: "bus.runs" in told)
        assert [event.raw for event in service.ledger("fit").after(0, 100)] == before
        await ended([running])


async def test_a_node_with_another_history_than_it_sealed_before_stops_and_deletes_nothing(
    federation: Federation, tmp_path: Path
) -> None:
    first, second = folders(tmp_path)
    async with one_node(federation, "fit", first) as fit:
        await published(fit, "oslo", "rome")
        await spread(fit)
        before = fit.ledgers()["fit"]
    async with keeper(federation) as client:
        assert await deleted(client, HERE)
        federation.links["fit"].cut()
        await until(lambda: not federation.linked("fit"))
        async with one_node(federation, "fit", second) as fit:
            await published(fit, "kobe", "nara", "lyon")
            federation.links["fit"].heal()
            node = fit.node
            await until(lambda: node.present is None)
        api = HUB.api(client)
        await until(lambda: federation.linked("fit"))
        messages = [(await api.get_msg(HUB.name, seq=seq)).data for seq in (1, 2)]
        assert messages == before
        assert (await api.stream_info(HUB.name)).state.last_seq == 2
    with pytest.raises(BusRefused) as refused:
        async with one_node(federation, "fit", second):
            pass
    assert refused.value.key == "bus.own-ledger-differs"


async def test_two_nodes_of_an_agency_that_decide_apart_do_not_both_go_on(
    federation: Federation, tmp_path: Path
) -> None:
    """Each has a store of its own, and seals another history."""
    first, second = folders(tmp_path)
    async with (
        one_node(federation, "fit", first) as one,
        one_node(federation, "fit", second) as two,
    ):
        for name, node in (("oslo", one), ("rome", two)):
            wanted = {**mission("fit", name), "by": "fit", "effective": "2026-09-24"}
            assert node.service.ask(read(PublishMission, wanted, node.service.known))
        await until(lambda: None in (one.node.present, two.node.present))
        ledgers = [node.ledgers()["fit"] for node in (one, two)]
        async with keeper(federation) as client:
            await until(lambda: holds_one_of(client, ledgers))


async def holds_one_of(client: Client, ledgers: list[list[bytes]]) -> bool:
    """Whether the stream on the hub begins as one of these does."""
    try:
        first = (await HUB.api(client).get_msg(HUB.name, seq=1)).data
    except TROUBLES:
        return False
    return first in [ledger[0] for ledger in ledgers]


async def test_streams_that_are_all_deleted_come_back_with_the_same_events(
    federation: Federation, tmp_path: Path
) -> None:
    async with three_nodes(federation, tmp_path) as three:
        for agency, one in three.items():
            await one.ask(agency, "mission.publish", mission(agency, "tokyo"))
        before = await alike(three)
        for agency in THREE:
            client = await connect(settings_of(federation, agency), "node")
            for copy in (
                Copy(agency, True, Shape()),
                *(Copy(one, False, Shape()) for one in THREE),
            ):
                assert await deleted(client, copy)
            await client.close()
        for agency, one in three.items():
            await one.ask(agency, "mission.publish", mission(agency, "kobe"))
        after = await alike(three)
        assert {agency: events[:1] for agency, events in after.items()} == before
        for one in three.values():
            present = one.node.present
            assert present is not None
            await until(lambda: all(each.seq == 2 for each in present.local.values()))  # noqa: B023


async def test_a_consumer_that_is_deleted_is_made_again(
    federation: Federation, tmp_path: Path
) -> None:
    async with three_nodes(federation, tmp_path) as three:
        await three["awex"].ask("awex", "mission.publish", mission("awex", "tokyo"))
        await alike(three)
        client = await connect(settings_of(federation, "fit"), "node")
        await client.jetstream(prefix="link.js.awex").delete_consumer("LEDGER_AWEX", "fit")
        await client.close()
        await three["awex"].ask("awex", "mission.publish", mission("awex", "kobe"))
        assert len((await alike(three))["awex"]) == 2


async def test_a_node_comes_back_after_its_connection_was_ended_for_good(
    federation: Federation, tmp_path: Path
) -> None:
    """As the server does on an error of the protocol; the client of NATS does not come back."""
    async with one_node(federation, "fit", tmp_path) as fit:
        await published(fit, "oslo")
        before = fit.node.present
        assert before is not None
        await before.client.close()
        await until(lambda: fit.node.present not in (None, before))
        await until(lambda: answers_again(fit))
        assert len(fit.ledgers()["fit"]) == 2


async def answers_again(fit: OneNode) -> bool:
    try:
        await published(fit, "rome")
    except Exception:
        return False
    return True
