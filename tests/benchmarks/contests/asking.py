"""(i) Commands over the bus: of an agency to its own node, against the service itself; of one
agency to another, through the hub; and until the other sees what was decided."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from uuid import uuid4

from nats.aio.client import Client

from schemas.recorded_event import AnyCommand
from tests.benchmarks import bus, node, reading, wishes
from tests.benchmarks.bus import AGENCIES, LEADER, PARTNER
from tests.benchmarks.clients import Timed, one_by_one, side_by_side
from tests.benchmarks.contests.ground import Contender, Extent, Ground
from tests.servers.sovereign import Sovereign

EACH = 20  # times a mission is asked about, as long as an action lives in the model
LOOKS = 0.0005  # seconds between two looks of who waits for a line

Ask = Callable[[Client, AnyCommand], Awaitable[object]]


def contenders(ground: Ground) -> Iterator[Contender]:
    size, extent = ground.extent.smallest, ground.extent
    stores = {agency: ground.copy(size, f"bus-{agency}") for agency in AGENCIES}
    servers = ground.stack.enter_context(bus.servers(ground.folder / "asking"))
    ground.stack.enter_context(bus.nodes(servers, stores))
    now = datetime.now(UTC)
    missions = wishes.publications(LEADER, now.date(), missions_for(extent))
    asked(servers, LEADER, missions, together=extent.clients)
    revisions, requests = wishes.revisions(missions), wishes.requests(missions, PARTNER)

    def nats(name: str, ask: Ask) -> Contender:
        def run() -> None:
            for together, count in ((1, extent.alone), (extent.clients, extent.together)):
                commands = islice(revisions, count)
                timed = asked(servers, LEADER, commands, together=together, ask=ask)
                ground.results.add_timed(f"bus/asked/{together}/{name}", timed)

        return Contender(f"bus/asked/{name}", run)

    def through_the_hub() -> None:
        timed = asked(servers, PARTNER, islice(requests, extent.reading))
        ground.results.add_timed("bus/asked/1/hub", timed)

    yield direct(ground, node.environ_of(ground.copy(size, "direct")), now)
    yield nats("nats", bus.ask)
    yield nats("named", named)
    yield Contender("bus/asked/hub", through_the_hub)
    yield seen(ground, servers, node.environ_of(stores[PARTNER]), now)


def missions_for(extent: Extent) -> int:
    """Each contender asks as much; two of them ask about the same missions."""
    return 2 * extent.rounds * (extent.alone + extent.together) // EACH + 1


def named(client: Client, command: AnyCommand) -> Awaitable[object]:
    """So that it can be asked again."""
    return bus.ask(client, command, str(uuid4()))


def asked(
    servers: Sovereign,
    asker: str,
    commands: Iterable[AnyCommand],
    *,
    together: int = 1,
    ask: Ask = bus.ask,
) -> Timed:
    """By a program of the agency, over one connection."""

    async def work() -> Timed:
        async with bus.connected(servers, asker, "client") as client:
            return await bus.in_flight(commands, partial(ask, client), together)

    return asyncio.run(work())


def direct(ground: Ground, environ: Mapping[str, str], now: datetime) -> Contender:
    """The service itself, in the process that asks."""
    service, extent = ground.stack.enter_context(node.opened(environ, now)), ground.extent
    missions = wishes.publications(LEADER, now.date(), missions_for(extent))
    ask = partial(reading.changed, service)
    one_by_one(missions, ask)
    revisions = wishes.revisions(missions)

    def run() -> None:
        alone = one_by_one(list(islice(revisions, extent.alone)), ask)
        ground.results.add_timed("bus/asked/1/direct", alone)
        many = list(islice(revisions, extent.together))
        hands = [many[first :: extent.clients] for first in range(extent.clients)]
        timed = side_by_side(hands, ask)
        ground.results.add_timed(f"bus/asked/{extent.clients}/direct", timed)

    return Contender("bus/asked/direct", run)


def seen(
    ground: Ground, servers: Sovereign, environ: Mapping[str, str], now: datetime
) -> Contender:
    """From the command at the one agency until the plan of the other has it."""
    reader = ground.stack.enter_context(node.opened(environ, now))
    node.build(reader)
    missions = wishes.publications(LEADER, now.date(), ground.extent.seen, "seen")
    asked(servers, LEADER, missions)
    revisions = wishes.revisions(missions)

    async def until_seen(client: Client, command: AnyCommand) -> None:
        recorded = await bus.ask(client, command)
        reference = f"{recorded.ledger}/{recorded.seq}"
        while reference not in reading.behind(reader, recorded.stream):
            await asyncio.sleep(LOOKS)

    def run() -> None:
        commands = islice(revisions, ground.extent.seen)
        timed = asked(servers, LEADER, commands, ask=until_seen)
        ground.results.add_timed("bus/seen", timed)

    return Contender("bus/seen", run)
