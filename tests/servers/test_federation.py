"""The test bench itself: real servers that die, stand still, come back and are cut off."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from schemas.vocabulary import AWEX, FIT
from tests.servers.federation import Federation, running
from tests.servers.nats import NEWEST, OLDEST, PINNED, REFUSED, Server, free_ports, program
from tests.servers.process import NotReady


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    with running(tmp_path_factory.mktemp("federation")) as started:
        yield started


async def node(federation: Federation, agency: str) -> Client:
    return await nats.connect(
        federation.url(agency),
        nkeys_seed=str(federation.credentials[agency].seed("node")),
        inbox_prefix="_INBOX_node",
    )


@pytest.mark.parametrize("version", [OLDEST, PINNED, NEWEST, *REFUSED])
def test_each_version_is_the_one_it_says(version: str) -> None:
    told = subprocess.run([program(version), "--version"], capture_output=True, check=True)
    assert told.stdout.decode().strip() == f"nats-server: v{version}"


def test_a_server_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="unknown field"):
        Server("wrong", tmp_path, "no_such_setting: 1", 1).start()


def test_a_server_keeps_what_it_stored_when_it_is_killed(tmp_path: Path) -> None:
    port, monitor = free_ports(2)
    config = f'port: {port}\nhttp: "127.0.0.1:{monitor}"\njetstream {{ store_dir: $STORE }}'
    with Server("one", tmp_path, config, monitor) as server:
        assert isinstance(server, Server)
        url = f"nats://127.0.0.1:{port}"

        async def stored() -> int:
            async with await nats.connect(url) as client:
                stream = client.jetstream()
                await stream.add_stream(StreamConfig(name="S", subjects=["s"]))
                return (await stream.publish("s", b"")).seq

        assert asyncio.run(stored()) == 1
        server.kill()
        assert (server.running, server.shown("varz")) == (False, {})
        server.start()
        assert asyncio.run(stored()) == 2
        server.restart()
        assert asyncio.run(stored()) == 3


def test_servers_end_with_the_tests(tmp_path: Path) -> None:
    """Even where those are killed with -9."""
    port, monitor = free_ports(2)
    script = f"""
import os, pathlib, signal
from tests.servers.nats import Server
server = Server("one", pathlib.Path({str(tmp_path)!r}),
    'port: {port}\\nhttp: "127.0.0.1:{monitor}"', {monitor})
server.start()
os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -9
    left = Server("one", tmp_path, f'port: {port}\nhttp: "127.0.0.1:{monitor}"', monitor)
    deadline = time.monotonic() + 5
    while left.shown("varz") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left.shown("varz") == {}


async def test_what_an_agency_publishes_is_read_by_another(federation: Federation) -> None:
    async with await node(federation, AWEX) as awex, await node(federation, FIT) as fit:
        ledger = StreamConfig(name="LEDGER_AWEX", subjects=["ev.awex.shared.>"])
        await awex.jetstream(domain="common").add_stream(ledger)
        await awex.jetstream().add_stream(ledger)
        for number in range(3):
            answer = await awex.request("link.ev.awex.shared.mission.planned", b"%d" % number)
            assert b'"seq":%d' % (number + 1) in answer.data.replace(b" ", b"")
        reading = fit.jetstream(prefix="link.js.awex")
        assert (await reading.stream_info("LEDGER_AWEX")).state.messages == 3
        made = await reading.add_consumer(
            "LEDGER_AWEX",
            ConsumerConfig(name="fit", ack_policy=AckPolicy.NONE, inactive_threshold=30),
        )
        assert made.name == "fit"
        inbox = fit.new_inbox()
        arriving = await fit.subscribe(inbox)
        await fit.publish(
            "link.js.awex.CONSUMER.MSG.NEXT.LEDGER_AWEX.fit", b'{"batch": 3}', reply=inbox
        )
        assert [(await arriving.next_msg(5)).data for _ in range(3)] == [b"0", b"1", b"2"]


async def test_a_command_arrives_from_one_leaf_at_another(federation: Federation) -> None:
    async with await node(federation, AWEX) as awex, await node(federation, FIT) as fit:
        asked = await awex.subscribe("cmd.awex.>")
        await awex.flush()
        await asyncio.sleep(0.2)  # the hub hears of it
        await fit.publish("link.cmd.awex.fit.mission.publish", b"{}", reply=fit.new_inbox())
        assert (await asked.next_msg(5)).subject == "cmd.awex.fit.mission.publish"


def test_a_leaf_that_was_cut_off_is_linked_again(federation: Federation) -> None:
    federation.links[FIT].cut()
    federation.wait("fit is cut off", lambda: not federation.linked(FIT))
    assert federation.linked(AWEX)
    federation.heal()
    federation.wait("fit is linked", lambda: federation.linked(FIT))


def test_killed_and_paused_servers_are_healed(federation: Federation) -> None:
    federation.hubs[0].kill()
    federation.leaves[AWEX].pause()
    assert federation.leaves[AWEX].shown("varz") == {}
    federation.heal()
    federation.wait_linked()


def test_three_hubs_have_a_leader(tmp_path: Path) -> None:
    with running(tmp_path, agencies=[AWEX], hubs=3) as federation:
        leader = federation.leader()
        assert leader in {hub.name for hub in federation.hubs}
        [hub] = [hub for hub in federation.hubs if hub.name == leader]
        hub.kill()
        federation.wait("another leads", lambda: federation.leader() not in (None, leader))
        federation.heal()
        federation.wait("awex is linked", lambda: federation.linked(AWEX))
