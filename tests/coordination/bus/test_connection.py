"""Connecting for the first time says what is wrong; afterwards the connection comes back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from coordination.bus.connection import connect
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from schemas.vocabulary import AWEX, FIT
from tests.servers.federation import Federation, running
from tests.servers.sovereign import keys


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    with running(tmp_path_factory.mktemp("connection"), agencies=[AWEX, FIT]) as started:
        yield started


def settings(federation: Federation, url: str) -> BusSettings:
    return BusSettings(url=url, credentials=federation.folder_of(FIT))


@pytest.mark.parametrize(
    "url, reason",
    [
        ("nats://127.0.0.1:1", "Connect call failed ('127.0.0.1', 1)"),
        ("nats://nowhere.invalid:4222", "nowhere"),
    ],
)
async def test_a_server_that_is_not_there_is_named(
    federation: Federation, url: str, reason: str
) -> None:
    with pytest.raises(BusRefused) as refused:
        await asyncio.wait_for(connect(settings(federation, url), "client"), 30)
    assert (refused.value.key, refused.value.parameters["url"]) == ("bus.unreachable", url)
    assert reason.removeprefix("nowhere") in str(refused.value.parameters["reason"])


async def test_a_server_of_another_agency_refuses_the_key(federation: Federation) -> None:
    with pytest.raises(BusRefused) as refused:
        await connect(settings(federation, federation.url(AWEX)), "client")
    assert refused.value.key == "bus.unreachable"


async def test_a_connection_comes_back_after_any_number_of_tries(federation: Federation) -> None:
    client = await connect(settings(federation, federation.url(FIT)), "client")
    federation.leaves[FIT].kill()
    await asyncio.sleep(2)  # some eight tries
    await asyncio.to_thread(federation.heal)
    async with asyncio.timeout(20):
        while not client.is_connected:
            await asyncio.sleep(0.05)
    assert await client.rtt() > 0
    await client.close()


async def test_a_server_that_dies_while_keys_are_shown_holds_nobody_up(tmp_path: Path) -> None:
    """The client alone would wait for ever to close what never was a TLS connection."""

    async def dies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.14.6","tls_required":true}\r\n')
        await reader.read(100)
        writer.transport.abort()

    async with await asyncio.start_server(dies, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        own = BusSettings(url=f"tls://127.0.0.1:{port}", credentials=keys(tmp_path) / FIT)
        with pytest.raises(BusRefused):
            await asyncio.wait_for(connect(own, "client"), 30)
