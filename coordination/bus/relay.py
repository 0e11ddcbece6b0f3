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
from nats.errors import NoRespondersError
from nats.js.errors import NotFoundError

from coordination.bus.audit import Continues, Damaged, audit, never
from coordination.bus.stream import PATIENCE, Copy, declared, made_again
from coordination.bus.trouble import TROUBLES, Trouble, named
from coordination.store.ledger_reading import LedgerEvent, LedgerReader
from schemas.wire import EVENT_ID, SEAL

WINDOW = 256  # messages that may be on their way
AGAIN = 0.5  # seconds until it tries again
STUBBORN = 4  # refusals at one place, of a damaged stream that contradicts what it says it holds
LOOKS = 0.25  # seconds between looks at the store, where nobody says that there is something new
FOLLOWS = "Nats-Expected-Last-Sequence"

Sealing = Callable[[LedgerEvent], str]


class Displaced(Exception):
    """The stream is not where it was seen: another relay, or a server that lost something."""


class Relay:
    """
    One ledger to one stream.

    `consumer` is the name by which the server lets this node read. Where the ledger is this node's
    own, `seal` signs an event, and `continues` knows one that only the stream has.
    """

    def __init__(
        self,
        client: Client,
        copy: Copy,
        readers: Callable[[], LedgerReader],
        *,
        consumer: str,
        seal: Sealing | None = None,
        continues: Continues = never,
    ) -> None:
        self.client, self.copy = client, copy
        self._reader, self._auditor = readers(), readers()  # each for one thread at a time
        self._consumer, self._seal, self._continues = consumer, seal, continues
        self.seq: int | None = None  # up to where the stream is known to hold the ledger
        self.trouble = ""
        self._news = asyncio.Event()
        self._unread = True  # not compared to the last message, since the server went away
        self._doubted = False
        self._refused_at: list[int] = []

    def wake(self) -> None:
        """Something was recorded."""
        self._news.set()

    def doubt(self) -> None:
        """Somebody misses what the stream should have: it is read again, and made again if so."""
        self._doubted = True
        self._news.set()

    @property
    def _reconnects(self) -> int:
        return self.client.stats["reconnects"]

    async def run(self) -> None:
        """For ever. Raises Ahead, which a relay alone cannot mend."""
        while True:
            self._unread, self._doubted = self._unread or self._doubted, False
            try:
                seq = await self.found()
                self.trouble = ""
                following = asyncio.create_task(self.follow(seq))
                try:
                    await self._audit(seq)
                    await following
                finally:
                    following.cancel()
                    await asyncio.gather(following, return_exceptions=True)
            except Damaged:
                await self._make_again()
            except Displaced:
                self.seq, self.trouble, self._unread = None, Trouble.DISPLACED, True
                self._refused_at = [one for one in self._refused_at if one == seq] + [seq]
                if len(self._refused_at) >= STUBBORN:
                    await self._make_again()
                await asyncio.sleep(AGAIN)
            except TROUBLES as error:
                self.seq, self.trouble = None, named(error)
                self._unread = True  # a server that comes back may not have what it had
                await asyncio.sleep(AGAIN)

    async def found(self) -> int:
        """
        Up to where the stream holds the ledger, by its last message.

        Raises Damaged, and Ahead where it goes on after the end of the ledger.
        """
        state = (await declared(self.copy.api(self.client), self.copy)).state
        if state.first_seq > 1 or state.messages != state.last_seq:
            raise Damaged(self.copy.name)
        if state.last_seq:
            found = await self._message(state.last_seq)
            events = await asyncio.to_thread(self._reader.after, state.last_seq - 1, 1)
            if not events:  # the ledger ends before; or it went on while we looked
                self._unread = True
                await self._audit(state.last_seq)
            elif events[0].raw != found:
                raise Damaged(self.copy.name)
        self.seq = state.last_seq
        return self.seq

    async def _message(self, seq: int) -> bytes:
        """Raises Damaged where the stream does not give what it says it holds."""
        try:
            message = await self.copy.api(self.client).get_msg(self.copy.name, seq=seq)
        except NotFoundError as error:
            raise Damaged(self.copy.name) from error
        return message.data or b""

    async def _audit(self, until: int) -> None:
        if self._unread:
            await audit(
                self.client,
                self.copy,
                self._auditor,
                consumer=self._consumer,
                until=until,
                continues=self._continues,
            )
            self._unread = False

    async def _make_again(self) -> None:
        """Empty, to be filled from the store."""
        self.seq, self.trouble = None, Trouble.MADE_AGAIN
        with suppress(*TROUBLES):
            await made_again(self.copy.api(self.client), self.copy)
            self._unread = False

    async def follow(self, seq: int) -> None:
        """Publish what is recorded after a sequence, until the stream comes into doubt."""
        async with _Window(self.client) as window:
            connected = self._reconnects
            while not self._doubted:
                if self._reconnects != connected:
                    self.doubt()
                    break
                self._news.clear()
                events = await asyncio.to_thread(self._reader.after, seq, WINDOW // 2)
                if events:
                    await self.send(window, events)
                    seq = events[-1].seq
                    await window.shrunk_to(WINDOW // 2)
                else:
                    await window.shrunk_to(0)
                    self.seq = window.reached or self.seq
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), LOOKS)
                self.seq = window.reached or self.seq

    async def send(self, window: "_Window", events: Sequence[LedgerEvent]) -> None:
        for event in events:
            headers = {EVENT_ID: event.id, FOLLOWS: str(event.seq - 1)}
            if self._seal is not None:
                headers[SEAL] = self._seal(event)
            await window.send(self.copy.subject(event.type), event, headers)


class _Ack(Struct):
    error: dict[str, str | int] | None = None


class _Window:
    """
    Messages on their way to a stream, each answered on a subject of its own.

    The client's own window never hears of a lost connection (NOTES, 2). Waiting raises Displaced
    where the stream refused one, NoRespondersError where nobody was there, and TimeoutError where
    nothing moves.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._waiting: dict[int, None] = {}  # in order
        self._moved = asyncio.Event()
        self._refused: Exception | None = None
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
                raise self._refused
            self._moved.clear()
            await asyncio.wait_for(self._moved.wait(), PATIENCE)

    async def _answered(self, message: Msg) -> None:
        seq = int(message.subject.rpartition(".")[2])
        self._moved.set()
        if not message.data:  # nobody is there: the link is cut
            self._refused = NoRespondersError()
            return
        ack = self._decoder.decode(message.data)
        if ack.error is not None:
            self._refused = Displaced(ack.error.get("description"))
            return
        self._waiting.pop(seq, None)
        self.reached = next(iter(self._waiting), max(self.reached, seq) + 1) - 1
