"""Reading the store in order, and checking the chain on the way."""

from typing import TYPE_CHECKING

from coordination.store.explained import explained
from coordination.store.ledger import Chain, Finding
from coordination.store.recorder import Row
from coordination.store.refusal import StoreRefused
from schemas.recorded_event import Heads
from schemas.upcasting import Happened

if TYPE_CHECKING:
    from coordination.store.event_store import EventStore

EVERYTHING = 1 << 62


class Reading:
    """Reads the store in order and checks the chain on the way; knows how far it has come."""

    def __init__(self, store: "EventStore", position: int, heads: Heads) -> None:
        self.store, self.position = store, position
        self.chain = Chain(heads)

    @property
    def heads(self) -> Heads:
        """How far each ledger has been found whole."""
        return dict(self.chain.heads)

    def more(self, limit: int = EVERYTHING, until: int = EVERYTHING) -> list[tuple[int, Happened]]:
        """
        At most `limit` events recorded since, of all ledgers, up to the position `until`.

        Raises StoreRefused(`store.broken`) where the history is not what was recorded, rather than
        show another one.
        """
        found: list[tuple[int, Happened]] = []
        with explained(self.store.place):
            end, heads = self.store.standing()
            for row in self.store.rows(self.position, min(until, end)):
                happened = self.store.read_or_not(row)
                for finding in findings_on(self.chain, row, happened):
                    raise broken(finding)
                self.position = row[0]
                found.append((row[0], happened))
                if len(found) == limit:
                    break
            if self.position >= end:
                for finding in self.chain.compare(heads):
                    raise broken(finding)
        return found


def findings_on(chain: Chain, row: Row, happened: Happened) -> list[Finding]:
    position, stream, version, topic, raw = row
    findings = chain.follow(position, raw, happened)
    if (stream, version, topic) != (happened.stream, happened.version, happened.type):
        findings.append(Finding("ledger.row", happened.ledger, happened.seq, position))
    return findings


def broken(finding: Finding) -> StoreRefused:
    """The history is not what was recorded."""
    return StoreRefused("store.broken", what=finding.what, ledger=finding.ledger, seq=finding.seq)
