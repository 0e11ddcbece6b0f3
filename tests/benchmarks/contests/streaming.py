"""(j) A ledger from the store of one agency to the hub's stream, and from there to the store of
another, against bare JetStream on the same way: the agency's own server, its link, the hub."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import uuid4

from coordination.bus import subjects
from coordination.bus.ledgers import Ledgers
from coordination.bus.relay import WINDOW, Relay
from coordination.bus.replica import TOGETHER, Replica
from coordination.bus.stream import Copy, Shape, made_again
from coordination.mailroom.asked import Letter
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.settings import Settings
from coordination.store.event_store import EventStore
from coordination.store.ledger_reading import LedgerEvent, LedgerReader
from schemas.message import name
from schemas.upcasting import read
from schemas.vocabulary import Agency
from tests.benchmarks import bus
from tests.benchmarks.baselines import jetstream, raw
from tests.benchmarks.baselines.jetstream import Publication
from tests.benchmarks.bus import LEADER, PARTNER
from tests.benchmarks.contests.ground import Contender, Ground
from tests.benchmarks.results import middle_of
from tests.benchmarks.workload import never
from tests.servers.sovereign import Sovereign

SHAPE = Shape()
# What a relay keeps equal to the ledger, and a stream like it that bare JetStream fills.
OURS, BARE = Copy(LEADER, True, SHAPE), Copy(PARTNER, True, SHAPE)
LOOKS = 0.005  # seconds between two looks at how far a relay is


def contenders(ground: Ground) -> Iterator[Contender]:
    folder = ground.folder / "streaming"
    servers = ground.stack.enter_context(bus.servers(folder))
    workload = ground.workloads[middle_of(ground.extent.sizes)]
    events = beginning(workload.store, LEADER, ground.extent.streamed)
    mailroom = ground.stack.enter_context(Mailroom(folder / "mailroom.sqlite", now))
    remember(mailroom, PARTNER, events)
    service = ground.stack.enter_context(service_of(LEADER, folder))
    service.receive(LEADER, [event.raw for event in events])
    leader, partner = (bus.settings_of(servers, agency) for agency in (LEADER, PARTNER))
    own = Ledgers(LEADER, service, mailroom, leader.sealer(), leader.seals())

    def others(taking: Service) -> Ledgers:
        return Ledgers(PARTNER, taking, mailroom, partner.sealer(), partner.seals())

    def contender(name: str, measure: Callable[[], Coroutine[Any, Any, float]]) -> Contender:
        return Contender(name, lambda: ground.results.add(name, asyncio.run(measure())))

    def bare() -> None:
        """And with the rows kept, which a replica cannot do without."""
        pulling = asyncio.run(pulled(servers, len(events)))
        keeping = kept(folder, events)
        ground.results.add("bus/replica/bare", pulling)
        ground.results.add("bus/replica/bare-and-kept", 1 / (1 / pulling + 1 / keeping))

    yield contender("bus/relay/bare", partial(published, servers, events))
    yield contender("bus/relay/ours", partial(relayed, servers, own, len(events)))
    yield Contender("bus/replica/bare", bare)
    yield contender("bus/replica/ours", partial(taken_in, servers, others, len(events)))


def now() -> datetime:
    return datetime.now(UTC)


def service_of(agency: Agency, folder: Path) -> Service:
    environ = {"SQLITE_DBNAME": str(folder / f"{agency}.sqlite")}
    return Service(Settings(speaks_for=(agency,)), environ, now, lambda: str(uuid4()))


def beginning(store: Path, ledger: Agency, most: int) -> list[LedgerEvent]:
    kept = EventStore({"SQLITE_DBNAME": str(store)}, never, str)
    try:
        return LedgerReader(kept, ledger).after(0, most)
    finally:
        kept.close()


def remember(mailroom: Mailroom, asker: Agency, events: list[LedgerEvent]) -> None:
    """What the asker asked of the ledger's owner: else its node would wonder at the outcome."""
    for recorded in (read(event.raw) for event in events):
        if recorded.agency == asker and mailroom.of(asker, recorded.causation) is None:
            letter = Letter(
                id=recorded.causation,
                asker=asker,
                owner=recorded.ledger,
                tag=name(recorded.data),
                command=b"{}",
                digest="",
                asked_at=recorded.time,
            )
            mailroom.accept(letter)


async def published(servers: Sovereign, events: list[LedgerEvent]) -> float:
    """Events a second, by the same window and identifiers as a relay."""
    publications = [Publication(BARE.subject(one.type), one.id, one.raw) for one in events]
    async with bus.connected(servers, PARTNER, "node", "link") as client:
        await made_again(BARE.api(client), BARE)
        return await jetstream.published(client, publications, WINDOW)


async def relayed(servers: Sovereign, ledgers: Ledgers, count: int) -> float:
    """Events a second, each acknowledged, sealed and in its place."""
    async with bus.connected(servers, LEADER, "node", "link") as client:
        await made_again(OURS.api(client), OURS)
        readers = partial(ledgers.reader, LEADER)
        relay = Relay(client, OURS, readers, consumer=LEADER, seal=ledgers.sealed)
        began = perf_counter()
        running = asyncio.create_task(relay.run())
        while relay.seq != count:
            assert not relay.trouble, relay.trouble
            await asyncio.sleep(LOOKS)
        pace = count / (perf_counter() - began)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return pace


async def pulled(servers: Sovereign, count: int) -> float:
    """Events a second, thrown away."""
    async with bus.connected(servers, PARTNER, "node", "link") as client:
        prefix = subjects.reading(LEADER)
        return await jetstream.pulled(client, prefix, OURS.name, PARTNER, count)


def kept(folder: Path, events: list[LedgerEvent]) -> float:
    """Rows a second in the store's own table, as many in a commit as a replica keeps together."""
    rows = [
        (recorded.stream, recorded.version, event.type, event.raw)
        for event in events
        for recorded in (read(event.raw),)
    ]
    with TemporaryDirectory(dir=folder) as place:
        store = Path(place) / "kept.sqlite"
        EventStore({"SQLITE_DBNAME": str(store)}, never, str).close()
        return raw.sqlite_pages(store, rows, TOGETHER)


async def taken_in(
    servers: Sovereign, ledgers_of: Callable[[Service], Ledgers], count: int
) -> float:
    """Events a second from an empty store on: seals, chain and place checked, and durable."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=servers.folder)))
        service = stack.enter_context(service_of(PARTNER, folder))
        service.start()
        async with bus.connected(servers, PARTNER, "node", "link") as client:
            replica = Replica(client, LEADER, ledgers_of(service))
            began = perf_counter()
            assert await replica.fetch(client, subjects.reading(LEADER), PARTNER)
            assert replica.head == count
            assert replica.head == count
            return count / (perf_counter() - began)
