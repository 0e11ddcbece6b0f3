"""The chain of each ledger: seq 1, 2, 3 …, each event carrying the hash of the one before."""

from msgspec import Struct

from coordination.store.recorder import Heads
from schemas.message import name, owner_of
from schemas.recorded_event import BEFORE_THE_FIRST, RecordedEvent, hash_of


class Finding(Struct, frozen=True):
    """
    What is wrong, and where: a key such as `ledger.hash`, worded by the catalogues.

    `ledger` is empty and `seq` 0 where the damage hides whose event it was.
    """

    what: str
    ledger: str = ""
    seq: int = 0
    position: int = 0
    detail: str = ""


class Chain:
    """Follows the ledgers event by event, and notes each place where one does not fit."""

    def __init__(self) -> None:
        self.heads: Heads = {}
        self.versions: dict[str, int] = {}

    def follow(self, position: int, raw: bytes, recorded: RecordedEvent) -> list[Finding]:
        """The findings on an event, given those before it; the chain goes on from this event."""
        seq, link = self.heads.get(recorded.ledger, (0, BEFORE_THE_FIRST))
        version = self.versions.get(recorded.stream, 0)
        wrong = {
            "ledger.seq": recorded.seq != seq + 1,
            "ledger.hash": recorded.previous != link,
            "ledger.owner": recorded.ledger != owner_of(recorded.stream),
            "ledger.version": recorded.version != version + 1,
            "ledger.type": recorded.type != name(recorded.data),
        }
        self.heads[recorded.ledger] = (recorded.seq, hash_of(raw))
        self.versions[recorded.stream] = recorded.version
        return [
            Finding(what, recorded.ledger, recorded.seq, position)
            for what, is_wrong in wrong.items()
            if is_wrong
        ]

    def compare(self, heads: Heads) -> list[Finding]:
        """The findings on the heads the store keeps: a ledger may have lost its end."""
        return [
            Finding("ledger.head", ledger, heads.get(ledger, self.heads.get(ledger, (0, "")))[0])
            for ledger in sorted(heads.keys() | self.heads.keys())
            if heads.get(ledger) != self.heads.get(ledger)
        ]
