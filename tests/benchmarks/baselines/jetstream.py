"""Bare JetStream: `nats-py` alone publishes and pulls messages, and does nothing else with them.

In its fastest ways: a window of acknowledgements is awaited, and pulls overlap.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter

import msgspec
from msgspec import Struct
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

STALLED = 60.0  # seconds that a full window is waited for
ASKED = 2_000  # messages asked for at a time
EXPIRES = 30_000_000_000  # nanoseconds


class Publication(Struct, frozen=True):
    subject: str
    id: str
    raw: bytes


async def published(client: Client, publications: Sequence[Publication], window: int) -> float:
    """Messages a second, each acknowledged."""
    began = perf_counter()
    api = client.jetstream(publish_async_max_pending=window)
    acknowledged = [
        await api.publish_async(
            one.subject, one.raw, wait_stall=STALLED, headers={"Nats-Msg-Id": one.id}
        )
        for one in publications
    ]
    async with asyncio.timeout(STALLED):
        await asyncio.gather(*acknowledged)
    return len(publications) / (perf_counter() - began)


async def pulled(client: Client, prefix: str, stream: str, consumer: str, count: int) -> float:
    """
    Messages a second, from the first on. `prefix` is that of JetStream's API, `consumer` the name
    by which the server lets the client read.
    """
    began = perf_counter()
    api = client.jetstream(prefix=prefix)
    with suppress(NotFoundError):
        await api.delete_consumer(stream, consumer)
    config = ConsumerConfig(
        name=consumer,
        ack_policy=AckPolicy.NONE,
        deliver_policy=DeliverPolicy.ALL,
        inactive_threshold=60,
        mem_storage=True,
    )
    await api.add_consumer(stream, config)
    wanted = msgspec.json.encode({"batch": ASKED, "expires": EXPIRES})
    inbox, all_came, came = client.new_inbox(), asyncio.Event(), 0

    async def ask() -> None:
        subject = f"{prefix}.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        await client.publish(subject, wanted, reply=inbox)

    async def take(message: Msg) -> None:
        nonlocal came
        if message.headers and "Status" in message.headers:
            return
        came += 1
        if came % ASKED == ASKED // 2:
            await ask()
        if came >= count:
            all_came.set()

    subscription = await client.subscribe(inbox, cb=take)
    await ask()
    async with asyncio.timeout(STALLED):
        await all_came.wait()
    pace = came / (perf_counter() - began)
    await subscription.unsubscribe()
    return pace
