"""A node on the bus, put together: what it sends out, takes in, decides, asks and tells.

Everything rests on the store and the mailroom; the connection may come and go, and each part begins
again from what those two hold.
"""

import asyncio
from typing import Protocol

from nats.aio.client import Client

from coordination.bus.connection import connect, leave
from coordination.bus.desk import Clerk
from coordination.bus.ledgers import Ledgers
from coordination.bus.present import Present
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from coordination.bus.stream import Shape
from coordination.bus.trouble import TROUBLES
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service

AGAIN = 1.0  # seconds until it connects anew
SINGLE = Shape()


class Told(Protocol):
    """Hears what a person at the terminal should: a key of the catalogues and its parameters."""

    def __call__(self, key: str, /, **parameters: str | int) -> object: ...


def to_nobody(key: str, /, **parameters: str | int) -> None:
    """Where nobody is at the terminal."""


class Node:
    """
    One agency's.

    Raises BusRefused where the node does not speak for exactly one agency, or has not all keys.
    """

    def __init__(
        self,
        service: Service,
        mailroom: Mailroom,
        settings: BusSettings,
        *,
        shape: Shape = SINGLE,
        told: Told = to_nobody,
    ) -> None:
        if len(service.settings.speaks_for) != 1:
            raise BusRefused("bus.one-agency", given=", ".join(service.settings.speaks_for))
        self.service, self.mailroom, self.settings, self.shape = service, mailroom, settings, shape
        self.me = service.settings.speaks_for[0]
        self.others = tuple(one for one in service.settings.known if one != self.me)
        self.sealer, self.seals = settings.sealer(), settings.seals()
        settings.check_trust(self.seals, self.sealer, self.me, service.settings.known)
        self.ledgers = Ledgers(self.me, service, mailroom, self.sealer, self.seals)
        self.clerk = Clerk(self.me, service.known, mailroom, service.clock, service.new_id)
        self.told = told
        self.refusals = 0
        self.present: Present | None = None

    async def run(self) -> None:
        """
        For ever, until it is cancelled.

        Raises BusRefused where the bus cannot be used safely, StoreRefused and MailroomRefused
        where the store or the mailroom cannot be: who keeps the node running starts it again.
        """
        await asyncio.to_thread(self.service.start)
        waited = False
        while True:
            try:
                client, link = await self._connected()
            except BusRefused as refused:
                if refused.key != "bus.unreachable":
                    raise
                if not waited:
                    self.told("bus.waits-for-server")
                waited = True
                await asyncio.sleep(AGAIN)
                continue
            waited = False
            self.present = Present(self, client, link)
            try:
                await self.present.run()
            except BusRefused:
                raise
            except TROUBLES:
                await asyncio.sleep(AGAIN)
            finally:
                self.present = None
                for one in (client, link):
                    await leave(one)

    async def _connected(self) -> tuple[Client, Client]:
        """
        One connection for what stays here, one for what crosses the link.

        Answers from the hub have an inbox of their own: so the server lets the hub send to no
        other, and it cannot pass for our own server.
        """
        client = await connect(self.settings, "node", self._troubled)
        try:
            return client, await connect(self.settings, "node", self._troubled, inbox="link")
        except BaseException:
            await leave(client)
            raise

    async def _troubled(self, error: Exception) -> None:
        if "permissions violation" in str(error).lower():
            self.refusals += 1
