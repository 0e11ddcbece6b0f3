"""Copying a whole store to another, between SQLite and PostgreSQL in any direction.

The copy has the same events at the same positions, byte for byte, and the same heads. Positions are
kept, and with them the holes that a rolled-back transaction leaves on PostgreSQL: they are the
local order by which readers know their place, and an interrupted copy could not otherwise be told
from another history (DESIGN §4: what renumbers positions is no backup).

Rows and heads move in one transaction, so a target is the beginning of its source at any moment,
and the next run goes on from there.
"""

from collections.abc import Callable, Iterator
from itertools import islice, zip_longest
from typing import TypeAlias

from eventsourcing.persistence import IntegrityError
from msgspec import Struct

from coordination.store.event_store import EventStore
from coordination.store.explained import explained
from coordination.store.ledger import Finding
from coordination.store.recorder import Row
from coordination.store.refusal import StoreRefused
from schemas.recorded_event import Heads, hash_of

TRANSACTION = 5_000  # events that are committed together

Progress: TypeAlias = Callable[[int, int], object]  # the position reached, and the last


def nothing(position: int, until: int) -> None:
    """Progress that nobody watches."""


class Copied(Struct, frozen=True):
    """
    `added`: events of this run; `held`: all there are now; `grown`: the source has more since.

    `unsound` names the store that has `findings`; with them and nothing added, they were there
    before the copy.
    """

    added: int
    held: int
    grown: bool = False
    unsound: str = ""
    findings: tuple[Finding, ...] = ()


class Copying:
    """
    Copies what the source holds at the start; others may go on reading and writing there.

    The target is empty, or holds the beginning of the source. Both are verified before the first
    event is copied, the target again after the last.
    """

    def __init__(
        self, source: EventStore, target: EventStore, transaction: int = TRANSACTION
    ) -> None:
        self.source, self.target, self.transaction = source, target, transaction

    def run(self, progress: Progress = nothing) -> Copied:
        """
        Copies, and compares every byte.

        Raises StoreRefused, with nothing written, where the two are one store, the source is
        empty, the target holds something else or more, or another process writes to it. Raises it
        too where somebody writes to the target meanwhile; what was copied by then stays.
        """
        source, target = self.source, self.target
        if source.recorder.identity() == target.recorder.identity():
            raise StoreRefused("store.copy-of-itself", path=target.place)
        hold = target.recorder.hold(target.lock_timeout)
        try:
            return self._run(progress)
        finally:
            hold.release()

    def _run(self, progress: Progress) -> Copied:
        until = self.source.position()
        if not until:
            raise StoreRefused("store.nothing-to-copy", path=self.source.place)
        after, heads = self.target.standing()
        for store in (self.source, self.target):
            if damage := tuple(store.verify()):
                return Copied(0, _count(heads), unsound=store.place, findings=damage)
        self._compare_beginning(after, until)
        findings: tuple[Finding, ...] = ()
        if after < until:
            self._copy(after, until, heads, progress)
            findings = (*self.target.verify(), *self._differences(until))
        held = _count(self.target.standing()[1])
        return Copied(
            added=held - _count(heads),
            held=held,
            grown=self.source.position() > until,
            unsound=self.target.place if findings else "",
            findings=findings,
        )

    def _compare_beginning(self, after: int, until: int) -> None:
        """Raises StoreRefused where the target is not the beginning of the source."""
        places = {"path": self.target.place, "source": self.source.place}
        for difference in self._differences(min(after, until)):
            raise StoreRefused("store.copy-of-another", position=difference.position, **places)
        if after > until:
            raise StoreRefused("store.copy-is-ahead", position=after, last=until, **places)

    def _differences(self, until: int) -> Iterator[Finding]:
        """The first position at which the two are not the same, byte for byte."""
        pairs = zip_longest(_rows(self.source, 0, until), _rows(self.target, 0, until))
        for one, other in pairs:
            if one != other:
                position = min(row[0] for row in (one, other) if row is not None)
                yield Finding("ledger.not-as-copied", position=position)
                return

    def _copy(self, after: int, until: int, heads: Heads, progress: Progress) -> None:
        rows = _rows(self.source, after, until)
        while events := list(islice(rows, self.transaction)):
            moved: Heads = {}
            for row in events:
                recorded = self.source.recorded(row)
                moved[recorded.ledger] = (recorded.seq, hash_of(row[-1]))
            with explained(self.target.place), self.target.recorder.turn():
                if self.target.recorder.heads() != (after, heads):
                    raise StoreRefused("store.copy-disturbed", path=self.target.place)
                try:
                    self.keep(events, moved, heads)
                except IntegrityError as error:
                    raise StoreRefused("store.copy-disturbed", path=self.target.place) from error
            after, heads = events[-1][0], {**heads, **moved}
            progress(after, until)

    def keep(self, events: list[Row], moved: Heads, before: Heads) -> None:
        """One transaction, the heads with their rows: a kill leaves all of it or nothing."""
        self.target.recorder.receive(events, moved, before)


def _rows(store: EventStore, after: int, until: int) -> Iterator[Row]:
    with explained(store.place):
        yield from store.rows(after, until)


def _count(heads: Heads) -> int:
    return sum(seq for seq, _ in heads.values())
