"""The chain of each ledger: seq 1, 2, 3 …, each event carrying the hash of the one before."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from schemas.message import name, owner_of
from schemas.recorded_event import BEFORE_THE_FIRST, Heads, hash_of
from schemas.upcasting import Happened, Unreadable

NO_STREAM: Mapping[str, int] = MappingProxyType({})


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

    def __init__(self, heads: Heads, versions: Mapping[str, int] = NO_STREAM) -> None:
        """From the heads of a place where all was found whole, none at the beginning, and the last
        versions of streams there."""
        self.heads: Heads = dict(heads)
        self.versions = dict(versions)
        self._from_the_first = not heads

    def follow(self, position: int, raw: bytes, happened: Happened) -> list[Finding]:
        """The findings on an event, given those before it; the chain goes on from this event."""
        ledger, stream = happened.ledger, happened.stream
        seq, link = self.heads.get(ledger, (0, BEFORE_THE_FIRST))
        # Of a stream not met since a place further on, any version may be the next.
        version = self.versions.get(stream, 0 if self._from_the_first else happened.version - 1)
        self.heads[ledger] = (happened.seq, hash_of(raw))
        self.versions[stream] = happened.version
        typed = isinstance(happened, Unreadable) or happened.type == name(happened.data)
        if (
            happened.seq == seq + 1
            and happened.previous == link
            and happened.version == version + 1
            and typed
            and ledger == owner_of(stream)
        ):
            return []
        wrong = {
            "ledger.seq": happened.seq != seq + 1,
            "ledger.hash": happened.previous != link,
            "ledger.owner": ledger != owner_of(stream),
            "ledger.version": happened.version != version + 1,
            "ledger.type": not typed,
        }
        return [
            Finding(what, ledger, happened.seq, position)
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
