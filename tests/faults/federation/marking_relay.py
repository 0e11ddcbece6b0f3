"""The planted fault: a relay that goes by a mark of its own, and marks before it publishes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from coordination.bus.relay import Relay, _Window
from coordination.bus.stream import declared
from coordination.store.ledger_reading import LedgerEvent
from schemas.wire import EVENT_ID, SEAL


class MarkingRelay(Relay):
    @property
    def mark(self) -> Path:
        return Path(f"{self.copy.name}.{'hub' if self.copy.on_the_hub else 'here'}.mark")

    async def found(self) -> int:
        await declared(self.copy.api(self.client), self.copy)
        self._unread = False
        self.seq = int(self.mark.read_text()) if self.mark.exists() else 0
        return self.seq

    async def send(self, window: _Window, events: Sequence[LedgerEvent]) -> None:
        beside = self.mark.with_suffix(".new")
        beside.write_text(str(events[-1].seq))
        beside.replace(self.mark)
        await asyncio.sleep(0.01)
        for event in events:
            headers = {EVENT_ID: event.id}
            if self._seal is not None:
                headers[SEAL] = self._seal(event)
            await window.send(self.copy.subject(event.type), event, headers)
