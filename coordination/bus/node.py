"""A node on the bus, put together: what it sends out, takes in, decides, asks and tells.

Everything rests on the store and the mailroom; the connection may come and go, and each part begins
again from what those two hold.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol

import msgspec
from nats import micro
from nats.aio.client import Client
from nats.micro.request import Request
from nats.micro.service import Service as MicroService

from coordination.bus import health, seal, subjects
from coordination.bus.asking import Asker
from coordination.bus.audit import Ahead
from coordination.bus.connection import closed, connect
from coordination.bus.desk import Clerk
from coordination.bus.health import Health, LedgerHealth
from coordination.bus.inbox import Inbox
from coordination.bus.lending import Lending
from coordination.bus.refusal import BusRefused
from coordination.bus.relay import SEAL, TROUBLES, Relay
from coordination.bus.replaying import Replay, Replayed
from coordination.bus.replica import FALSE_SEAL, Keeping, Replica, Suspect
from coordination.bus.settings import BusSettings
from coordination.bus.stream import Copy, Shape
from coordination.bus.subjects import Asking
from coordination.mailroom.kept import CameBy, Door, Reason
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.store.ledger_reading import LedgerEvent
from coordination.store.receiving import What
from schemas.asyncapi import document
from schemas.vocabulary import Agency

AGAIN = 1.0  # seconds until it connects anew
HOME = 3.0  # seconds in which the hub may say that it has more of our own ledger than we do
HOUSEKEEPING = 5.0  # seconds between notes of what seals were seen
VERSION = "1.0.0"  # of what is understood on the bus


class Told(Protocol):
    """Hears what a person at the terminal should: a key of the catalogues and its parameters."""

    def __call__(self, key: str, /, **parameters: str | int) -> object: ...


def to_nobody(key: str, /, **parameters: str | int) -> None:
    """Where nobody is at the terminal."""


SINGLE = Shape()
REASONS = {What.FORK: Reason.FORK, FALSE_SEAL: Reason.FALSE_SEAL}


class Node:
    """
    One agency's.

    Raises BusRefused where the node does not speak for exactly one agency, or has no keys.
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
        self.clerk = Clerk(self.me, service.known, mailroom, service.clock, service.new_id)
        self.told = told
        self.refusals = 0
        self.present: Present | None = None

    async def run(self) -> None:
        """For ever, until it is cancelled."""
        await asyncio.to_thread(self.service.start)
        waited = False
        while True:
            try:
                client = await connect(self.settings, "node", self._troubled)
            except BusRefused as refused:
                if refused.key != "bus.unreachable":
                    raise
                if not waited:
                    self.told("bus.waits-for-server")
                waited = True
                await asyncio.sleep(AGAIN)
                continue
            waited = False
            self.present = Present(self, client)
            try:
                await self.present.run()
            finally:
                self.present = None
                with suppress(Exception):
                    await asyncio.wait_for(client.close(), AGAIN)

    async def _troubled(self, error: Exception) -> None:
        if "permissions violation" in str(error).lower():
            self.refusals += 1

    def sealed(self, event: LedgerEvent) -> str:
        return self.sealer.seal(seal.of_event(self.me, event.seq, event.hash))

    def suspect(self, suspect: Suspect) -> None:
        """Kept for a person to see, and as evidence: it may prove that somebody said two things."""
        reason = REASONS.get(suspect.what, Reason.DOES_NOT_FIT)
        said = {"ledger": suspect.ledger, "seq": suspect.seq}
        self.mailroom.keep(
            CameBy(Door.LEDGER, suspect.ledger),
            subjects.events_of(suspect.ledger),
            {SEAL: suspect.theirs.seal},
            suspect.theirs.raw,
            reason=reason,
            parameters=said if suspect.what in REASONS else {**said, "what": suspect.what},
        )
        self.mailroom.note_evidence(
            suspect.ledger,
            suspect.seq,
            suspect.what,
            suspect.theirs.raw,
            seal=suspect.theirs.seal,
            ours=suspect.ours,
        )


