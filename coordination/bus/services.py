"""What a node answers on the bus, by NATS' protocol of services: found, described, counted."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from nats import micro
from nats.errors import Error
from nats.micro.request import Handler, Request
from nats.micro.service import Service

from coordination.bus import health, subjects
from coordination.bus.desk import NotDecided, not_done
from coordination.bus.replaying import NOT_REPLAYED, Replay, Replayed
from coordination.bus.subjects import Asking
from coordination.mailroom.asked import read_answer
from coordination.mailroom.kept import Door
from coordination.mailroom.refusal import MailroomRefused
from coordination.store.event_store import UNREADABLE
from coordination.store.refusal import StoreRefused
from schemas.asyncapi import document
from schemas.health import Health, LedgerHealth
from schemas.vocabulary import Agency
from schemas.wire import VERSION

if TYPE_CHECKING:
    from coordination.bus.present import Present


class Services:
    def __init__(self, present: "Present") -> None:
        self._present, self._node = present, present.node
        self._offered: Service | None = None

    async def offer(self) -> None:
        """From now on it is asked. A node that cannot decide yet offers nothing."""
        present = self._present
        me = present.me
        self._offered = await micro.add_service(
            present.client,
            name=f"coordination-{me}",
            version=VERSION,
            description=f"What {me} decides on, and whom it asks",
            metadata={"agency": me},
        )
        await self._answer("commands", subjects.commands(me), present.inbox.take)
        for other in self._node.others:
            asked = subjects.commands(other, me)
            await self._answer(f"commands-to-{other}", asked, present.asker.take)
        await self._answer("ledger", subjects.ledger_of(me, "*"), present.lending.answer)
        await self._answer("health", f"node.{me}.health", self._tell_health)
        await self._answer("replay", f"node.{me}.replay", self._replay)
        await self._answer("schema", f"node.{me}.schema", self._tell_schema)

    async def _answer(self, name: str, subject: str, handler: Handler) -> None:
        assert self._offered is not None
        await self._offered.add_endpoint(name=name, subject=subject, handler=handler)

    async def withdraw(self) -> None:
        if self._offered is not None and not self._present.client.is_closed:
            with suppress(Error, TimeoutError):
                await self._offered.stop()

    async def _tell_schema(self, request: Request) -> None:
        await request.respond(msgspec.json.encode(document()))

    async def _replay(self, request: Request) -> None:
        """A message that was kept is attended to again; one of a ledger is fetched again."""
        try:
            number = msgspec.json.decode(request.data, type=Replay).number
            replayed = await self._replayed(number)
        except UNREADABLE:
            await not_done(request, NOT_REPLAYED)
        except (StoreRefused, MailroomRefused, NotDecided) as refused:
            await not_done(request, refused.key)
        else:
            await request.respond(msgspec.json.encode(replayed))

    async def _replayed(self, number: int) -> Replayed:
        """Raises KeyError where no message has this number, or it can be of no use any more."""
        present = self._present
        kept = await asyncio.to_thread(self._node.mailroom.kept_one, number)
        if kept is None:
            raise KeyError(number)
        if kept.came_by.door is Door.LEDGER:
            present.replicas[kept.came_by.agency].again()
            return Replayed()
        asking = Asking.of(kept.subject)
        desk = present.asker if asking and asking.owner != present.me else present.inbox
        answer = await desk.answered(kept.subject, kept.headers, kept.raw)
        return Replayed(read_answer(answer))

    async def _tell_health(self, request: Request) -> None:
        try:
            health = await self.health()
        except (StoreRefused, MailroomRefused) as refused:
            await not_done(request, refused.key)
        else:
            await request.respond(msgspec.json.encode(health))

    async def health(self) -> Health:
        node, present = self._node, self._present
        _, heads = await asyncio.to_thread(node.service.store.standing)
        ledgers = (present.me, *node.others)
        return Health(
            agency=present.me,
            linked=await present.is_linked(),
            server=str(present.client.connected_server_version),
            refusals=node.refusals,
            ledgers=tuple(self._ledger(one, heads.get(one, (0, ""))[0]) for one in ledgers),
            servers=await health.looked_at(node.settings.monitors),
            waiting=len(await asyncio.to_thread(node.mailroom.waiting)),
            kept=sum(one.settled is None for one in await asyncio.to_thread(node.mailroom.kept)),
            evidence=len(await asyncio.to_thread(node.mailroom.evidence)),
        )

    def _ledger(self, ledger: Agency, head: int) -> LedgerHealth:
        present = self._present
        replica, local = present.replicas[ledger], present.local[ledger]
        if ledger == present.me:
            common, trouble = present.outgoing.seq, present.outgoing.trouble
            behind = None if common is None else max(head - common, 0)
        else:
            behind, trouble = replica.behind, replica.trouble
            common = None if behind is None else head + behind
        return LedgerHealth(
            ledger=ledger,
            head=head,
            common=common,
            behind=behind,
            local=local.seq,
            forked=replica.forked,
            trouble=trouble or local.trouble,
        )
