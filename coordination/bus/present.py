"""A node while it has a connection: all its parts at work, until that is gone for good."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from coordination.bus import health
from coordination.bus.asking import Asker
from coordination.bus.audit import Ahead
from coordination.bus.connection import closed
from coordination.bus.inbox import Inbox
from coordination.bus.lending import Lending
from coordination.bus.refusal import BusRefused
from coordination.bus.relay import Relay
from coordination.bus.replica import Replica
from coordination.bus.services import Services
from coordination.bus.stream import Copy
from coordination.bus.trouble import TROUBLES
from coordination.store.ledger_reading import LedgerReader
from schemas.vocabulary import Agency

if TYPE_CHECKING:
    from coordination.bus.node import Node

HOME = 60.0  # seconds in which our own ledger must have come back from the hub
HOUSEKEEPING = 5.0  # seconds between notes of what seals were seen


class Present:
    def __init__(self, node: "Node", client: Client) -> None:
        self.node, self.client, self.me = node, client, node.me
        ledgers, everybody = node.ledgers, (self.me, *node.others)
        self.outgoing = self._relay(self.me, on_the_hub=True)
        self.local = {ledger: self._relay(ledger, on_the_hub=False) for ledger in everybody}
        self.replicas = {ledger: Replica(client, ledger, ledgers) for ledger in everybody}
        self.inbox = Inbox(client, node.clerk, node.service, node.seals)
        self.asker = Asker(client, node.clerk, node.sealer)
        self.lending = Lending(ledgers.reader(self.me), ledgers.sealed, self.outgoing.doubt)
        self.services = Services(self)
        self.inbox.decided = self._wake_own
        for ledger in node.others:
            self.replicas[ledger].came = self.local[ledger].wake
            self.replicas[ledger].lost = self.outgoing.doubt  # a hub may come back with less

    def _relay(self, ledger: Agency, *, on_the_hub: bool) -> Relay:
        ledgers = self.node.ledgers
        copy = Copy(ledger, on_the_hub, self.node.shape)

        def readers() -> LedgerReader:
            return ledgers.reader(ledger)

        if on_the_hub:  # the server lets us read there as an agency, here as this program
            return Relay(
                self.client,
                copy,
                readers,
                consumer=self.me,
                seal=ledgers.sealed,
                continues=ledgers.continues_own,
            )
        seal = ledgers.sealed if ledger == self.me else None
        return Relay(self.client, copy, readers, consumer="node", seal=seal)

    def _wake_own(self) -> None:
        self.outgoing.wake()
        self.local[self.me].wake()

    async def run(self) -> None:
        """Raises BusRefused where the hub has another history of our own ledger than we have."""
        await self._come_home()
        others = self.node.others
        work: list[Coroutine[Any, Any, None]] = [
            closed(self.client),
            self._send_out(),
            *(relay.run() for relay in self.local.values()),
            *(self.replicas[other].run() for other in others),
            *(self.asker.run(other) for other in others),
            self._keep_house(),
        ]
        await self.services.offer()
        tasks = [asyncio.create_task(one) for one in work]
        self.node.told("bus.runs", agency=self.me)
        try:
            await self._look_at_servers()
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await self.services.withdraw()
            await self.inbox.close()
            await self.asker.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_at_servers(self) -> None:
        """A server that could lose what it acknowledged is named."""
        for one in await health.looked_at(self.node.settings.monitors):
            for key in health.faults_of(one):
                self.node.told(key, server=one.name or one.monitor, found=one.version)

    async def _send_out(self) -> None:
        while True:
            try:
                await self.outgoing.run()
            except Ahead:
                await self._come_home()

    async def _come_home(self) -> None:
        """
        Before anything is decided: what the hub has of our own ledger and our store has not, as
        after an older backup was restored, is ours. Cut off, nobody can know.

        Raises BusRefused where it does not follow from what our store has.
        """
        copy, own = self.outgoing.copy, self.replicas[self.me]
        try:
            state = (await copy.api(self.client).stream_info(copy.name)).state
            head = await asyncio.to_thread(self.node.ledgers.head, self.me)
            if state.last_seq > head:
                await asyncio.wait_for(own.fetch(state.last_seq), HOME)
        except TROUBLES:  # also where there is no such stream yet
            return
        if own.forked:
            raise BusRefused("bus.own-ledger-differs", agency=self.me)

    async def _keep_house(self) -> None:
        """Notes which seals were seen: with each event it would cost a commit of its own."""
        noted: dict[Agency, tuple[int, str]] = {}
        while True:
            await asyncio.sleep(HOUSEKEEPING)
            for ledger, replica in self.replicas.items():
                if replica.seal is not None and noted.get(ledger) != replica.seal:
                    noted[ledger] = replica.seal
                    await asyncio.to_thread(self.node.ledgers.note_seal, ledger, *replica.seal)

    async def is_linked(self) -> bool:
        """By a round trip: a connection may say of itself that it lives, and does not."""
        copy = self.outgoing.copy
        try:
            api = self.client.jetstream(prefix=copy.prefix, timeout=1)
            await api.stream_info(copy.name)
        except NotFoundError:
            return True
        except TROUBLES:
            return False
        return True
