"""The ledgers of a node, as relays and replicas need them; all of it may wait for the disk."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from nats.aio.msg import Msg
from nats.js.api import RawStreamMsg

from coordination.bus import seal, subjects
from coordination.bus.seal import Sealer, Seals
from coordination.mailroom.kept import CameBy, Door, Reason
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.store.ledger_reading import LedgerEvent, LedgerReader
from coordination.store.receiving import Received, What
from schemas.recorded_event import hash_of
from schemas.vocabulary import Agency
from schemas.wire import SEAL

FALSE_SEAL, UNASKED = "false-seal", "unasked"
REASONS = {
    What.FORK: Reason.FORK,
    FALSE_SEAL: Reason.FALSE_SEAL,
    UNASKED: Reason.UNASKED,
}


class Sealed(Struct, frozen=True):
    """An event as it came, with the seal it came with."""

    raw: bytes
    seal: str


class Suspect(Struct, frozen=True):
    """What was refused or does not sound true; `ours` is what the own store has in its place."""

    ledger: Agency
    seq: int
    what: str
    theirs: Sealed
    ours: bytes | None = None


class _Envelope(Struct):
    """As much of an event as says where it stands, and who is said to have asked for it."""

    ledger: Agency
    seq: int
    previous: str
    agency: Agency
    causation: str


_envelope = msgspec.json.Decoder(_Envelope)


class Ledgers:
    """`me` is the agency whose ledger this node writes and seals; it takes in the others'."""

    def __init__(
        self, me: Agency, service: Service, mailroom: Mailroom, sealer: Sealer, seals: Seals
    ) -> None:
        self.me, self._service, self._mailroom = me, service, mailroom
        self._sealer, self._seals = sealer, seals

    def head(self, ledger: Agency) -> int:
        return self._service.store.standing()[1].get(ledger, (0, ""))[0]

    def reader(self, ledger: Agency) -> LedgerReader:
        return self._service.ledger(ledger)

    def sealed(self, event: LedgerEvent) -> str:
        """The seal of an event of our own."""
        return self._sealer.seal(seal.of_event(self.me, event.seq, event.hash))

    def is_sealed(self, ledger: Agency, event: Sealed) -> bool:
        """Whether the agency says this very event at this place of its ledger."""
        envelope = _read(event.raw)
        if envelope is None or envelope.ledger != ledger:
            return False
        said = seal.of_event(ledger, envelope.seq, hash_of(event.raw))
        return self._seals.hold(ledger, said, event.seal)

    def own_seq(self, message: Msg | RawStreamMsg) -> int | None:
        """The place in our own ledger that our seal gives a message; None where it is not ours."""
        event = sealed(message)
        envelope = _read(event.raw)
        return envelope.seq if envelope and self.is_sealed(self.me, event) else None

    def vouched(self, ledger: Agency, events: Sequence[Sealed]) -> int:
        """
        How many of the events, from the first on, their agency vouches for.

        By the seal of each itself, or of a later one that follows from it by hash: so nothing can
        be changed or slipped in before an event that is sealed.
        """
        vouched, certain, after = len(events), False, ""
        for place, event in reversed(list(enumerate(events))):
            certain = (certain and hash_of(event.raw) == after) or self.is_sealed(ledger, event)
            if not certain:
                vouched = place
            envelope = _read(event.raw)
            after = envelope.previous if envelope else ""
        return vouched

    def receive(self, ledger: Agency, events: Sequence[Sealed]) -> Received:
        """What its agency vouches for, up to the first that does not fit."""
        received = self._service.receive(ledger, [event.raw for event in events])
        if ledger != self.me:
            new = range(received.head - received.kept + 1, received.head + 1)
            for event in events:
                self._recall(ledger, event, new)
        return received

    def _recall(self, ledger: Agency, event: Sealed, new: range) -> None:
        """Whether we asked for what another agency says that we asked for."""
        envelope = _read(event.raw)
        if envelope is None or envelope.seq not in new or envelope.agency != self.me:
            return
        if self._mailroom.of(self.me, envelope.causation) is None:
            self.suspect(Suspect(ledger, envelope.seq, UNASKED, event))

    def suspect(self, suspect: Suspect) -> None:
        """Kept for a person to see, and as evidence: it may prove that somebody said two things."""
        said = {"ledger": suspect.ledger, "seq": suspect.seq}
        self._mailroom.keep(
            CameBy(Door.LEDGER, suspect.ledger),
            subjects.events_of(suspect.ledger),
            {SEAL: suspect.theirs.seal},
            suspect.theirs.raw,
            reason=REASONS.get(suspect.what, Reason.DOES_NOT_FIT),
            parameters=said if suspect.what in REASONS else {**said, "what": suspect.what},
        )
        self._mailroom.note_evidence(
            suspect.ledger,
            suspect.seq,
            suspect.what,
            suspect.theirs.raw,
            seal=suspect.theirs.seal,
            ours=suspect.ours,
        )

    def note_seal(self, ledger: Agency, seq: int, of_it: str) -> None:
        self._mailroom.note_seal(ledger, seq, of_it)


def sealed(message: Msg | RawStreamMsg) -> Sealed:
    return Sealed(message.data or b"", (message.headers or {}).get(SEAL, ""))


def _read(raw: bytes) -> _Envelope | None:
    try:
        return _envelope.decode(raw)
    except (ValueError, TypeError, RecursionError):
        return None
