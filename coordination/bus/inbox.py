"""The inbox: decides on what is asked of this agency, by its own programs and by other nodes."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from weakref import WeakValueDictionary

from nats.aio.client import Client
from nats.micro.request import Request

from coordination import answering
from coordination.bus import seal
from coordination.bus.desk import Clerk, Desk
from coordination.bus.noting import Noting
from coordination.bus.seal import Sealer, Seals
from coordination.bus.subjects import Asking
from coordination.bus.understanding import (
    NotUnderstood,
    Wanted,
    given_id,
)
from coordination.mailroom.answered import Given
from coordination.mailroom.asked import IdTaken
from coordination.mailroom.kept import CameBy, Door, Reason
from coordination.repeating import answer_before, identified
from coordination.service import Service
from coordination.store.answers import Answer, Done
from schemas.message import stream_of
from schemas.wire import ANSWER_SEAL, COMMAND_SEAL


class Inbox(Desk):
    def __init__(
        self, client: Client, clerk: Clerk, service: Service, sealer: Sealer, seals: Seals
    ) -> None:
        super().__init__(client, clerk)
        self._service, self._sealer, self._seals = service, sealer, seals
        # Held by whoever waits for it, and gone with the last.
        self._deciding: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._noting = Noting(clerk.mailroom.note_answers)
        self.decided: Callable[[], object] = lambda: None  # told when something was recorded

    def came_by(self, subject: str) -> CameBy:
        asking = Asking.of(subject)
        asker = asking.asker if asking else self.clerk.me
        return CameBy(Door.CLIENT if asker == self.clerk.me else Door.LINK, asker)

    def beside(self, request: Request, answer: bytes) -> dict[str, str] | None:
        """What goes over the hub is sealed: whoever carries it cannot say it in our name."""
        asking, command_id = Asking.of(request.subject), given_id(request.headers or {})
        if asking is None or asking.asker == self.clerk.me or command_id is None:
            return None
        said = seal.of_answer(asking.owner, asking.asker, command_id, answer)
        return {ANSWER_SEAL: self._sealer.seal(said)}

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
        asker, mailroom = wanted.asking.asker, self.clerk.mailroom
        command = identified(
            asker, wanted.id, wanted.command, raw, role=wanted.role, meeting=wanted.meeting
        )
        try:
            earlier = await asyncio.to_thread(answer_before, self._service, mailroom, command)
        except IdTaken as taken:
            raise id_taken(wanted) from taken
        if earlier is not None:
            return earlier
        answer = answering.of(await self._decide(wanted), command.id, command.stream)
        given = Given(asker, command.id, command.digest, answering.encoded(answer))
        if (kept := await self._noting.noted(given)) is None:
            raise id_taken(wanted)
        return kept

    async def _decide(self, wanted: Wanted) -> Answer:
        ask = partial(
            self._service.ask_for,
            wanted.asking.asker,
            wanted.command,
            command_id=wanted.id,
            role=wanted.role,
            correlation=wanted.meeting,
        )
        waits = self._service.needs_a_look(wanted.command)
        answer = await asyncio.wrap_future(await asyncio.to_thread(ask) if waits else ask())
        if isinstance(answer, Done) and answer.events:
            self.decided()
        return answer


def id_taken(wanted: Wanted) -> NotUnderstood:
    return NotUnderstood(Reason.ID_TAKEN, id=wanted.id, asker=wanted.asking.asker)
