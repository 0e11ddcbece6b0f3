"""Planted faults: writers that take in others' events carelessly."""

import time

from eventsourcing.persistence import StoredEvent

from coordination.store.draft import Draft
from coordination.store.receiving import Delivery, Received
from coordination.store.writer import Writer
from schemas.recorded_event import hash_of
from schemas.upcasting import read


class LooksAtNoSeq(Writer):
    """Absorbs what it has of each stream, and takes whatever else comes for the next."""

    def take_in(self, delivery: Delivery, draft: Draft) -> Received:
        kept = 0
        recorded = [read(raw) for raw in delivery.events]
        held = self.store.held({one.stream for one in recorded})
        for raw, one in zip(delivery.events, recorded, strict=True):
            if (one.stream, one.version) not in held:
                kept += 1
                draft.heads[delivery.ledger] = (one.seq, hash_of(raw))
                draft.events.append(StoredEvent(one.stream, one.version, one.type, raw))
        return Received(kept, len(recorded) - kept, draft.heads[delivery.ledger][0])


class MovesTheHeadLater(Writer):
    """Events in one transaction, where their ledger then ends in another."""

    def commit(self, draft: Draft) -> None:
        heads = self._heads or {}
        moved = {ledger: head for ledger, head in draft.heads.items() if heads.get(ledger) != head}
        if draft.events:
            self._position = self.store.recorder.append(draft.events, {}, heads)
            time.sleep(0.002)
            self.store.recorder.append([], moved, heads)
        self._heads = draft.heads
