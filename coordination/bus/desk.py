"""Where messages are taken in and answered, many at a time: what inbox and asking share."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from nats.aio.client import Client
from nats.errors import Error
from nats.micro.request import Request

from coordination import answering
from coordination.bus.answering import malformed
from coordination.bus.stream import BESIDE, LARGEST
from coordination.bus.understanding import (
    NotUnderstood,
    Surroundings,
    Wanted,
    given_id,
    understood,
)
from coordination.conversion import Known
from coordination.mailroom.kept import CameBy, Reason
from coordination.mailroom.mailroom import Mailroom
from coordination.mailroom.refusal import MailroomRefused
from coordination.store.refusal import StoreRefused
from projections.read_model import civil_day
from schemas.vocabulary import Agency

BUSY, FAULT = "node.busy", "node.fault"
AT_ONCE = 1_000  # messages that are being answered; who comes then is told to ask again


async def not_done(request: Request, key: str) -> None:
    """Whoever asks is told that nothing was done, and may ask again; `key` says why."""
    with suppress(ValueError, Error):  # who wants no answer gets none
        await request.respond_error("503", key)


class NotDecided(Exception):
    """Nothing was decided, and whoever asks may ask again; its argument says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Clerk:
    """What a desk works with: clock and identifiers come in by the door of the node."""

    def __init__(
        self,
        me: Agency,
        known: Known,
        mailroom: Mailroom,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.me, self.known, self.mailroom = me, known, mailroom
        self.clock, self.new_id = clock, new_id

    def surroundings(self) -> Surroundings:
        return Surroundings(self.known, civil_day(self.clock()).isoformat(), self.new_id())


class Desk:
    def __init__(self, client: Client, clerk: Clerk) -> None:
        self.client, self.clerk = client, clerk
        self._at_work: set[asyncio.Task[None]] = set()

    async def take(self, request: Request) -> None:
        """Begins with a message, and is ready for the next at once."""
        if len(self._at_work) >= AT_ONCE:
            # NATS holds nobody back: what waited would be dropped one day, and nobody told.
            await not_done(request, BUSY)
            return
        task = asyncio.create_task(self._answer(request))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _answer(self, request: Request) -> None:
        try:
            answer = await self.answered(request.subject, request.headers or {}, request.data)
        except (StoreRefused, MailroomRefused, NotDecided) as refused:
            await not_done(request, refused.key)
            return
        except Exception as error:  # a fault of this program: it is told, and others are answered
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"not answered: {request.subject}", "exception": error}
            )
            await not_done(request, FAULT)
            return
        if len(answer) > LARGEST - BESIDE:  # of events that nobody could read on the bus either
            await not_done(request, FAULT)
            return
        with suppress(ValueError, Error):  # who wants no answer still has the command decided
            await request.respond(answer, self.beside(request, answer))

    def beside(self, request: Request, answer: bytes) -> dict[str, str] | None:
        """Headers of an answer."""
        return None

    async def answered(self, subject: str, headers: Mapping[str, str], raw: bytes) -> bytes:
        """The answer to a message, durable; what is not understood is kept with its reason."""
        try:
            wanted = understood(subject, headers, raw, self.clerk.surroundings())
            return await self.attend(wanted, headers, raw)
        except NotUnderstood as why:
            await asyncio.to_thread(self._keep, subject, headers, raw, why)
            if why.reason is Reason.FALSE_SEAL_OF_COMMAND:  # it may have said nothing
                raise NotDecided(why.reason) from why
            return answering.encoded(malformed(why, given_id(headers)))

    def _keep(
        self, subject: str, headers: Mapping[str, str], raw: bytes, why: NotUnderstood
    ) -> None:
        parameters: dict[str, Any] = {**why.parameters}
        if why.problems:
            parameters["problems"] = msgspec.to_builtins(
                tuple(map(answering.mistake, why.problems))
            )
        self.clerk.mailroom.keep(
            self.came_by(subject), subject, headers, raw, reason=why.reason, parameters=parameters
        )

    @abstractmethod
    def came_by(self, subject: str) -> CameBy: ...

    @abstractmethod
    async def attend(self, wanted: Wanted, headers: Mapping[str, str], raw: bytes) -> bytes:
        """The answer to what was understood. Raises NotUnderstood for what is wrong after all."""

    async def close(self) -> None:
        """What has been begun is answered."""
        if self._at_work:
            await asyncio.wait(self._at_work)
