"""Reading a whole stream back, and comparing it with the ledger it copies, byte for byte."""

import asyncio
from collections.abc import Callable

from nats.aio.client import Client
from nats.aio.msg import Msg

from coordination.bus.pulling import Pulling, Silent
from coordination.bus.stream import Copy
from coordination.store.ledger_reading import LedgerReader
from schemas.recorded_event import BEFORE_THE_FIRST

TOGETHER = 1_000  # messages that are compared at a time
SIGNS = 6  # of life, half a second apart, in which a stream must give what it says it has

# Whether a message after the end of the ledger is its own next event, given the hash of the last.
Continues = Callable[[Msg, int, str], bool]


class Damaged(Exception):
    """The stream is not the beginning of its ledger: something was lost, changed or slipped in."""


class Ahead(Exception):
    """The stream holds more of the ledger than the store, as after an older backup was restored."""


def never(message: Msg, seq: int, previous: str) -> bool:
    """Of a copy that cannot know more than its store."""
    return False


async def audit(
    client: Client,
    copy: Copy,
    reader: LedgerReader,
    *,
    consumer: str,
    until: int,
    continues: Continues = never,
) -> None:
    """
    Every message up to a sequence; `consumer` is the name by which the server lets us read.

    Raises Damaged; Ahead, where all is well and the ledger goes on in the stream.
    """
    seen, link, idle = 0, BEFORE_THE_FIRST, 0
    async with Pulling(client, copy.prefix, copy.name, consumer) as pulling:
        await pulling.begin(1)
        while seen < until:
            try:
                messages = await pulling.some(TOGETHER)
            except Silent as silent:
                raise Damaged(copy.name) from silent  # what it says it has, it does not give
            idle = 0 if messages else idle + 1
            if idle > SIGNS:
                raise Damaged(copy.name)  # it stands before a message that it cannot read
            wanted = await asyncio.to_thread(reader.after, seen, len(messages))
            for message, event in zip(messages, wanted, strict=False):
                if message.metadata.sequence.stream != event.seq or message.data != event.raw:
                    raise Damaged(copy.name)
                seen, link = event.seq, event.hash
            if len(wanted) < len(messages):
                more = continues(messages[len(wanted)], seen + 1, link)
                raise Ahead(copy.name) if more else Damaged(copy.name)
