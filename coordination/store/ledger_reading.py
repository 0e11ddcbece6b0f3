"""Reading one ledger in its own order, from any of its places on.

The store has no index by seq. But an event stands at a position no lower than its seq, and the
events of a ledger lie in order: so a place is found by halving.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from coordination.store.checking import broken
from coordination.store.explained import explained
from coordination.store.ledger import Finding
from schemas.message import owner_of
from schemas.recorded_event import BEFORE_THE_FIRST, hash_of
from schemas.vocabulary import Agency

if TYPE_CHECKING:
    from coordination.store.event_store import EventStore

FEW = 64  # rows that are read at once where one is wanted


class LedgerEvent(Struct, frozen=True):
    """An event of a ledger: `raw` are its very bytes, `hash` is theirs."""

    seq: int
    id: str
    type: str
    raw: bytes
    hash: str


class _Envelope(Struct, gc=False):
    """As much of it as says which event it is."""

    id: str
    type: str
    ledger: str
    seq: int
    previous: str


class _Place(Struct, frozen=True):
    """An event of the ledger, and its position."""

    position: int
    seq: int
    hash: str


START = _Place(0, 0, BEFORE_THE_FIRST)
_envelope = msgspec.json.Decoder(_Envelope)


class LedgerReader:
    """Remembers where it was, so that going on is cheap. One thread uses it at a time."""

    def __init__(self, store: "EventStore", ledger: Agency) -> None:
        self.store, self.ledger = store, ledger
        self._last = START
        self._looked_until = 0  # of the rows after the last event none is of the ledger so far

    def after(self, seq: int, limit: int) -> list[LedgerEvent]:
        """
        At most `limit` events that follow a seq, in order; none where the ledger ends there, or
        before.

        Raises StoreRefused(`store.broken`) where the ledger is not what was recorded: each event
        follows by hash from the one before, and the last is the head.
        """
        with explained(self.store.place):
            until, heads = self.store.standing()
            head, link = heads.get(self.ledger, (0, BEFORE_THE_FIRST))
            if seq >= head or limit < 1:
                return []
            if seq != self._last.seq:
                self._last = self._found(seq, until) if seq else START
                self._looked_until = self._last.position
            found: list[LedgerEvent] = []
            for position, raw in self._rows(self._looked_until, until, limit):
                event = self._next(position, raw)
                if event.seq == head and event.hash != link:
                    raise self._broken("ledger.head", head)
                found.append(event)
                if len(found) == limit:
                    return found
            self._looked_until = until
            if self._last.seq < head:
                raise self._broken("ledger.head", head)
            return found

    def _next(self, position: int, raw: bytes) -> LedgerEvent:
        envelope = self._read(raw)
        if envelope.ledger != self.ledger:
            raise self._broken("ledger.owner", self._last.seq + 1)
        if envelope.seq != self._last.seq + 1:
            raise self._broken("ledger.seq", self._last.seq + 1)
        if envelope.previous != self._last.hash:
            raise self._broken("ledger.hash", envelope.seq)
        event = LedgerEvent(envelope.seq, envelope.id, envelope.type, raw, hash_of(raw))
        self._last = _Place(position, event.seq, event.hash)
        self._looked_until = position
        return event

    def _found(self, seq: int, until: int) -> _Place:
        """Where the event with this seq is."""
        low, high = seq - 1, until  # it is after the one, and not after the other
        if seq > self._last.seq:
            low = max(low, self._last.position)
        else:
            high = min(high, self._last.position)
        while high - low > FEW:
            middle = (low + high) // 2
            first = next(self._rows(middle, high, FEW), None)
            if first is not None and self._read(first[1]).seq <= seq:
                low = first[0] - 1  # it is this one, or after it
            else:
                high = middle
        for position, raw in self._rows(low, high, FEW):
            if self._read(raw).seq == seq:
                return _Place(position, seq, hash_of(raw))
        raise self._broken("ledger.seq", seq)

    def _rows(self, after: int, until: int, few: int) -> Iterator[tuple[int, bytes]]:
        """Position and bytes of the events of the ledger."""
        for position, stream, raw in self.store.first_stored(after, until, few):
            if self._owner(stream) == self.ledger:
                yield position, raw

    def _owner(self, stream: str) -> Agency:
        try:
            return owner_of(stream)
        except (AttributeError, IndexError, TypeError) as error:  # damage can turn any type
            raise broken(Finding("ledger.row")) from error

    def _read(self, raw: bytes) -> _Envelope:
        try:
            return _envelope.decode(memoryview(raw))  # damage can make text of bytes
        except (ValueError, TypeError) as error:
            raise self._broken("ledger.unreadable", self._last.seq + 1) from error

    def _broken(self, what: str, seq: int) -> Exception:
        return broken(Finding(what, self.ledger, seq))
