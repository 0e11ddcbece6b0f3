"""What the streams on the hub and on the servers of the agencies hold: all must be a ledger."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import nats
from msgspec import Struct
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig
from nats.js.errors import NotFoundError

from schemas.vocabulary import Agency
from tests.faults.federation.evidence import Ledgers, envelope
from tests.servers.federation import Federation
from tests.servers.nats import Server

SILENCE = 5.0  # seconds for the next messages of a stream that has more


class Place(Struct, frozen=True):
    """Where a copy of a ledger is: on the hub, or at the server of an agency."""

    ledger: Agency
    at: Agency | None

    def __str__(self) -> str:
        return f"stream of {self.ledger} at {self.at or 'the hub'}"


class Extent(Struct, frozen=True):
    """As the server shows it; a stream that is not there is empty."""

    messages: int = 0
    last: int = 0


def places(agencies: Sequence[Agency]) -> Iterator[Place]:
    for ledger in agencies:
        yield Place(ledger, None)
        yield from (Place(ledger, at) for at in agencies)


def name(ledger: Agency) -> str:
    return f"LEDGER_{ledger.upper()}"


def extents(federation: Federation) -> dict[Place, Extent]:
    """Of all streams at this moment; of a cluster, as its leader has it."""
    found = dict.fromkeys(places(federation.agencies), Extent())
    servers: list[tuple[Agency | None, Server]] = [(None, hub) for hub in federation.hubs]
    servers += federation.leaves.items()
    for at, server in servers:
        for stream in streams_of(server):
            ledger = str(stream["name"]).removeprefix("LEDGER_").lower()
            if stream.get("cluster", {}).get("leader", server.name) == server.name:
                state = stream["state"]
                found[Place(ledger, at)] = Extent(state["messages"], state["last_seq"])
    return found


def streams_of(server: Server) -> Iterator[dict[str, Any]]:
    shown = server.shown("jsz?accounts=true&streams=true")
    for account in shown.get("account_details", ()):
        yield from account.get("stream_detail", ())


def are_whole(federation: Federation, heads: Mapping[Agency, int]) -> bool:
    """Whether each stream holds as many messages as its ledger has events."""
    return all(
        extent == Extent(heads.get(place.ledger, 0), heads.get(place.ledger, 0))
        for place, extent in extents(federation).items()
    )


def unlike(federation: Federation, ledgers: Ledgers) -> Iterator[str]:
    """The streams that are not, message for message, their ledger with the ids of its events."""
    found = asyncio.run(_all_contents(federation))
    for place, contents in found.items():
        wanted = [(envelope(raw).id, raw) for raw in ledgers.get(place.ledger, ())]
        if contents != wanted:
            yield str(place)


async def _all_contents(federation: Federation) -> dict[Place, list[tuple[str, bytes]]]:
    found = {}
    for agency in federation.agencies:
        async with await at_the_hub(federation, agency) as client:
            found[Place(agency, None)] = await contents(client, agency)
        async with await at_home(federation, agency) as client:
            for ledger in federation.agencies:
                found[Place(ledger, agency)] = await contents(client, ledger)
    return found


async def at_the_hub(federation: Federation, agency: Agency) -> Client:
    """As a hub administrator can, in the agency's account there."""
    return await nats.connect(federation.hub_urls, user=agency, password=agency)


async def at_home(federation: Federation, agency: Agency) -> Client:
    """As the node, at the agency's own server."""
    seed = str(federation.credentials[agency].seed("node"))
    return await nats.connect(federation.url(agency), nkeys_seed=seed, inbox_prefix="_INBOX_node")


async def contents(client: Client, ledger: Agency) -> list[tuple[str, bytes]]:
    """Id and bytes of each message, in order; none where there is no such stream."""
    api = client.jetstream()
    try:
        last = (await api.stream_info(name(ledger))).state.last_seq
    except NotFoundError:
        return []
    reading = await api.pull_subscribe(
        "",
        stream=name(ledger),
        config=ConsumerConfig(ack_policy=AckPolicy.NONE, inactive_threshold=30, mem_storage=True),
    )
    found: list[tuple[str, bytes]] = []
    seq = 0
    while seq < last:
        for message in await reading.fetch(500, timeout=SILENCE):
            seq = message.metadata.sequence.stream
            found.append(((message.headers or {})["Nats-Msg-Id"], message.data))
    await reading.unsubscribe()
    return found


async def changed(client: Client, ledger: Agency, **settings: float) -> None:
    """The stream with other settings, as its owner can."""
    api = client.jetstream()
    config = (await api.stream_info(name(ledger))).config
    await api.update_stream(StreamConfig(**{**config.__dict__, **settings}))
