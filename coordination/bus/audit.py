"""Reading a whole stream back, and comparing it with the ledger it copies, byte for byte."""

import asyncio
from collections.abc import Callable

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import RawStreamMsg

from coordination.bus.pulling import Pulling, Silent
from coordination.bus.stream import Copy
from coordination.store.ledger_reading import LedgerReader

TOGETHER = 1_000  # messages that are compared at a time

# The place in its own ledger that an agency's seal gives a message; None where it is not sealed.
OwnSeq = Callable[[Msg | RawStreamMsg], int | None]


class Damaged(Exception):
    """The stream is not the beginning of its ledger: something was lost, changed or slipped in."""


class Ahead(Exception):
    """The stream holds more of the ledger than the store, as after an older backup was restored."""


class Forked(Exception):
    """The stream holds what the agency sealed, and the store has another event in its place."""


def nobodys(message: Msg | RawStreamMsg) -> int | None:
    """Of a copy that cannot know more than its store."""
    return None


async def audit(
    client: Client,
    copy: Copy,
    reader: LedgerReader,
    *,
    consumer: str,
    until: int,
    own_seq: OwnSeq = nobodys,
) -> None:
    """
    Every message up to a sequence; `consumer` is the name by which the server lets us read.

    Raises Damaged; Forked; Ahead, where all is well and the ledger goes on in the stream; and what
    the client raises where the server cannot be reached.
    """
    seen, silent = 0, False
    async with Pulling(client, copy.prefix, copy.name, consumer) as pulling:
        await pulling.begin(1, until)
        while seen < until:
            try:
                messages = await pulling.some(TOGETHER)
            except Silent as again:
                if silent:  # it lives: what it says it has, it does not give
                    raise Damaged(copy.name) from again
                silent = True
                await pulling.begin(seen + 1, until - seen)
                continue
            silent = silent and not messages
            events = await asyncio.to_thread(reader.after, seen, len(messages))
            for message, event in zip(messages, events, strict=False):
                if message.metadata.sequence.stream != event.seq or message.data != event.raw:
                    raise _unlike(copy, own_seq(message), event.seq)
            seen += len(events)
            if len(events) < len(messages):
                more = own_seq(messages[len(events)])
                raise Ahead(copy.name) if more == seen + 1 else Damaged(copy.name)


def _unlike(copy: Copy, own_seq: int | None, seq: int) -> Exception:
    return Forked(copy.name) if own_seq == seq else Damaged(copy.name)
