"""Giving another agency our ledger itself, where no stream has what it needs."""

import asyncio
from collections.abc import Callable

import msgspec
from nats.micro.request import Request

from coordination.bus.relay import Sealing
from coordination.store.ledger_reading import LedgerReader
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
        except msgspec.DecodeError:
            return
        async with self._one_at_a_time:
            lent = await asyncio.to_thread(self.piece, asked.after)
        if lent.events:
            self._missed()
        await request.respond(msgspec.json.encode(lent))

    def piece(self, after: int) -> LentLedger:
        events = self._reader.after(max(after, 0), AT_MOST)
        size = 0
        for count, event in enumerate(events, start=1):
            size += len(event.raw)
            if size > PIECE:
                events = events[:count]
                break
        if not events:
            return LentLedger(())
        raw = tuple(msgspec.Raw(event.raw) for event in events)
        return LentLedger(raw, self._seal(events[-1]))
