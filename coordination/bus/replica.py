"""The replica: takes another agency's ledger into the own store, each event once and in order.

What comes is believed for its seal and its place in the chain, not for where it came from: a
duplicate is absorbed whenever it comes, a gap is fetched from the stream, else asked of the agency
itself, and what does not fit is refused, kept and shown.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec
from nats.aio.client import Client

from coordination.bus import subjects
from coordination.bus.ledgers import FALSE_SEAL, Ledgers, Sealed, Suspect, sealed
from coordination.bus.pulling import PATIENCE, Pulling
from coordination.bus.trouble import TROUBLES, named
from coordination.store.event_store import UNREADABLE
from coordination.store.receiving import What
from schemas.lending import AskLedger, LentLedger
from schemas.vocabulary import Agency

TOGETHER = 500  # events that are kept together
AGAIN = 0.5  # seconds until it tries again


class Replica:
    """One ledger from the hub to the own store."""

    def __init__(self, client: Client, ledger: Agency, ledgers: Ledgers) -> None:
        self.client, self.ledger, self.me, self._ledgers = client, ledger, ledgers.me, ledgers
        self.head = 0  # up to where the store has it
        self.behind: int | None = None  # events that the stream has and we have not
        self.trouble = ""
        self.forked = False
        self.seal: tuple[int, str] | None = None  # the last that held, and the seq it is of
        self._again = False
        self.came: Callable[[], object] = lambda: None  # told when something was kept
        self.lost: Callable[[], object] = lambda: None  # told when the hub cannot be reached

    def again(self) -> None:
        """Fetch what follows the store's place once more, as after something was mended."""
        self._again = True

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self.follow()
            except TROUBLES as error:
                self.behind, self.trouble = None, named(error)
                self.lost()
                await self._ask_the_owner()
                await asyncio.sleep(AGAIN)

    async def follow(self) -> None:
        """From the stream, for ever; what is missing is fetched again, else asked of its owner."""
        async with self._pulling(self.client, subjects.reading(self.ledger), self.me) as pulling:
            await self._begin(pulling)
            missed = 0
            while True:
                messages = await pulling.some(TOGETHER)
                if messages:
                    whole = await self.take([sealed(message) for message in messages])
                    self.behind = pulling.waiting
                    missed = 0 if whole else missed + 1
                if missed > 1:
                    await self._ask_the_owner()
                    await asyncio.sleep(AGAIN)
                if missed or self._again:
                    self._again = False
                    await self._begin(pulling)

    async def fetch(self, client: Client, prefix: str, consumer: str) -> bool:
        """
        Once, all that a stream has; whether it could be kept.

        `prefix` is that of JetStream's API, `consumer` the name by which the server lets us read.
        """
        async with self._pulling(client, prefix, consumer) as pulling:
            await self._begin(pulling)
            while pulling.waiting:
                messages = await pulling.some(TOGETHER)
                if messages and not await self.take([sealed(message) for message in messages]):
                    return False
        return True

    def _pulling(self, client: Client, prefix: str, consumer: str) -> Pulling:
        return Pulling(client, prefix, subjects.ledger_stream(self.ledger), consumer)

    async def _begin(self, pulling: Pulling) -> None:
        self.head = await asyncio.to_thread(self._ledgers.head, self.ledger)
        await pulling.begin(self.head + 1)
        self.behind = pulling.waiting
        self.trouble = ""

    async def take(self, events: Sequence[Sealed]) -> bool:
        """Whether all could be kept, or were known."""
        vouched = await asyncio.to_thread(self._ledgers.vouched, self.ledger, events)
        if vouched and not await self._keep(events[:vouched]):
            return False
        if vouched < len(events):
            await self._refuse(Suspect(self.ledger, self.head + 1, FALSE_SEAL, events[vouched]))
            return False
        return True

    async def _keep(self, events: Sequence[Sealed]) -> bool:
        received = await asyncio.to_thread(self._ledgers.receive, self.ledger, events)
        self.head = received.head
        if received.kept:
            self.came()
        if (misfit := received.misfit) is None:
            if received.kept and not received.known:
                self.seal = self.head, events[-1].seal
            return True
        if misfit.what is not What.GAP:  # a gap is nobody's fault yet
            theirs = next(event for event in events if event.raw == misfit.raw)
            self.forked = self.forked or misfit.what is What.FORK
            await self._refuse(Suspect(self.ledger, misfit.seq, misfit.what, theirs, misfit.ours))
        return False

    async def _refuse(self, suspect: Suspect) -> None:
        self.trouble = suspect.what
        await asyncio.to_thread(self._ledgers.suspect, suspect)

    async def _ask_the_owner(self) -> None:
        """The agency itself, where the stream has not what it should have, or is gone."""
        if self.ledger == self.me:
            return
        self.head = await asyncio.to_thread(self._ledgers.head, self.ledger)
        with suppress(*TROUBLES):  # not there either; one of them will be
            while (lent := await self._lent()) and await self.take(lent):
                pass

    async def _lent(self) -> list[Sealed]:
        """The next piece; nothing where there is none, or what came is no piece of a ledger."""
        subject = subjects.over_the_link(subjects.ledger_of(self.ledger, self.me))
        asked = msgspec.json.encode(AskLedger(self.head))
        answer = await self.client.request(subject, asked, timeout=PATIENCE)
        try:
            lent = msgspec.json.decode(answer.data, type=LentLedger)
        except UNREADABLE:
            return []
        events = [Sealed(bytes(raw), "") for raw in lent.events]
        return [*events[:-1], *(Sealed(last.raw, lent.seal) for last in events[-1:])]
