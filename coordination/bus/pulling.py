"""Reading a stream from a sequence on, by a consumer that remembers nothing for us.

Replay, recovery and following are one code path: who reads says where, by what it has kept itself
(shared/nats NOTES, 3g). Pulls overlap, which is three to four times as fast as the client's
`fetch` (NOTES, 4).
"""

import asyncio
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Self

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

ASKED = 2_000  # messages asked for at a time
PATIENCE = 2.0  # seconds for an answer of the server
EXPIRES = 30.0  # seconds, after which it is asked for again
HEARTBEAT = 0.5  # seconds between signs of life of a server that has nothing new
SILENCE = 3 * HEARTBEAT  # seconds without any: the server, or the way to it, is gone
IDLE = 60.0  # seconds after which a server forgets a consumer that nobody asks
NANOSECONDS = 1_000_000_000


class Silent(Exception):
    """No sign of life: the connection may look whole and yet carry nothing."""


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
        self._inbox = client.new_inbox()
        self._came: deque[Msg] = deque()
        self._life = asyncio.Event()
        self._outstanding = 0

    async def __aenter__(self) -> Self:
        self._subscription = await self._client.subscribe(self._inbox, cb=self._take)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._client.is_closed:
            await self._subscription.unsubscribe()

    async def begin(self, seq: int) -> int:
        """From this sequence on; how many messages wait there. Raises what the client raises."""
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
        await self._ask()
        return made.num_pending or 0

    async def some(self, most: int) -> list[Msg]:
        """What came, in order: nothing where the server lives and has nothing. Raises Silent."""
        if not self._came:
            self._life.clear()
            try:
                await asyncio.wait_for(self._life.wait(), SILENCE)
            except TimeoutError as error:
                raise Silent(self._stream) from error
        found = [self._came.popleft() for _ in range(min(len(self._came), most))]
        if self._outstanding < ASKED // 2:
            await self._ask()
        return found

    async def _ask(self) -> None:
        self._outstanding += ASKED
        wanted = {
            "batch": ASKED,
            "expires": int(EXPIRES * NANOSECONDS),
            "idle_heartbeat": int(HEARTBEAT * NANOSECONDS),
        }
        await self._client.publish(self._next, msgspec.json.encode(wanted), reply=self._inbox)

    async def _take(self, message: Msg) -> None:
        status = (message.headers or {}).get("Status")
        if status is None:
            self._outstanding -= 1
            self._came.append(message)
        elif status != "100":  # it expired, the consumer is gone, nobody is there
            self._outstanding = 0
            if status not in ("404", "408"):
                return  # no sign of life
        self._life.set()
