"""Giving another agency our ledger itself, where no stream has what it needs."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import accumulate

import msgspec
from nats.errors import Error
from nats.micro.request import Request

from coordination.bus.desk import not_done
from coordination.bus.relay import Sealing
from coordination.store.event_store import UNREADABLE
from coordination.store.ledger_reading import LedgerReader
from coordination.store.refusal import StoreRefused
from schemas.lending import AskLedger, LentLedger

PIECE = 150_000  # bytes of events in one answer, well below what a message may have
AT_MOST = 500  # events


class Lending:
    """Answers `ledger.<owner>.<asker>`; `missed` is told that somebody had to ask."""

    def __init__(self, reader: LedgerReader, seal: Sealing, missed: Callable[[], object]) -> None:
        self._reader, self._seal, self._missed = reader, seal, missed
        self._one_at_a_time = asyncio.Lock()  # a reader is for one thread

    async def answer(self, request: Request) -> None:
        """A piece of the ledger; nothing to whom asks for what is no number."""
        try:
            asked = msgspec.json.decode(request.data, type=AskLedger)
        except UNREADABLE:
            return
        try:
            async with self._one_at_a_time:
                lent = await asyncio.to_thread(self.piece, asked.after)
        except StoreRefused as refused:
            await not_done(request, refused.key)
            return
        if lent.events:
            self._missed()
        with suppress(ValueError, Error):  # who wants no answer gets none
            await request.respond(msgspec.json.encode(lent))

    def piece(self, after: int) -> LentLedger:
        """What follows: at least one event, where there is any."""
        events = self._reader.after(after, AT_MOST)
        if not events:
            return LentLedger(())
        sizes = accumulate(len(event.raw) for event in events)
        events = events[: max(1, sum(size <= PIECE for size in sizes))]
        raw = tuple(msgspec.Raw(event.raw) for event in events)
        return LentLedger(raw, self._seal(events[-1]))
