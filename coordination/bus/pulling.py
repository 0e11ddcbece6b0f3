"""Reading a stream from a sequence on, by a consumer that remembers nothing for us.

Replay, recovery and following are one code path: who reads says where, by what it has kept itself
(shared/nats NOTES, 3g). Pulls overlap, which is three to four times as fast as the client's
`fetch` (NOTES, 4).
"""

import asyncio
from collections import deque
from contextlib import suppress
from time import perf_counter
from types import TracebackType
from typing import Self

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

ASKED = 2_000  # messages asked for at a time
PATIENCE = 2.0  # seconds for an answer of the server
EXPIRES = 30.0  # seconds, after which it is asked for again
HEARTBEAT = 0.5  # seconds between signs of life of a server that has nothing new
SILENCE = 3 * HEARTBEAT  # seconds without any: the server, or the way to it, is gone
LATE = 3.0  # seconds in which a server that has more must give it
IDLE = 60.0  # seconds after which a server forgets a consumer that nobody asks
NANOSECONDS = 1_000_000_000


class Silent(Exception):
    """No sign of life, or no message where there is one: the connection may look whole."""


class Pulling:
    """Messages of a stream from a sequence on; a context manager."""

    def __init__(self, client: Client, prefix: str, stream: str, consumer: str) -> None:
        """
        `prefix` is that of JetStream's API, `consumer` the name by which the server lets this
        reader read.
        """
        self._client, self._stream, self._consumer = client, stream, consumer
        self._api = client.jetstream(prefix=prefix, timeout=PATIENCE)
        self._next = f"{prefix}.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._subscription: Subscription | None = None
        self._coming = _Coming(0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end()

    @property
    def waiting(self) -> int:
        """Messages that are known to be there, and were not handed out."""
        return self._coming.waiting

    async def begin(self, seq: int, least: int = 0) -> None:
        """
        From this sequence on, where at least so many messages must be.

        What was asked for before does not come any more. Raises what the client raises.
        """
        await self._end()
        with suppress(NotFoundError):
            await self._api.delete_consumer(self._stream, self._consumer)
        made = await self._api.add_consumer(
            self._stream,
            ConsumerConfig(
                name=self._consumer,
                ack_policy=AckPolicy.NONE,
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=seq,
                inactive_threshold=IDLE,
                num_replicas=1,
                mem_storage=True,
            ),
        )
        self._coming = _Coming(max(made.num_pending or 0, least))
        inbox = self._client.new_inbox()
        self._subscription = await self._client.subscribe(inbox, cb=self._coming.take)
        await self._ask()

    async def some(self, most: int) -> list[Msg]:
        """What came, in order: nothing where the server lives and has nothing. Raises Silent."""
        coming = self._coming
        if not await coming.sign_of_life():
            raise Silent(self._stream)
        found = coming.handed_out(most)
        if coming.outstanding < ASKED // 2:
            await self._ask()
        return found

    async def _ask(self) -> None:
        assert self._subscription is not None
        self._coming.outstanding += ASKED
        wanted = {
            "batch": ASKED,
            "expires": int(EXPIRES * NANOSECONDS),
            "idle_heartbeat": int(HEARTBEAT * NANOSECONDS),
        }
        encoded = msgspec.json.encode(wanted)
        await self._client.publish(self._next, encoded, reply=self._subscription.subject)

    async def _end(self) -> None:
        if self._subscription is not None:
            with suppress(Error):  # the connection is gone, and the subscription with it
                await self._subscription.unsubscribe()
            self._subscription = None


class _Coming:
    """What one consumer gives: `outstanding` messages were asked for, `waiting` are there."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        self.outstanding = 0
        self._came: deque[Msg] = deque()
        self._life = asyncio.Event()
        self._last = perf_counter()

    async def take(self, message: Msg) -> None:
        status = None if message.data else (message.headers or {}).get("Status")
        if status is None:
            self.outstanding -= 1
            self._came.append(message)
        elif status != "100":  # it expired, the consumer is gone, nobody is there
            self.outstanding = 0
            if status not in ("404", "408"):
                return  # no sign of life
        self._life.set()

    async def sign_of_life(self) -> bool:
        """False where there is none, or messages are there and do not come."""
        if not self._came:
            self._life.clear()
            try:
                async with asyncio.timeout(SILENCE):
                    await self._life.wait()
            except TimeoutError:
                return False
        now = perf_counter()
        if self._came or not self.waiting:
            self._last = now
        return now - self._last < LATE

    def handed_out(self, most: int) -> list[Msg]:
        found = [self._came.popleft() for _ in range(min(len(self._came), most))]
        self.waiting = max(self.waiting - len(found), 0)
        return found
