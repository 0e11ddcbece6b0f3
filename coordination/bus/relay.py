"""The relay: keeps a stream equal to a ledger of the store, in its order, each event once.

Where it stands is what the stream holds, never what anybody remembers: it looks there and goes on.
Each message says which sequence it follows (`Nats-Expected-Last-Sequence`), so the server refuses
whatever does not follow, also from a second relay, and the sequence of the stream is the `seq` of
the ledger. The window in which a server knows duplicates is not relied on (shared/nats NOTES, 3f).
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec
from msgspec import Struct
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js.errors import APIError

from coordination.bus.audit import Ahead, Damaged, audit
from coordination.bus.pulling import Silent
from coordination.bus.refusal import BusRefused
from coordination.bus.stream import PATIENCE, Copy, declared, made_again
from coordination.store.ledger_reading import LedgerEvent, LedgerReader

WINDOW = 256  # messages that may be on their way
AGAIN = 0.5  # seconds until it tries again
LOOKS = 0.25  # seconds between looks at the store, where nobody says that there is something new
SEAL, ID, FOLLOWS = "Ledger-Seal", "Nats-Msg-Id", "Nats-Expected-Last-Sequence"
TROUBLES = (Error, APIError, BusRefused, Silent, TimeoutError, OSError)

Sealing = Callable[[LedgerEvent], str]


class Displaced(Exception):
    """The stream is not where it was seen: another relay, or a server that lost something."""


class Relay:
    """
    One ledger to one stream.

    `consumer` is the name by which the server lets this node read; `seal` signs an event, where the
    ledger is this node's own.
    """

    def __init__(
        self,
        client: Client,
        copy: Copy,
        reader: LedgerReader,
        consumer: str,
        seal: Sealing | None = None,
    ) -> None:
        self.client, self.copy, self.reader = client, copy, reader
        self._consumer, self._seal = consumer, seal
        self.seq: int | None = None  # up to where the stream is known to hold the ledger
        self.trouble = ""
        self._news = asyncio.Event()
        self._in_doubt = True

    def wake(self) -> None:
        """Something was recorded."""
        self._news.set()

    def doubt(self) -> None:
        """Somebody misses what the stream should have: it is read again, and made again if so."""
        self._in_doubt = True
        self._news.set()

    async def run(self) -> None:
        """For ever. Raises Ahead, which a relay alone cannot mend."""
        while True:
            try:
                seq = await self.found()
                self.trouble = ""
                await self.follow(seq)
            except (*TROUBLES, Displaced) as error:
                self.seq, self.trouble = None, str(error) or type(error).__name__
                await asyncio.sleep(AGAIN)

    async def found(self) -> int:
        """
        Up to where the stream holds the ledger; damaged, it is made again, empty.

        Raises Ahead where it goes on after the end of the ledger.
        """
        api = self.copy.api(self.client)
        state = (await declared(api, self.copy)).state
        whole = state.first_seq <= 1 and state.messages == state.last_seq
        try:
            if not whole:
                raise Damaged(self.copy.name)
            if self._in_doubt:
                await audit(self.client, self.copy, self.reader, self._consumer, state.last_seq)
            else:
                await self._compare_last(state.last_seq)
            self.seq = state.last_seq
        except Damaged:
            await made_again(api, self.copy)
            self.seq = 0
        self._in_doubt = False
        return self.seq

    async def _compare_last(self, seq: int) -> None:
        """Of a stream that was read before. Raises Damaged or Ahead."""
        if seq:
            found = await self.copy.api(self.client).get_msg(self.copy.name, seq=seq)
            events = await asyncio.to_thread(self.reader.after, seq - 1, 1)
            if not events:
                raise Ahead(self.copy.name)
            if events[0].raw != found.data:
                raise Damaged(self.copy.name)

    async def follow(self, seq: int) -> None:
        """Publish what is recorded after a sequence, until the stream is in doubt."""
        async with _Window(self.client) as window:
            while not self._in_doubt:
                self._news.clear()
                events = await asyncio.to_thread(self.reader.after, seq, WINDOW // 2)
                if events:
                    await self.send(window, events)
                    seq = events[-1].seq
                    await window.shrunk_to(WINDOW // 2)
                else:
                    await window.shrunk_to(0)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), LOOKS)
                self.seq = window.reached or self.seq

    async def send(self, window: "_Window", events: Sequence[LedgerEvent]) -> None:
        for event in events:
            headers = {ID: event.id, FOLLOWS: str(event.seq - 1)}
            if self._seal is not None:
                headers[SEAL] = self._seal(event)
            await window.send(self.copy.subject(event.type), event, headers)


class _Ack(Struct):
    error: dict[str, str | int] | None = None


class _Window:
    """
    Messages on their way to a stream, each answered on a subject of its own.

    The client's own window never hears of a lost connection (NOTES, 2). Waiting raises Displaced
    where the stream refused one, and TimeoutError where nothing moves.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._waiting: dict[int, None] = {}  # in order
        self._moved = asyncio.Event()
        self._refused = ""
        self._decoder = msgspec.json.Decoder(_Ack)
        self.reached = 0  # up to where all is acknowledged

    async def __aenter__(self) -> "_Window":
        self._subscription = await self._client.subscribe(f"{self._inbox}.*", cb=self._answered)
        return self

    async def __aexit__(self, *raised: object) -> None:
        if not self._client.is_closed:
            await self._subscription.unsubscribe()

    async def send(self, subject: str, event: LedgerEvent, headers: dict[str, str]) -> None:
        self._waiting[event.seq] = None
        reply = f"{self._inbox}.{event.seq}"
        await self._client.publish(subject, event.raw, reply=reply, headers=headers)

    async def shrunk_to(self, most: int) -> None:
        while len(self._waiting) > most or self._refused:
            if self._refused:
                raise Displaced(self._refused)
            self._moved.clear()
            await asyncio.wait_for(self._moved.wait(), PATIENCE)

    async def _answered(self, message: Msg) -> None:
        seq = int(message.subject.rpartition(".")[2])
        self._moved.set()
        if not message.data:  # nobody is there: the link is cut
            self._refused = "no responders"
            return
        ack = self._decoder.decode(message.data)
        if ack.error is not None:
            self._refused = str(ack.error.get("description"))
            return
        self._waiting.pop(seq, None)
        self.reached = next(iter(self._waiting), max(self.reached, seq) + 1) - 1
