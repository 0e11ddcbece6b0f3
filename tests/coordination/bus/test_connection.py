"""Connecting for the first time says what is wrong; afterwards the connection comes back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.aio.subscription import Subscription

from coordination.bus.connection import connect
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from schemas.vocabulary import AWEX, FIT
from tests.servers.federation import Federation, running
from tests.servers.nats import REFUSED, Server, free_ports
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
    federation.heal()  # a server ends with the thread that started it
    async with asyncio.timeout(20):
        while not client.is_connected:
            await asyncio.sleep(0.05)
    assert await client.rtt() > 0
    await client.close()


@pytest.mark.parametrize("version", REFUSED)
async def test_a_server_on_which_one_could_delete_what_another_published_is_refused(
    tmp_path: Path, version: str
) -> None:
    port, monitor = free_ports(2)
    config = f'port: {port}\nhttp: "127.0.0.1:{monitor}"\njetstream {{ store_dir: $STORE }}'
    with Server("old", tmp_path, config, monitor, version=version):
        old = BusSettings(url=f"nats://127.0.0.1:{port}", credentials=tmp_path)
        with pytest.raises(BusRefused) as refused:
            await connect(old, "client")
    assert (refused.value.key, refused.value.parameters) == (
        "bus.server-too-old",
        {"found": version, "least": "2.10.27"},
    )


HOSTILE = [
    b"NATS/1.0 \xff\xfe\xff\r\n\r\n",
    b"NATS/1.0 404\xff\r\n\r\n",
    b"NATS/1.0\r\nA\xff: b\r\n\r\n",
    b"NATS/1.0\r\nA: \xff\r\n\r\n",
    b"NATS/1.0",
    b"NATS/1.0 1",
]


@pytest.mark.parametrize("headers", HOSTILE)
async def test_headers_that_nobody_can_read_silence_no_reader(
    federation: Federation, headers: bytes
) -> None:
    reader = await connect(settings(federation, federation.url(FIT)), "node")
    writer = await connect(settings(federation, federation.url(FIT)), "client")
    try:
        heard = await reader.subscribe("cmd.fit.fit.>")
        await reader.flush()
        await sent_raw(writer, "cmd.fit.fit.x", headers)
        # On a busy machine the client sometimes has to find out by its own pings, and reconnects.
        async with asyncio.timeout(60):
            while not await hears(writer, heard):
                pass
    finally:
        await writer.close()
        await reader.close()


async def hears(writer: Client, heard: Subscription) -> bool:
    await writer.publish("cmd.fit.fit.x", b"after")
    try:
        return (await heard.next_msg(1)).data == b"after"
    except TimeoutError:
        return False


async def test_the_same_headers_silence_the_reader_of_the_library(federation: Federation) -> None:
    reader = await nats.connect(
        federation.url(FIT),
        nkeys_seed=str(federation.credentials[FIT].seed("node")),
        allow_reconnect=False,
    )
    writer = await connect(settings(federation, federation.url(FIT)), "client")
    heard = await reader.subscribe("cmd.fit.fit.>")
    await reader.flush()
    await sent_raw(writer, "cmd.fit.fit.x", HOSTILE[0])
    await writer.publish("cmd.fit.fit.x", b"after")
    with pytest.raises(TimeoutError):
        await heard.next_msg(1)
    assert reader.is_connected
    await writer.close()
    await reader.close()


async def sent_raw(client: Client, subject: str, headers: bytes) -> None:
    """With headers that the library would not write."""
    size = len(headers)
    await client._send_command(
        f"HPUB {subject}  {size} {size + 4}\r\n".encode() + headers + b"with\r\n"
    )
    await client._flush_pending()


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
