"""The relay: keeps a stream equal to a ledger of the store, in its order, each event once.

Where it stands is what the stream holds, never what anybody remembers: it looks there and goes on.
Each message says which sequence it follows (`Nats-Expected-Last-Sequence`), so the server refuses
whatever does not follow, also from a second relay, and the sequence of the stream is the `seq` of
the ledger. The window in which a server knows duplicates is not relied on (shared/nats NOTES, 3f).
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import perf_counter

import msgspec
from msgspec import Struct
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import MaxPayloadError, NoRespondersError
from nats.js.errors import NotFoundError

from coordination.bus.audit import Damaged, OwnSeq, audit, nobodys
from coordination.bus.ending import ended
from coordination.bus.stream import BESIDE, LARGEST, PATIENCE, Copy, declared, made_again
from coordination.bus.trouble import TROUBLES, Trouble, named
from coordination.store.ledger_reading import LedgerEvent, LedgerReader
from schemas.wire import EVENT_ID, SEAL

WINDOW = 256  # messages that may be on their way
AGAIN = 0.5  # seconds until it tries again
STUBBORN = 4  # refusals at one place, of a damaged stream that contradicts what it says it holds
LOOKS = 0.25  # seconds between looks at the store, where nobody says that there is something new
LOOKS_AT_STREAM = 10.0  # seconds between looks at a stream to which nothing is published
RESTS = 10  # times as long as it read, before a doubt makes it read again
FOLLOWS = "Nats-Expected-Last-Sequence"

Sealing = Callable[[LedgerEvent], str]


class Displaced(Exception):
    """The stream is not where it was seen: another relay, or a server that lost something."""


class Relay:
    """
    One ledger to one stream.

    `consumer` is the name by which the server lets this node read. Where the ledger is this node's
    own, `seal` signs an event, and `own_seq` knows one that was signed so.
    """

    def __init__(
        self,
        client: Client,
        copy: Copy,
        readers: Callable[[], LedgerReader],
        *,
        consumer: str,
        seal: Sealing | None = None,
        own_seq: OwnSeq = nobodys,
    ) -> None:
        self.client, self.copy = client, copy
        self._reader, self._auditor = readers(), readers()  # each for one thread at a time
        self.consumer, self._seal, self._own_seq = consumer, seal, own_seq
        self.seq: int | None = None  # up to where the stream is known to hold the ledger
        self.trouble = ""
        self._news = asyncio.Event()
        self._unread = True  # not compared to the last message, since the server went away
        self._doubted = False
        self._rests_until = 0.0
        self._refused_at: list[int] = []

    def wake(self) -> None:
        """Something was recorded."""
        self._news.set()

    def doubt(self) -> None:
        """
        Somebody misses what the stream should have: it is read again, and made again if so.

        Not at once after it was read: who asks in vain asks again, and must not keep us reading.
        """
        if perf_counter() > self._rests_until:
            self._doubted = True
            self._news.set()

    def lost_sight(self) -> None:
        """The server was away: what it comes back with is read again."""
        self._doubted = True
        self._news.set()

    @property
    def _reconnects(self) -> int:
        return self.client.stats["reconnects"]

    async def run(self) -> None:
        """For ever. Raises Ahead and Forked, which a relay alone cannot mend."""
        while True:
            self._unread, self._doubted = self._unread or self._doubted, False
            try:
                seq = await self.found()
                self.trouble = ""
                await self._follow_and_audit(seq)
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

    async def _follow_and_audit(self, seq: int) -> None:
        """New events do not wait until old ones are read. Ends with the first that raises."""
        work = [
            asyncio.create_task(self.follow(seq)),
            asyncio.create_task(self._audit(seq)),
        ]
        try:
            await asyncio.gather(*work)
        finally:
            await ended(work)

    async def found(self) -> int:
        """
        Up to where the stream holds the ledger, by its last message.

        Raises Damaged, Forked, and Ahead where it goes on after the end of the ledger.
        """
        api = self.copy.api(self.client)
        state = (await declared(api, self.copy)).state
        if state.first_seq > 1 or state.messages != state.last_seq:
            raise Damaged(self.copy.name)
        if state.last_seq:
            try:
                last = await api.get_msg(self.copy.name, seq=state.last_seq)
            except NotFoundError as error:  # it is there, and cannot be read
                raise Damaged(self.copy.name) from error
            events = await asyncio.to_thread(self._reader.after, state.last_seq - 1, 1)
            if not events or events[0].raw != last.data:
                # The ledger ends before, or went on while we looked; or it is another history.
                self._unread = True
                await self._audit(state.last_seq)
            elif self._seal and self._own_seq(last) != state.last_seq:
                raise Damaged(self.copy.name)  # nobody would believe it
        self.seq = state.last_seq
        return self.seq

    async def _audit(self, until: int) -> None:
        if self._unread:
            began = perf_counter()
            await audit(
                self.client,
                self.copy,
                self._auditor,
                consumer=self.consumer,
                until=until,
                own_seq=self._own_seq,
            )
            self._unread = False
            self._rests_until = perf_counter() + RESTS * (perf_counter() - began)

    async def _make_again(self) -> None:
        """Empty, to be filled from the store."""
        self.seq, self.trouble = None, Trouble.MADE_AGAIN
        try:
            await made_again(self.copy.api(self.client), self.copy)
            self._unread = False
        except TROUBLES:
            await asyncio.sleep(AGAIN)

    async def follow(self, seq: int) -> None:
        """Publish what is recorded after a sequence, until the stream comes into doubt."""
        looked, connected = perf_counter(), self._reconnects
        async with _Window(self.client) as window:
            while not self._doubted:
                if self._reconnects != connected:
                    self.lost_sight()
                self._news.clear()
                events = await asyncio.to_thread(self._reader.after, seq, WINDOW // 2)
                if events:
                    await self.send(window, events)
                    seq = events[-1].seq
                    await window.shrunk_to(WINDOW // 2)
                else:
                    await window.shrunk_to(0)
                    self.seq = window.reached or self.seq
                    if perf_counter() - looked > LOOKS_AT_STREAM:
                        await self._look(seq)
                        looked = perf_counter()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOKS):  # `wait_for` can lose a cancellation
                            await self._news.wait()
                self.seq = window.reached or self.seq

    async def _look(self, seq: int) -> None:
        """Whether the stream is where we left it, when nothing new would show it."""
        info = await self.copy.api(self.client).stream_info(self.copy.name)
        if info.state.last_seq != seq:
            raise Displaced(self.copy.name)

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
        if len(event.raw) > LARGEST - BESIDE:
            raise MaxPayloadError
        self._waiting[event.seq] = None
        reply = f"{self._inbox}.{event.seq}"
        await self._client.publish(subject, event.raw, reply=reply, headers=headers)

    async def shrunk_to(self, most: int) -> None:
        while len(self._waiting) > most or self._refused:
            if self._refused:
                raise self._refused
            self._moved.clear()
            async with asyncio.timeout(PATIENCE):
                await self._moved.wait()

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
