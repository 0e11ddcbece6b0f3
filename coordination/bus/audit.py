"""Reading a whole stream back, and comparing it with the ledger it copies, byte for byte."""

import asyncio

from nats.aio.client import Client

from coordination.bus.pulling import Pulling, Silent
from coordination.bus.stream import Copy
from coordination.store.ledger_reading import LedgerReader

TOGETHER = 1_000  # messages that are compared at a time


class Damaged(Exception):
    """The stream is not the beginning of its ledger: something was lost, changed or slipped in."""


class Ahead(Exception):
    """The stream holds more of the ledger than the store, as after an older backup was restored."""


async def audit(
    client: Client, copy: Copy, reader: LedgerReader, consumer: str, until: int
) -> None:
    """
    Every message up to a sequence; `consumer` is the name by which the server lets us read.

    Raises Damaged; Ahead, where all is well as far as the ledger goes.
    """
    seen = 0
    async with Pulling(client, copy.prefix, copy.name, consumer) as pulling:
        await pulling.begin(1)
        while seen < until:
            try:
                messages = await pulling.some(TOGETHER)
            except Silent as silent:
                raise Damaged(copy.name) from silent  # what it says it has, it does not give
            wanted = await asyncio.to_thread(reader.after, seen, len(messages))
            for message, event in zip(messages, wanted, strict=False):
                if message.metadata.sequence.stream != event.seq or message.data != event.raw:
                    raise Damaged(copy.name)
            if len(wanted) < len(messages):
                raise Ahead(copy.name)
            seen += len(messages)
