"""Clerks of the three agencies at work, each a plain client of its own agency's server.

They know subjects and JSON, and nothing else of the program: a command that is not answered is
asked again under the same identifier.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from datetime import date
from itertools import count
from threading import Thread
from time import monotonic
from typing import TypeVar

import msgspec
import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from schemas.action import ActionType
from schemas.co_organisation import (
    AcceptCoOrganisation,
    DeclineCoOrganisation,
    RequestCoOrganisation,
    Terms,
)
from schemas.mission import PublishMission, RescheduleMission
from schemas.period import Month, WholeYear
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency, Place, Sector, Title
from tests.faults.federation.notebook import Letter, Notebook
from tests.servers.federation import Federation

STARTING = 30.0  # seconds
DAY = date(2026, 9, 24)
PATIENCE = 5.0  # seconds for an answer, then it is asked again
LAST = 0.3  # seconds in which what is being asked may still be answered
PAUSE = 0.02  # seconds of thought between two commands of a clerk
T = TypeVar("T")


class Clerks:
    """
    Of each agency: two that plan, one that asks the others to join, one that answers them.

    A context manager, in a thread of its own; its methods are called from outside.
    """

    def __init__(self, federation: Federation, seed: int = 0) -> None:
        self.federation, self.notebook = federation, Notebook()
        self._chance = random.Random(seed)
        self._published: dict[Agency, list[str]] = {agency: [] for agency in federation.agencies}
        self._requests: dict[Agency, list[tuple[str, Agency]]] = {
            agency: [] for agency in federation.agencies
        }
        self._clients: dict[Agency, Client] = {}
        self._numbers = count(1)
        self._at_work = False
        self._lanes: list[asyncio.Task[None]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="clerks", daemon=True)

    def begin(self, round_: int, year: int) -> None:
        """They plan a year; the round is part of all names."""
        self._run(self._begin, round_, year)

    def wait_for_nodes(self, *agencies: Agency) -> None:
        """Until these, or all, are found at their own servers, by NATS' protocol of services."""
        self._run(self._wait_for_nodes, *(agencies or self.federation.agencies))

    def rest(self) -> None:
        """They leave what is not answered by then."""
        self._run(self._rest)

    def settle(self, seconds: float) -> Future[list[str]]:
        """Ask again what has no final answer; what has none even then."""
        return asyncio.run_coroutine_threadsafe(self._settle(seconds), self._loop)

    async def _wait_for_nodes(self, *agencies: Agency) -> None:
        async with asyncio.timeout(STARTING):
            for agency in agencies:
                client = self._clients[agency]
                while True:
                    try:
                        await client.request(f"$SRV.PING.coordination-{agency}", timeout=1)
                        break
                    except (Error, TimeoutError):
                        await asyncio.sleep(0.05)

    async def _begin(self, round_: int, year: int) -> None:
        self._at_work = True
        for agency in self.federation.agencies:
            for lane, clerk in (
                ("one", self._plans),
                ("two", self._plans),
                ("asks", self._asks),
                ("answers", self._answers),
            ):
                work = clerk(agency, f"{round_}-{agency}-{lane}", year)
                self._lanes.append(asyncio.create_task(work))

    async def _rest(self) -> None:
        self._at_work = False
        lanes, self._lanes = self._lanes, []
        if lanes:
            ended, going_on = await asyncio.wait(lanes, timeout=LAST)
            for lane in going_on:
                lane.cancel()
            await asyncio.gather(*going_on, return_exceptions=True)
            for lane in ended:
                lane.result()

    async def _settle(self, seconds: float) -> list[str]:
        end = monotonic() + seconds
        while (waiting := self.notebook.open()) and monotonic() < end:
            await asyncio.gather(*(self._ask(letter) for letter in waiting))
            if self.notebook.open():
                await asyncio.sleep(0.1)
        return [letter.id for letter in self.notebook.open()]

    async def _plans(self, agency: Agency, lane: str, year: int) -> None:
        for number in count(1):
            mission = f"mission-{agency}-{lane}-{number}"
            published = await self._write(
                agency,
                lane,
                PublishMission(
                    by=agency,
                    effective=DAY,
                    mission=mission,
                    title=Title(en=f"Mission {number}"),
                    action=ActionType.AGENCY_MISSION,
                    period=Month(year, 1 + number % 12),
                    places=(Place(country=self._chance.choice(("VN", "JP", "US", "MA"))),),
                    sectors=(self._chance.choice(list(Sector)),),
                ),
            )
            if published is None:
                return
            self._published[agency].append(mission)
            reschedule = RescheduleMission(
                by=agency, effective=DAY, mission=mission, period=WholeYear(year), reason="a fair"
            )
            if number % 3 == 0 and await self._write(agency, lane, reschedule) is None:
                return

    async def _asks(self, agency: Agency, lane: str, year: int) -> None:
        """What waits for its owner is settled later; the clerk goes on."""
        others = [other for other in self.federation.agencies if other != agency]
        for number in count(1):
            owner = self._chance.choice(others)
            while not self._published[owner]:
                if not self._at_work:
                    return
                await asyncio.sleep(PAUSE)
            mission = self._chance.choice(self._published[owner][-20:])
            command = RequestCoOrganisation(
                by=agency, effective=DAY, mission=mission, terms=Terms(share_of_cost=number % 100)
            )
            if await self._write(agency, lane, command) is None:
                return

    async def _answers(self, agency: Agency, lane: str, year: int) -> None:
        while True:
            while not self._requests[agency]:
                if not self._at_work:
                    return
                await asyncio.sleep(PAUSE)
            mission, partner = self._requests[agency].pop(0)
            command: AnyCommand = self._chance.choice(
                (
                    AcceptCoOrganisation(
                        by=agency, effective=DAY, mission=mission, partner=partner
                    ),
                    DeclineCoOrganisation(
                        by=agency, effective=DAY, mission=mission, partner=partner, reason="full"
                    ),
                )
            )
            if await self._write(agency, lane, command) is None:
                return

    async def _write(self, agency: Agency, lane: str, command: AnyCommand) -> Letter | None:
        """Ask until it is answered; None where they are to rest."""
        if not self._at_work:
            return None
        letter = Letter(f"{lane}-{next(self._numbers)}", lane, agency, command)
        self.notebook.letters[letter.id] = letter
        while letter.answer is None:
            await self._ask(letter)
            if not self._at_work:
                return None
            await asyncio.sleep(PAUSE)
        if isinstance(command, RequestCoOrganisation) and letter.answer.answer == "done":
            self._requests[letter.owner].append((command.mission, agency))
        return letter

    async def _ask(self, letter: Letter) -> None:
        began = monotonic()
        try:
            answer = await self._clients[letter.asker].request(
                letter.subject,
                msgspec.json.encode(letter.command),
                timeout=PATIENCE,
                headers={"Command-Id": letter.id},
            )
        except (Error, OSError, TimeoutError):
            heard = False
        else:
            heard = "Nats-Service-Error" not in (answer.headers or {})
            if heard:
                self.notebook.note(letter, answer.data)
        self.notebook.attempted(letter, began, heard=heard)
        if not heard:
            await asyncio.sleep(0.1)

    async def _told_later(self, message: Msg) -> None:
        self.notebook.note(self.notebook.letters[message.subject.split(".", 2)[2]], message.data)

    async def _connect(self) -> None:
        for agency in self.federation.agencies:
            self._clients[agency] = client = await connected(self.federation, agency)
            await client.subscribe(f"answer.{agency}.>", cb=self._told_later)

    async def _close(self) -> None:
        await self._rest()
        for client in self._clients.values():
            with suppress(Error, OSError):
                await client.close()

    def _run(self, work: Callable[..., Awaitable[T]], *arguments: object) -> T:
        async def awaited() -> T:
            return await work(*arguments)

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result()

    def __enter__(self) -> "Clerks":
        self._thread.start()
        self._run(self._connect)
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _unheard(error: Exception) -> None:
    """What is not answered is asked again."""


async def connected(federation: Federation, agency: Agency, user: str = "client") -> Client:
    """One of an agency's programs at its own server; it comes back by itself."""
    return await nats.connect(
        federation.url(agency),
        nkeys_seed=str(federation.credentials[agency].seed(user)),
        inbox_prefix=f"_INBOX_{user}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,
        connect_timeout=2,
        ping_interval=2,
        error_cb=_unheard,
    )


@asynccontextmanager
async def client(
    federation: Federation, agency: Agency, user: str = "client"
) -> AsyncIterator[Client]:
    opened = await connected(federation, agency, user)
    try:
        yield opened
    finally:
        with suppress(Error):
            await opened.close()
