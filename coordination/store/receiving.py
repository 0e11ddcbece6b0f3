"""Taking in what another node decided: the events of one ledger, in its order, off the wire.

Nothing about them has been checked before. What is kept is the next of its ledger, of its stream
and of its owner, and follows by hash from what is there; the first that does not fit ends it.
"""

import re
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC
from enum import StrEnum

from eventsourcing.persistence import StoredEvent
from msgspec import Struct
from msgspec.structs import replace

from coordination.store.draft import Draft
from coordination.store.event_store import UNREADABLE, EventStore
from coordination.store.ledger import Chain
from coordination.store.ledger_reading import LedgerReader
from schemas.message import stream_of
from schemas.recorded_event import RecordedEvent
from schemas.upcasting import Happened, read_or_not
from schemas.vocabulary import Agency

# What the databases, the owner's rule and the bus need of a name, also of one that a newer program
# made.
STREAM = re.compile(r"[a-z]+-[a-z][a-z0-9]*-[a-z0-9-]+")
ID = re.compile(r"[!-~]{1,200}")
TYPE = re.compile(r"[a-z]+\.[a-z0-9-]+")

MOST = 2**63 - 1  # a database counts no further


class What(StrEnum):
    """
    Why an event does not fit.

    `gap`: events before it are missing. `fork`: another event stands in its place, or before it.
    `ledger`: it is not of the ledger that was announced. `owner`, `stream`, `type`, `version`: its
    envelope contradicts itself, its data or its stream.
    """

    GAP = "gap"
    FORK = "fork"
    UNREADABLE = "unreadable"
    LEDGER = "ledger"
    OWNER = "owner"
    STREAM = "stream"
    TYPE = "type"
    VERSION = "version"


# In the order in which they are told: what proves that two histories exist comes first.
OF_THE_CHAIN = {
    "ledger.hash": What.FORK,
    "ledger.owner": What.OWNER,
    "ledger.type": What.TYPE,
    "ledger.version": What.VERSION,
}


class Misfit(Struct, frozen=True, kw_only=True):
    """
    The first event that was not kept.

    `seq` is its own where it can be read, else the one it should have had. `ours` is, of a fork,
    the event that stands here: at the same seq, or before it where the chain does not follow from
    that; None where there is none.
    """

    what: What
    ledger: Agency
    seq: int
    raw: bytes
    ours: bytes | None = None
    detail: str = ""


class Received(Struct, frozen=True):
    """`kept` events are new and durable, `known` were there; the ledger now ends at `head`."""

    kept: int
    known: int
    head: int
    misfit: Misfit | None = None


class Delivery(Struct):
    """Events of a ledger that are to be taken in, and the place for what became of them."""

    ledger: Agency
    events: Sequence[bytes]
    answers: "Future[Received]"
    received: Received = Received(0, 0, 0)


def take_in(store: EventStore, draft: Draft, ledger: Agency, events: Sequence[bytes]) -> Received:
    """Adds to the draft what fits, up to the first event that does not."""
    return _TakingIn(store, draft, ledger).run(events)


class _TakingIn:
    def __init__(self, store: EventStore, draft: Draft, ledger: Agency) -> None:
        self._store, self._draft, self._ledger = store, draft, ledger
        self._head = draft.heads.get(ledger, (0, ""))[0]
        self._kept = self._known = 0

    def run(self, events: Sequence[bytes]) -> Received:
        read, unsound = self._read(events)
        self._held = self._store.held({one.stream for one in read if one.seq <= self._head})
        self._chain = Chain(self._draft.heads, self._versions(read))
        self._add_the_draft()
        for raw, one in zip(events, read, strict=False):
            if misfit := self._take(raw, one):
                break
        else:
            misfit = unsound and self._placed(unsound)
        return Received(self._kept, self._known, self._head, misfit)

    def _read(self, events: Sequence[bytes]) -> tuple[list[Happened], Misfit | None]:
        """Each event up to the first that is none, not of this ledger, or misnamed."""
        read: list[Happened] = []
        for raw in events:
            try:
                one = read_or_not(raw)
                one.time.astimezone(UTC)
            except (*UNREADABLE, OverflowError) as error:
                seq = read[-1].seq + 1 if read else self._head + 1
                return read, self._misfit(What.UNREADABLE, seq, raw, str(error)[:200])
            if what := self._named(one):
                return read, self._misfit(what, one.seq, raw)
            read.append(one)
        return read, None

    def _placed(self, unsound: Misfit) -> Misfit:
        """Whatever is wrong with an event in a place that is taken: it is another one."""
        if unsound.what is What.LEDGER or unsound.seq > self._head:
            return unsound
        return replace(unsound, what=What.FORK, ours=self._ours(unsound.seq))

    def _named(self, one: Happened) -> What | None:
        """What is wrong with how the event names itself."""
        if one.ledger != self._ledger:
            return What.LEDGER
        if one.time.tzinfo is None or one.seq > MOST or not ID.fullmatch(one.id):
            return What.UNREADABLE
        if isinstance(one, RecordedEvent):
            return None if one.stream == stream_of(one.data) else What.STREAM
        if not STREAM.fullmatch(one.stream):
            return What.STREAM
        return None if TYPE.fullmatch(one.type) else What.TYPE

    def _versions(self, read: Sequence[Happened]) -> dict[str, int]:
        streams = {one.stream for one in read if one.seq > self._head}
        return dict.fromkeys(streams, 0) | self._store.versions(streams)

    def _add_the_draft(self) -> None:
        for event in self._draft.all_events():
            stream, version = str(event.originator_id), event.originator_version
            self._held[stream, version] = event.state
            self._chain.versions[stream] = version

    def _take(self, raw: bytes, one: Happened) -> Misfit | None:
        if one.seq <= self._head:
            if self._held.get((one.stream, one.version)) != raw:
                return self._misfit(What.FORK, one.seq, raw, ours=self._ours(one.seq))
            self._known += 1
            return None
        if one.seq > self._head + 1:
            return self._misfit(What.GAP, one.seq, raw)
        if findings := self._chain.follow(0, raw, one):
            found = {finding.what for finding in findings}
            what = next(what for key, what in OF_THE_CHAIN.items() if key in found)
            ours = self._ours(self._head) if what is What.FORK else None
            return self._misfit(what, one.seq, raw, ours=ours)
        self._keep(raw, one)
        return None

    def _keep(self, raw: bytes, one: Happened) -> None:
        self._head = one.seq
        self._kept += 1
        self._held[one.stream, one.version] = raw
        self._draft.heads[self._ledger] = self._chain.heads[self._ledger]
        self._draft.events.append(StoredEvent(one.stream, one.version, one.type, raw))
        self._draft.received.add(one.stream)

    def _ours(self, seq: int) -> bytes | None:
        """The event that stands at a place of the ledger, durable or in the draft."""
        drafted = self._draft.of_ledger(self._ledger)
        stored = self._head - len(drafted)
        if seq > stored:
            return drafted[seq - stored - 1]
        there = LedgerReader(self._store, self._ledger).after(seq - 1, 1) if seq else []
        return there[0].raw if there else None

    def _misfit(
        self, what: What, seq: int, raw: bytes, detail: str = "", ours: bytes | None = None
    ) -> Misfit:
        return Misfit(what=what, ledger=self._ledger, seq=seq, raw=raw, ours=ours, detail=detail)
