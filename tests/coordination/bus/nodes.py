"""Three nodes in this process, each on its own leaf of a federation of real servers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from coordination.bus.connection import connect
from coordination.bus.ending import ended
from coordination.bus.node import Node
from coordination.bus.settings import BusSettings
from coordination.bus.stream import Copy, Shape
from coordination.bus.trouble import TROUBLES
from coordination.mailroom.asked import read_answer
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.settings import Settings
from schemas.answer import AnyAnswer
from schemas.vocabulary import THREE, Agency
from tests.servers.federation import Federation
from tests.servers.sovereign import Sovereign

SOON = 20.0  # seconds; a leaf calls the hub again after one


class OneNode:
    """A running node, and a client of its agency beside it."""

    def __init__(self, node: Node, service: Service, mailroom: Mailroom, client: Client) -> None:
        self.node, self.service, self.mailroom, self.client = node, service, mailroom, client
        self.me = node.me

    async def ask(
        self, owner: Agency, tag: str, command: Mapping[str, Any] | bytes, **headers: str
    ) -> AnyAnswer:
        """As any program of the agency asks."""
        raw = command if isinstance(command, bytes) else msgspec.json.encode(command)
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        subject = f"cmd.{owner}.{self.me}.{tag}"
        answer = await self.client.request(subject, raw, timeout=15, headers=named or None)
        return read_answer(answer.data)

    def ledgers(self) -> dict[Agency, list[bytes]]:
        """The bytes of every event this node has, by ledger."""
        return {
            agency: [event.raw for event in self.service.ledger(agency).after(0, 100_000)]
            for agency in self.service.settings.known
        }


Three = dict[Agency, OneNode]
Servers = Federation | Sovereign


def settings_of(federation: Servers, agency: Agency) -> BusSettings:
    monitors = (
        federation.leaves[agency].monitor_url,
        *(hub.monitor_url for hub in federation.hubs),
    )
    folder = federation.folder_of(agency)
    return BusSettings(url=federation.url(agency), credentials=folder, monitors=monitors)


def service_of(agency: Agency, folder: Path, environ: Mapping[str, str] | None) -> Service:
    """On SQLite in the folder, where the environment names no other store."""
    sqlite = {"SQLITE_DBNAME": str(folder / f"{agency}.sqlite")}
    return Service(Settings(speaks_for=(agency,)), environ or sqlite, now, new_id)


@asynccontextmanager
async def one_node(
    federation: Servers,
    agency: Agency,
    folder: Path,
    shape: Shape = Shape(),  # noqa: B008
    environ: Mapping[str, str] | None = None,
) -> AsyncIterator[OneNode]:
    """Runs until it is left; what it keeps stays in the folder."""
    settings = settings_of(federation, agency)
    async with AsyncExitStack() as stack:
        service = stack.enter_context(service_of(agency, folder, environ))
        mailroom = stack.enter_context(Mailroom(folder / f"{agency}.mailroom.sqlite", now))
        node = Node(service, mailroom, settings, shape=shape)
        running = asyncio.create_task(node.run())
        stack.push_async_callback(ended, [running])
        client = await connect(settings, "client")
        stack.push_async_callback(client.close)
        one = OneNode(node, service, mailroom, client)
        await until(lambda: running.done() or answers(one))
        if running.done():
            running.result()
        yield one


async def answers(one: OneNode) -> bool:
    try:
        await one.client.request(f"node.{one.me}.schema", b"", timeout=1)
    except TROUBLES:
        return False
    return True


@asynccontextmanager
async def three_nodes(
    federation: Servers,
    folder: Path,
    shape: Shape = Shape(),  # noqa: B008
) -> AsyncIterator[Three]:
    async with AsyncExitStack() as stack:
        yield {
            agency: await stack.enter_async_context(one_node(federation, agency, folder, shape))
            for agency in THREE
        }


async def until(holds: Callable[[], Any], seconds: float = SOON) -> None:
    """Polls, a plain question or an asynchronous one. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            found = holds()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.02)


async def alike(three: Three, seconds: float = SOON) -> dict[Agency, list[bytes]]:
    """The ledgers, once all three nodes have the same, with all that their owners have."""

    def same() -> bool:
        heads = [one.service.store.standing()[1] for one in three.values()]
        own = {
            agency: head
            for agency, one in three.items()
            if (head := one.service.store.standing()[1].get(agency))
        }
        return all(each == own for each in heads)

    await until(same, seconds)
    found = [one.ledgers() for one in three.values()]
    assert all(each == found[0] for each in found)
    return found[0]


async def clean(federation: Servers) -> None:
    """No stream is left, on the hub or on a leaf."""
    for agency in federation.agencies:
        client = await connect(settings_of(federation, agency), "node")
        own = Copy(agency, True, Shape())
        for copy in (own, *(Copy(one, False, Shape()) for one in federation.agencies)):
            await until(partial(deleted, client, copy))
        await client.close()


async def deleted(client: Client, copy: Copy) -> bool:
    try:
        await copy.api(client).delete_stream(copy.name)
    except NotFoundError:
        return True
    except TROUBLES:
        return False
    return True


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return str(uuid4())
