"""Brings the builds up to date: each event once, whatever stops it on the way.

Changed rows and the position they stand at are kept in one transaction. Several processes may do
this side by side: who finds that another has moved the position forgets what it folded, and goes
on from there. An event that cannot be folded parks its stream, and no other.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from threading import Lock

from msgspec.structs import replace

from projections.engine.builds import Build, Builds
from projections.engine.database import Database, Transaction
from projections.engine.folding import Tell, Way, folded_again, folded_checking
from projections.engine.kept import Folded
from projections.engine.parking import (
    NotParked,
    Parked,
    ParkedStream,
    Skip,
    SkippedEvent,
    park,
    parked_in,
    pass_over,
    release,
    skipped_in,
)
from projections.engine.partner import Opening, Partner, PartnerLost, every, own_share
from projections.engine.shelf import Shelf
from projections.engine.source import Checking, Source

BATCH = 100_000  # positions a transaction takes in while catching up
LONG = 50_000  # positions to go that are worth a second process


Progress = Callable[[int, int], None]  # up to which position events were folded, and the end


class Projector:
    """
    `batch`: how many positions share a transaction while catching up. `opening` lets a second
    process open the same history and read models, to fold a share of a long way.
    """

    def __init__(
        self,
        database: Database,
        builds: Builds,
        source: Source,
        *,
        batch: int,
        opening: Opening | None = None,
        long: int = LONG,
    ) -> None:
        self.database, self.builds, self.source, self.batch = database, builds, source, batch
        self.opening, self.long = opening, long
        self._partner: Partner | None = None
        self._turn = Lock()
        self._shelves: dict[str, Shelf] = {}
        self._checking: Checking | None = None

    def catch_up(self, needed: Iterable[str], progress: Progress | None = None) -> int:
        """
        Take in all that has been recorded, into the builds that serve and those that are `needed`.

        `progress` is told how far the builds are, page by page. Returns the position reached.
        Raises what the source raises where the history is broken.
        """
        wanted = set(needed)
        with self._turn:
            while True:
                end = self.source.position()
                shelves = self._at_work(wanted)
                if all(one.build.position >= end and one.build.ready for one in shelves):
                    self.part()
                    return end  # none at all, where none is ready yet
                rear = min(one.build.position for one in shelves)
                group = [one for one in shelves if one.build.position == rear]
                ahead = (one.build.position for one in shelves if one.build.position > rear)
                if rear < end:
                    self._advance(group, min([end, *ahead]), _telling(progress, end))
                for shelf in group:
                    if not shelf.build.ready and shelf.build.position >= end:
                        self._serve(shelf)

    def retry(self, projection: str, stream: str, skip: Skip | None = None) -> Parked | None:
        """
        Fold a parked stream again from where it stopped, or past the event that parked it.

        Returns where it stopped again, if it did. Raises NotParked.
        """
        with self._turn:
            while True:
                self.reload()
                self._open()
                shelf = next(
                    one for one in self._shelves.values() if one.projection.name == projection
                )
                parked = shelf.parked.pop(stream, None)
                if parked is None:
                    raise NotParked(projection, stream)
                if skip is not None:
                    shelf.skipped[stream] = shelf.skipped.get(stream, frozenset()) | {
                        parked.version
                    }
                happened = self.source.happened(stream, parked.version - 1)
                until = shelf.build.position
                shelf.take_in(stream, [told for position, told in happened if position <= until])
                shelf.parked[stream] = parked
                with self.database.writing() as transaction:
                    released = self._still(transaction, [shelf])
                    if released:
                        self._release(transaction, shelf, stream, skip)
                again = shelf.newly_parked.get(stream)
                self.reload()
                if released:
                    return again

    def _release(
        self, transaction: Transaction, shelf: Shelf, stream: str, skip: Skip | None
    ) -> None:
        build, now = shelf.build, self.builds.clock()
        if skip is not None:
            skipped = SkippedEvent(
                projection=build.projection,
                stream=stream,
                version=shelf.parked[stream].version,
                reason=skip.reason,
                agency=skip.agency,
                at=now,
            )
            pass_over(transaction, skipped)
        release(transaction, build.fingerprint, stream)
        folded = shelf.folded()
        shelf.kept.write(transaction, folded)
        park(transaction, _parked_streams(build, folded, now))
        self.builds.move(transaction, build, build.position, changed=True)

    def look_again(self) -> None:
        """Somebody began the builds again, or let one go."""
        with self._turn:
            self.reload()

    def reload(self) -> None:
        """Forget what was at hand: somebody else moved on, or changed what is parked."""
        self._shelves.clear()
        self._checking = None
        self.part()

    def part(self) -> None:
        """From its partner, if it has one."""
        if self._partner is not None:
            self._partner.close()
            self._partner = None

    def shelves(self, fingerprints: Sequence[str]) -> list[Shelf]:
        """Of these builds, opened where they are not at work yet."""
        if not self._shelves:
            self._open()
        return [self._shelves[fingerprint] for fingerprint in fingerprints]

    def _at_work(self, wanted: set[str]) -> list[Shelf]:
        if not self._shelves:
            self._open()
        shelves = list(self._shelves.values())
        if all(one.build.ready for one in shelves if one.projection.name in wanted):
            return [one for one in shelves if one.build.ready]
        return shelves

    def _open(self) -> None:
        with self.database.reading() as transaction:
            position, heads = self.builds.checked(transaction)
            builds = self.builds.own(transaction)
            parked = parked_in(transaction)
            skipped = {
                one.name: skipped_in(transaction, one.name) for one in self.builds.of.values()
            }
        fits = self.source.fits(position, heads)
        if len(builds) < len(self.builds.of) or not fits:
            with self.database.writing() as transaction:
                if not fits:
                    self.builds.forget(transaction)
                self.builds.begin_missing(transaction)
            self._open()
            return
        self._checking = self.source.checking(position, heads)
        for build in builds:
            shelf = Shelf(build, self.builds.of[build.fingerprint], self.database)
            shelf.parked = parked.get(build.fingerprint, {})
            shelf.skipped = skipped[build.projection]
            self._shelves[build.fingerprint] = shelf

    def _advance(self, group: Sequence[Shelf], until: int, tell: Tell) -> None:
        """Fold the next events, and keep what changed; or forget it, where another was faster."""
        checking = self._checking
        assert checking is not None  # _open made it
        rear = group[0].build.position
        fingerprints = [shelf.build.fingerprint for shelf in group]
        if rear == 0:
            with self.database.writing() as transaction:
                self.builds.start(transaction, [shelf.build for shelf in group])
        again = rear < checking.position  # what was checked before need not be checked again
        end = min(until, checking.position) if again else until
        until = min(end, rear + self.batch)
        try:
            if again:
                folded = self._folded_again(group, Way(fingerprints, rear, until), end, tell)
            else:
                folded = folded_checking(checking, group, until, tell)
            kept = self.keep(group, folded, until, None if again else checking)
        except PartnerLost:
            self.opening, kept = None, False  # alone, then
        except BaseException:
            self.reload()
            raise
        if not kept:
            self.reload()

    def _folded_again(self, group: Sequence[Shelf], way: Way, end: int, tell: Tell) -> list[Folded]:
        """A long way is gone together with a partner, who begins the next batch while this one is
        written."""
        if self._partner is None and self.opening is not None and end - way.after >= self.long:
            self._partner = Partner(self.opening)
        fold = partial(folded_again, self.source, group, way)
        if self._partner is None:
            return fold(every, tell)
        self._partner.ask(way)
        own = fold(own_share, tell)
        others = self._partner.answer()
        if way.until < end:
            until = min(end, way.until + self.batch)
            self._partner.ask(Way(way.fingerprints, way.until, until))
        return [one.joined(other) for one, other in zip(own, others, strict=True)]

    def keep(
        self,
        group: Sequence[Shelf],
        folded: Sequence[Folded],
        position: int,
        checked: Checking | None,
    ) -> bool:
        """Rows, what is parked, and the position they stand at: all of it, or nothing."""
        with self.database.writing() as transaction:
            if not self._still(transaction, group):
                return False
            for shelf, one in zip(group, folded, strict=True):
                shelf.kept.write(transaction, one)
                park(transaction, _parked_streams(shelf.build, one, self.builds.clock()))
                self.builds.move(transaction, shelf.build, position, bool(one.rows))
            if checked is not None:
                self.builds.check(transaction, checked.position, checked.heads)
            self.builds.take_over(transaction, position)
        for shelf, one in zip(group, folded, strict=True):
            shelf.written(one.parked)
            shelf.build = replace(shelf.build, position=position)
        return True

    def _still(self, transaction: Transaction, group: Sequence[Shelf]) -> bool:
        """Whether nobody else has moved these builds, or what is parked."""
        positions = dict(transaction.select("SELECT fingerprint, position FROM builds"))
        parked = parked_in(transaction)
        return all(
            positions.get(shelf.build.fingerprint) == shelf.build.position
            and parked.get(shelf.build.fingerprint, {}) == shelf.parked
            for shelf in group
        )

    def _serve(self, shelf: Shelf) -> None:
        """The build has reached the end: compare it with the one that serves, and switch. What is
        recorded while they are compared is taken in before."""
        if shelf.compared is None:
            with self.database.reading() as transaction:
                shelf.compared = self.builds.compared(transaction, shelf.build)
            return
        with self.database.writing() as transaction:
            still = self._still(transaction, [shelf])
            serves = still and self.builds.serve(transaction, shelf.build, shelf.compared)
        if not still:
            self.reload()
        elif serves:
            shelf.build = replace(shelf.build, ready=True)


def _parked_streams(build: Build, folded: Folded, since: datetime) -> list[ParkedStream]:
    return [
        ParkedStream(
            projection=build.projection,
            fingerprint=build.fingerprint,
            stream=stream,
            version=one.version,
            seq=one.seq,
            reason=one.reason,
            since=since,
        )
        for stream, one in folded.parked.items()
    ]


def _telling(progress: Progress | None, end: int) -> Tell:
    """Tells how far it is of how far it goes, where somebody listens."""

    def tell(position: int) -> None:
        if progress is not None:
            progress(position, end)

    return tell
