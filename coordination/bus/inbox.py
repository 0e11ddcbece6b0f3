"""The inbox: decides on what is asked of this agency, by its own programs and by other nodes.

A command that comes again with the same identifier gets the answer it got the first time, however
long ago: the events say which command led to them, and the mailroom keeps the other answers.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from weakref import WeakValueDictionary

from nats.aio.client import Client
from nats.micro.request import Request

from coordination.bus import answering, seal
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
            return answering.encoded(answering.of(await self._decide(wanted), *_named(wanted)))
        key = (wanted.asking.asker, wanted.id)
        lock = self._deciding.setdefault(key, asyncio.Lock())
        async with lock:
            return await self._attend_once(wanted, _digest(wanted, raw))

    def _check_seal(self, wanted: Wanted, headers: Mapping[str, str], raw: bytes) -> None:
        """The hub carries it, and could have made it up: its agency signed it, or it is nothing."""
        asking = wanted.asking
        said = seal.of_command(asking.owner, asking.asker, asking.tag, wanted.id, raw)
        if not self._seals.hold(asking.asker, said, headers.get(COMMAND_SEAL, "")):
            raise NotUnderstood(Reason.FALSE_SEAL_OF_COMMAND, asker=asking.asker)

    async def _attend_once(self, wanted: Wanted, digest: str) -> bytes:
        if (earlier := await asyncio.to_thread(self._earlier, wanted, digest)) is not None:
            return earlier
        answer = await self._decide(wanted)
        encoded = answering.encoded(answering.of(answer, *_named(wanted)))
        given = Given(wanted.asking.asker, wanted.id, digest, encoded)
        if (kept := await self._noting.noted(given)) is None:
            raise id_taken(wanted)
        return kept

    def _earlier(self, wanted: Wanted, digest: str) -> bytes | None:
        """
        The answer this very command got before.

        Raises NotUnderstood where its identifier was another's.
        """
        asker = wanted.asking.asker
        if (noted := self.clerk.mailroom.answered(asker, wanted.id)) is not None:
            if noted[0] != digest:
                raise id_taken(wanted)
            return noted[1]
        stream = stream_of(wanted.command)
        events = self._service.decided(stream, wanted.id, asker)
        if not events:
            return None
        encoded = answering.encoded(answering.done(wanted.id, stream, events))
        try:  # decided, and killed before it was noted
            return self.clerk.mailroom.note_answer(asker, wanted.id, digest, encoded)
        except IdTaken as taken:
            raise id_taken(wanted) from taken

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


def _digest(wanted: Wanted, raw: bytes) -> str:
    """Of all that makes it this command, and not only of what was written."""
    beside = "\n".join([wanted.asking.tag, wanted.role or "", wanted.meeting or "", ""])
    return sha256(beside.encode() + raw).hexdigest()


def _named(wanted: Wanted) -> tuple[str, str]:
    return wanted.id, stream_of(wanted.command)


def id_taken(wanted: Wanted) -> NotUnderstood:
    return NotUnderstood(Reason.ID_TAKEN, id=wanted.id, asker=wanted.asking.asker)
