"""The inbox: decides on what is asked of this agency, by its own programs and by other nodes."""

import asyncio
from collections.abc import Callable, Mapping
from weakref import WeakValueDictionary

from nats.aio.client import Client

from coordination import answering
from coordination.bus import seal
from coordination.bus.desk import Clerk, Desk
from coordination.bus.seal import Seals
from coordination.bus.subjects import Asking
from coordination.bus.understanding import COMMAND_SEAL, NotUnderstood, Wanted
from coordination.mailroom.asked import IdTaken
from coordination.mailroom.kept import CameBy, Door, Reason
from coordination.repeating import answer_before, identified, note
from coordination.service import Service
from coordination.store.answers import Answer, Done
from schemas.message import stream_of


class Inbox(Desk):
    def __init__(self, client: Client, clerk: Clerk, service: Service, seals: Seals) -> None:
        super().__init__(client, clerk)
        self._service, self._seals = service, seals
        # Held by whoever waits for it, and gone with the last.
        self._deciding: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self.decided: Callable[[], object] = lambda: None  # told when something was recorded

    def came_by(self, subject: str) -> CameBy:
        asking = Asking.of(subject)
        asker = asking.asker if asking else self.clerk.me
        return CameBy(Door.CLIENT if asker == self.clerk.me else Door.LINK, asker)

    async def attend(self, wanted: Wanted, headers: Mapping[str, str], raw: bytes) -> bytes:
        if wanted.asking.asker != self.clerk.me:
            self._check_seal(wanted, headers, raw)
        if not wanted.id_was_given:
            stream = stream_of(wanted.command)
            return answering.encoded(answering.of(await self._decide(wanted), wanted.id, stream))
        key = (wanted.asking.asker, wanted.id)
        lock = self._deciding.setdefault(key, asyncio.Lock())
        async with lock:
            return await self._attend_once(wanted, raw)

    def _check_seal(self, wanted: Wanted, headers: Mapping[str, str], raw: bytes) -> None:
        """The hub carries it, and could have made it up: its agency signed it, or it is nothing."""
        asking = wanted.asking
        said = seal.of_command(asking.owner, asking.asker, asking.tag, wanted.id, raw)
        if not self._seals.hold(asking.asker, said, headers.get(COMMAND_SEAL, "")):
            raise NotUnderstood(Reason.FALSE_SEAL_OF_COMMAND, asker=asking.asker)

    async def _attend_once(self, wanted: Wanted, raw: bytes) -> bytes:
        mailroom = self.clerk.mailroom
        command = identified(wanted.asking.asker, wanted.id, wanted.command, raw)
        try:
            earlier = await asyncio.to_thread(answer_before, self._service, mailroom, command)
            if earlier is not None:
                return earlier
            return await asyncio.to_thread(note, mailroom, command, await self._decide(wanted))
        except IdTaken as taken:
            raise id_taken(wanted) from taken

    async def _decide(self, wanted: Wanted) -> Answer:
        future = await asyncio.to_thread(
            self._service.ask_for,
            wanted.asking.asker,
            wanted.command,
            command_id=wanted.id,
            role=wanted.role,
            correlation=wanted.meeting,
        )
        answer = await asyncio.wrap_future(future)
        if isinstance(answer, Done) and answer.events:
            self.decided()
        return answer


def id_taken(wanted: Wanted) -> NotUnderstood:
    return NotUnderstood(Reason.ID_TAKEN, id=wanted.id, asker=wanted.asking.asker)