class Present:
    """The node while it has a connection."""

    def __init__(self, node: Node, client: Client) -> None:
        self.node, self.client, self.me = node, client, node.me
        shape, service = node.shape, node.service
        keeping = Keeping(
            head=lambda ledger: service.store.standing()[1].get(ledger, (0, ""))[0],
            receive=service.receive,
            suspect=node.suspect,
        )
        self.outgoing = self._relay(Copy(self.me, True, shape), node.sealed)
        self.local = {
            ledger: self._relay(
                Copy(ledger, False, shape),
                node.sealed if ledger == self.me else None,
            )
            for ledger in (self.me, *node.others)
        }
        self.replicas = {
            ledger: Replica(client, ledger, self.me, node.seals, keeping)
            for ledger in (self.me, *node.others)
        }
        self.inbox = Inbox(client, node.clerk, service, node.seals)
        self.asker = Asker(client, node.clerk, node.sealer)
        self.lending = Lending(service.ledger(self.me), node.sealed, self.outgoing.doubt)
        self.inbox.decided = self._wake_own
        for ledger in node.others:
            self.replicas[ledger].came = self.local[ledger].wake

    def _relay(self, copy: Copy, seals: Callable[[LedgerEvent], str] | None) -> Relay:
        reader = self.node.service.ledger(copy.ledger)
        # By these names the servers let us read: on the hub as an agency, here as this program.
        consumer = self.me if copy.on_the_hub else "node"
        return Relay(self.client, copy, reader, consumer, seals)

    def _wake_own(self) -> None:
        self.outgoing.wake()
        self.local[self.me].wake()

    async def run(self) -> None:
        """Until the connection is closed for good."""
        await self._come_home()
        work: list[Coroutine[Any, Any, None]] = [
            self._relaying(self.outgoing),
            *(self._relaying(relay) for relay in self.local.values()),
            *(self.replicas[other].run() for other in self.node.others),
            *(self.asker.run(other) for other in self.node.others),
            self._keep_house(),
        ]
        answering = await self._offered()
        tasks = [asyncio.create_task(one) for one in work]
        ended = asyncio.create_task(closed(self.client))
        self.node.told("bus.runs", agency=self.me)
        await self._look_at_servers()
        try:
            done, _ = await asyncio.wait([ended, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            with suppress(*TROUBLES):
                await answering.stop()
            await self.inbox.close()
            await self.asker.close()
            for task in [ended, *tasks]:
                task.cancel()
            await asyncio.gather(ended, *tasks, return_exceptions=True)

    async def _look_at_servers(self) -> None:
        """A server that could lose what it acknowledged is named."""
        for one in await health.looked_at(self.node.settings.monitors):
            for key in health.faults_of(one):
                self.node.told(key, server=one.name or one.monitor, found=one.version)

    async def _come_home(self) -> None:
        """
        Before anything is decided: what the hub has of our own ledger and our store has not, as
        after an older backup was restored, is ours.
        """
        with suppress(*TROUBLES):
            await asyncio.wait_for(self._found_or_fetched(self.outgoing), HOME)

    async def _found_or_fetched(self, relay: Relay) -> None:
        try:
            await relay.found()
        except Ahead:
            if relay is self.outgoing:
                await self._fetch_own()

    async def _fetch_own(self) -> None:
        api = self.outgoing.copy.api(self.client)
        until = (await api.stream_info(self.outgoing.copy.name)).state.last_seq
        await self.replicas[self.me].follow(until)

    async def _relaying(self, relay: Relay) -> None:
        while True:
            try:
                await relay.run()
            except Ahead:  # of a ledger of others, what is missing comes by its replica
                relay.trouble = "ahead"
                await asyncio.sleep(AGAIN)
                with suppress(*TROUBLES, TimeoutError):
                    await asyncio.wait_for(self._found_or_fetched(relay), HOME)

    async def _keep_house(self) -> None:
        noted: dict[Agency, tuple[int, str]] = {}
        while True:
            await asyncio.sleep(HOUSEKEEPING)
            for ledger, replica in self.replicas.items():
                if replica.seal is not None and noted.get(ledger) != replica.seal:
                    noted[ledger] = replica.seal
                    await asyncio.to_thread(self.node.mailroom.note_seal, ledger, *replica.seal)

    async def _offered(self) -> MicroService:
        """What others find here, and ask: by NATS' protocol of services, with its statistics."""
        service = await micro.add_service(
            self.client,
            name=f"coordination-{self.me}",
            version=VERSION,
            description=f"What {self.me} decides on, and whom it asks",
            metadata={"agency": self.me},
        )
        await service.add_endpoint(
            name="commands", subject=f"cmd.{self.me}.>", handler=self.inbox.take
        )
        for other in self.node.others:
            await service.add_endpoint(
                name=f"commands-to-{other}",
                subject=subjects.commands(other, self.me),
                handler=self.asker.take,
            )
        await service.add_endpoint(
            name="ledger", subject=subjects.ledger_of(self.me, "*"), handler=self.lending.answer
        )
        await service.add_endpoint(
            name="health", subject=f"node.{self.me}.health", handler=self._tell_health
        )
        await service.add_endpoint(
            name="replay", subject=f"node.{self.me}.replay", handler=self._replay
        )
        await service.add_endpoint(
            name="schema", subject=f"node.{self.me}.schema", handler=self._tell_schema
        )
        return service

    async def _tell_health(self, request: Request) -> None:
        await request.respond(msgspec.json.encode(await self.health()))

    async def _replay(self, request: Request) -> None:
        """A message that was kept is attended to again; one of a ledger is fetched again."""
        number = msgspec.json.decode(request.data, type=Replay).number
        kept = await asyncio.to_thread(self.node.mailroom.kept_one, number)
        if kept is None:
            return
        if kept.came_by.door is Door.LEDGER:
            self.replicas[kept.came_by.agency].again()
            await request.respond(msgspec.json.encode(Replayed()))
            return
        asking = Asking.of(kept.subject)
        desk = self.asker if asking and asking.owner != self.me else self.inbox
        answer = await desk.answered(kept.subject, kept.headers, kept.raw)
        await request.respond(msgspec.json.encode(Replayed(msgspec.Raw(answer))))

    async def _tell_schema(self, request: Request) -> None:
        await request.respond(msgspec.json.encode(document()))

    async def health(self) -> Health:
        node = self.node
        servers = await health.looked_at(node.settings.monitors)
        position, heads = await asyncio.to_thread(node.service.store.standing)
        del position
        return Health(
            agency=self.me,
            linked=await self.is_linked(),
            server=str(self.client.connected_server_version),
            refusals=node.refusals,
            ledgers=tuple(
                self._ledger(ledger, heads.get(ledger, (0, ""))[0])
                for ledger in (self.me, *node.others)
            ),
            servers=servers,
            waiting=len(await asyncio.to_thread(node.mailroom.waiting)),
            kept=sum(one.settled is None for one in await asyncio.to_thread(node.mailroom.kept)),
            evidence=len(await asyncio.to_thread(node.mailroom.evidence)),
        )

    def _ledger(self, ledger: Agency, head: int) -> LedgerHealth:
        local = self.local[ledger]
        if ledger == self.me:
            common = self.outgoing.seq
            behind = None if common is None else head - common
            own = self.replicas[ledger]
            trouble, forked = self.outgoing.trouble, own.forked
        else:
            replica = self.replicas[ledger]
            behind = replica.behind
            common = None if behind is None else head + behind
            trouble, forked = replica.trouble, replica.forked
        return LedgerHealth(
            ledger=ledger,
            head=head,
            common=common,
            behind=behind,
            local=local.seq,
            forked=forked,
            trouble=trouble or local.trouble,
        )

    async def is_linked(self) -> bool:
        """By a round trip: a connection may say of itself that it lives, and does not."""
        try:
            api = self.client.jetstream(prefix=self.outgoing.copy.prefix, timeout=1)
            await api.stream_info(self.outgoing.copy.name)
        except TROUBLES:
            return False
        return True
