"""Two agencies on the bus as they run in production: the servers of deploy/nats with mutual TLS,
a node each in a process of its own, and programs of the agencies that ask them."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from time import perf_counter

import msgspec
from nats.aio.client import Client

from coordination.bus import health, subjects
from coordination.bus.connection import connect
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from coordination.mailroom.asked import read_answer
from schemas.answer import AnswerDone
from schemas.message import name, owner_of, stream_of
from schemas.recorded_event import AnyCommand, RecordedEvent
from schemas.upcasting import read
from schemas.wire import COMMAND_ID
from tests.benchmarks.clients import Timed
from tests.servers import sovereign
from tests.servers.node import ROOT, RUN
from tests.servers.process import Process
from tests.servers.sovereign import Sovereign

# Who leads and decides, and who asks and reads.
LEADER, PARTNER = AGENCIES = ("awex", "fit")
STARTING = 60.0  # seconds until the streams hold the ledgers, and the nodes each other's
PATIENCE = 30.0  # seconds for an answer


# Of each TLS connection that ends; it means nothing (shared/nats NOTES, 2, 13).
NOISE = "returning true from eof_received() has no effect when using ssl"
logging.getLogger("asyncio").addFilter(lambda record: record.getMessage() != NOISE)


@contextmanager
def servers(folder: Path) -> Iterator[Sovereign]:
    folder.mkdir()
    with sovereign.running(folder, agencies=AGENCIES) as running:
        yield running


def settings_of(running: Sovereign, agency: str) -> BusSettings:
    return BusSettings(url=running.url(agency), credentials=running.folder_of(agency))


@asynccontextmanager
async def connected(
    running: Sovereign, agency: str, user: str, inbox: str = ""
) -> AsyncIterator[Client]:
    client = await connect(settings_of(running, agency), user, inbox=inbox)
    try:
        yield client
    finally:
        await client.close()


@contextmanager
def nodes(running: Sovereign, stores: Mapping[str, Path]) -> Iterator[None]:
    """A node for each store; begins once everything is relayed and taken in."""
    with ExitStack() as stack:
        for agency, store in stores.items():
            stack.enter_context(_process(running, agency, store))
        asyncio.run(_all_is_known(running))
        yield


def _process(running: Sovereign, agency: str, store: Path) -> Process:
    folder = store.parent / f"node-{agency}"
    folder.mkdir()
    environ = {
        "PYTHONPATH": str(ROOT),
        "COORDINATION_KNOWN_AGENCIES": ",".join(AGENCIES),
        "COORDINATION_AGENCIES": agency,
        "COORDINATION_AGENCY": agency,
        "SQLITE_DBNAME": str(store),
        "COORDINATION_BUS_URL": running.url(agency),
        "COORDINATION_BUS_CREDENTIALS": str(running.folder_of(agency)),
    }
    return Process(f"node-{agency}", folder, [sys.executable, *RUN], environ)


async def _all_is_known(running: Sovereign) -> None:
    async with asyncio.timeout(STARTING):
        for agency in AGENCIES:
            while not await _knows_all(settings_of(running, agency), agency):
                await asyncio.sleep(0.1)


async def _knows_all(settings: BusSettings, agency: str) -> bool:
    try:
        found = await health.asked(settings, agency)
    except BusRefused:
        return False
    return all((one.behind, one.local) == (0, one.head) for one in found.ledgers)


async def ask(client: Client, command: AnyCommand, command_id: str | None = None) -> RecordedEvent:
    """Asks as a program of the agency does, and returns the event that came of it."""
    subject = subjects.command(owner_of(stream_of(command)), command.by, name(command))
    headers = None if command_id is None else {COMMAND_ID: command_id}
    message = await client.request(
        subject, msgspec.json.encode(command), timeout=PATIENCE, headers=headers
    )
    answer = read_answer(message.data)
    assert isinstance(answer, AnswerDone), answer
    return read(bytes(answer.events[-1]))


async def in_flight(
    commands: Iterable[AnyCommand], ask: Callable[[AnyCommand], Awaitable[object]], together: int
) -> Timed:
    """So many commands are asked at a time, the next one as soon as one is answered."""
    left, waited = iter(commands), list[float]()

    async def asker() -> None:
        for command in left:
            before = perf_counter()
            await ask(command)
            waited.append(perf_counter() - before)

    began = perf_counter()
    await asyncio.gather(*(asker() for _ in range(together)))
    return Timed(waited, perf_counter() - began)
