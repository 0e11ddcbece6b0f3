"""A program of the agency that asks over the bus: it speaks as `client`, to this agency's own node.

Any other program may do the same, in any language: a request on `cmd.<owner>.<asker>.<tag>`, with
the command as JSON (schemas/asyncapi.py).
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from types import TracebackType
from typing import Self

import msgspec
from msgspec import Struct
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, NoRespondersError
from nats.micro.request import ERROR_HEADER

from coordination.bus import subjects
from coordination.bus.asking import PATIENCE as OF_THE_NODE
from coordination.bus.connection import connect, leave
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from coordination.mailroom.asked import Letter, read_answer
from schemas.answer import AnyAnswer
from schemas.message import name, owner_of, stream_of
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency
from schemas.wire import COMMAND_ID, MEETING, ROLE

PATIENCE = 3 * OF_THE_NODE  # seconds; it says that a command waits after a third of them


class NobodyAnswers(Exception):
    """No node of this agency is on the bus; with `sent`, it may yet decide what it was asked."""

    def __init__(self, sent: bool) -> None:
        super().__init__(sent)
        self.sent = sent


class Request(Struct, frozen=True, kw_only=True):
    """A command on its way; asked again with the same `id`, it is decided once."""

    id: str
    command: AnyCommand
    role: str | None = None
    meeting: str | None = None

    @property
    def stream(self) -> str:
        return stream_of(self.command)

    @property
    def owner(self) -> Agency:
        return owner_of(self.stream)

    @property
    def raw(self) -> bytes:
        return msgspec.json.encode(self.command)

    @property
    def subject(self) -> str:
        return subjects.command(self.owner, self.command.by, name(self.command))

    @property
    def headers(self) -> dict[str, str]:
        said = {COMMAND_ID: self.id, ROLE: self.role, MEETING: self.meeting}
        return {header: value for header, value in said.items() if value}

    def letter(self, now: datetime) -> Letter:
        """As the node would put it into its mailroom."""
        return Letter(
            id=self.id,
            asker=self.command.by,
            owner=self.owner,
            tag=name(self.command),
            command=self.raw,
            digest=sha256(self.raw).hexdigest(),
            role=self.role,
            meeting=self.meeting,
            asked_at=now,
        )


class BusClient:
    """A context manager. Entering it raises BusRefused where the agency's server cannot be used."""

    def __init__(self, settings: BusSettings) -> None:
        self._settings = settings
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        self._client = await connect(self._settings, "client")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._client is not None
        await leave(self._client)

    async def ask(self, request: Request) -> AnyAnswer:
        """
        What became of it, or that it waits for another agency.

        Raises NobodyAnswers, and BusRefused where the node could not decide, as on a full disk.
        """
        assert self._client is not None
        try:
            answer = await self._client.request(
                request.subject, request.raw, timeout=PATIENCE, headers=request.headers
            )
        except NoRespondersError as error:
            raise NobodyAnswers(sent=False) from error
        except (Error, TimeoutError) as error:
            raise NobodyAnswers(sent=True) from error
        if ERROR_HEADER in (headers := answer.headers or {}):
            raise BusRefused("bus.not-decided", reason=headers[ERROR_HEADER])
        return read_answer(answer.data)

    async def hear(self, asker: Agency, heard: Callable[[AnyAnswer], object]) -> None:
        """From now on, `heard` is told the outcome of each command that had to wait."""
        assert self._client is not None

        async def told(message: Msg) -> None:
            heard(read_answer(message.data))

        await self._client.subscribe(subjects.answer(asker, ">"), cb=told)
        await self._client.flush()


async def ask_once(settings: BusSettings, request: Request) -> AnyAnswer:
    """As `BusClient.ask`, and raises BusRefused where the agency's server cannot be used."""
    async with BusClient(settings) as client:
        return await client.ask(request)
