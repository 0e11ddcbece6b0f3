"""A node while it has a connection: all its parts at work, until that is gone for good."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from coordination.bus import health
from coordination.bus.asking import Asker
from coordination.bus.audit import Ahead, Damaged, Forked, nobodys
from coordination.bus.connection import closed
from coordination.bus.ending import ended
from coordination.bus.inbox import Inbox
from coordination.bus.lending import Lending
from coordination.bus.refusal import BusRefused
from coordination.bus.relay import Relay
from coordination.bus.replica import Replica
from coordination.bus.services import Services
from coordination.bus.stream import Copy
from coordination.bus.trouble import TROUBLES
from schemas.vocabulary import Agency

if TYPE_CHECKING:
    from coordination.bus.node import Node

AGAIN = 0.5  # seconds until it tries again
HOUSEKEEPING = 5.0  # seconds between notes of what seals were seen


class Present:
    """`client` is its connection for what stays on its own server, `link` for what crosses."""

    def __init__(self, node: "Node", client: Client, link: Client) -> None:
        self.node, self.client, self.link, self.me = node, client, link, node.me
        ledgers, everybody = node.ledgers, (self.me, *node.others)
        self.outgoing = self._relay(self.me, on_the_hub=True)
        self.local = {ledger: self._relay(ledger, on_the_hub=False) for ledger in everybody}
        self.own = self.local[self.me], self.outgoing
        self.replicas = {ledger: Replica(link, ledger, ledgers) for ledger in everybody}
        self.inbox = Inbox(client, node.clerk, node.service, node.sealer, node.seals)
        self.asker = Asker(client, link, node.clerk, node.sealer, node.seals)
        self.lending = Lending(ledgers.reader(self.me), ledgers.sealed, self.outgoing.doubt)
        self.services = Services(self)
        self.inbox.decided = self._wake_own
        for ledger in node.others:
            self.replicas[ledger].came = self.local[ledger].wake
            self.replicas[ledger].lost = self.outgoing.lost_sight

    def _relay(self, ledger: Agency, *, on_the_hub: bool) -> Relay:
        ledgers = self.node.ledgers
        return Relay(
            self.link if on_the_hub else self.client,
            Copy(ledger, on_the_hub, self.node.shape),
            lambda: ledgers.reader(ledger),
            # The server lets us read on the hub as an agency, here as this program.
            consumer=self.me if on_the_hub else "node",
            seal=ledgers.sealed if ledger == self.me else None,
            own_seq=ledgers.own_seq if ledger == self.me else nobodys,
        )

    def _wake_own(self) -> None:
        for relay in self.own:
            relay.wake()

    async def run(self) -> None:
        """
        Until the connection is gone for good.

        Raises BusRefused where a stream has another history of our own ledger than we have, and
        what the client raises where the own server does not let us begin.
        """
        for relay in self.own:
            await self._come_home(relay)
        tasks: list[asyncio.Task[None]] = []
        try:
            await self.services.offer()
            tasks += map(asyncio.create_task, self._work())
            self.node.told("bus.runs", agency=self.me)
            await self._look_at_servers()
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await self.services.withdraw()
            await self.inbox.close()
            await self.asker.close()
            await ended(tasks)

    def _work(self) -> list[Coroutine[Any, Any, None]]:
        """What goes on until the first of it ends."""
        return [
            closed(self.client),
            closed(self.link),
            *(self._send_out(relay) for relay in self.own),
            *(self.local[other].run() for other in self.node.others),
            *(self.replicas[other].run() for other in self.node.others),
            *(self.asker.run(other) for other in self.node.others),
            self._keep_house(),
        ]

    async def _look_at_servers(self) -> None:
        """A server that could lose what it acknowledged is named."""
        for one in await health.looked_at(self.node.settings.monitors):
            for key in health.faults_of(one):
                self.node.told(key, server=one.name or one.monitor, found=one.version)

    async def _send_out(self, relay: Relay) -> None:
        while True:
            try:
                await relay.run()
            except Ahead:
                await self._come_home(relay)
                await asyncio.sleep(AGAIN)
            except Forked as forked:
                raise self._other_history() from forked

    async def _come_home(self, relay: Relay) -> None:
        """
        Before anything is decided: what a stream has of our own ledger and our store has not, as
        after an older backup was restored, is ours. Cut off, nobody can know.

        Raises BusRefused where it does not follow from what our store has.
        """
        own, ahead = self.replicas[self.me], False
        while True:
            try:
                await relay.found()
                return
            except Ahead:
                if not ahead:
                    self.node.told("bus.own-ledger-behind", agency=self.me)
                ahead = True
                with suppress(*TROUBLES):
                    await own.fetch(relay.client, relay.copy.prefix, relay.consumer)
            except Forked as forked:
                raise self._other_history() from forked
            except Damaged:
                return
            except TROUBLES:
                if not ahead:
                    return
                # What is known to be ours is waited for: deciding now would make two histories.
            await asyncio.sleep(AGAIN)

    def _other_history(self) -> BusRefused:
        return BusRefused("bus.own-ledger-differs", agency=self.me)

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
            api = self.link.jetstream(prefix=copy.prefix, timeout=1)
            await api.stream_info(copy.name)
        except NotFoundError:
            return True
        except TROUBLES:
            return False
        return True
