"""Brings the builds up to date: each event once, whatever stops it on the way.

Changed rows and the position they stand at are kept in one transaction. Several processes may do
this side by side: who finds that another has moved the position forgets what it folded, and goes
on from there. An event that cannot be folded parks its stream, and no other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from projections.engine.builds import Build, Builds, moment
from projections.engine.database import Database, Transaction
from projections.engine.kept import Folded, Parked
from projections.engine.partner import Opening, Partner, PartnerLost, Share, Way, every, own_share
from projections.engine.shelf import NONE, Shelf
from projections.engine.source import Checking, Source
from schemas.message import subject_of
from schemas.recorded_event import Told
from schemas.upcasting import recall

BATCH = 100_000  # positions a transaction takes in while catching up
PAGE = 10_000  # of them, how many are read at a time
LONG = 50_000  # positions to go that are worth a second process
Progress = Callable[[int, int], None]  # position, end


class Skip(Struct, frozen=True):
    """Why an event is to be passed over, and who says so."""

    reason: str
    agency: str


class NotParked(Exception):
    """Nothing of this stream is parked."""


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

        Returns the position reached. Raises what the source raises where the history is broken.
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
                    self._advance(group, min([end, *ahead]))
                for shelf in group:
                    if not shelf.build.ready and shelf.build.position >= end:
                        self._serve(shelf)
                if progress is not None:
                    progress(min(one.build.position for one in shelves), end)

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
                    shelf.skipped[stream] = shelf.skipped.get(stream, NONE) | {parked.version}
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
        self,
        transaction: Transaction,
        shelf: Shelf,
        stream: str,
        skip: Skip | None,
    ) -> None:
        now = moment(self.builds.clock())
        if skip is not None:
            transaction.execute(
                "INSERT INTO skipped VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (
                    shelf.projection.name,
                    stream,
                    shelf.parked[stream].version,
                    skip.reason,
                    skip.agency,
                    now,
                ),
            )
        transaction.execute(
            "DELETE FROM parked WHERE fingerprint = ? AND stream = ?",
            (shelf.build.fingerprint, stream),
        )
        folded = shelf.folded()
        shelf.kept.write(transaction, folded)
        park(transaction, shelf.build, folded.parked, now)
        self.builds.move(transaction, shelf.build, shelf.build.position, changed=True)

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
            parked = parked_rows(transaction)
            skipped = transaction.select("SELECT projection, stream, version FROM skipped")
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
            for _, stream, version in (row for row in skipped if row[0] == build.projection):
                shelf.skipped[stream] = shelf.skipped.get(stream, NONE) | {version}
            self._shelves[build.fingerprint] = shelf

    def _advance(self, group: Sequence[Shelf], until: int) -> None:
        """Fold the next events, and keep what changed; or forget it, where another was faster."""
        checking = self._checking
        assert checking is not None  # _open made it
        rear = group[0].build.position
        if rear == 0:
            with self.database.writing() as transaction:
                self.builds.start(transaction, [shelf.build for shelf in group])
        again = rear < checking.position  # what was checked before need not be checked again
        end = min(until, checking.position) if again else until
        until = min(end, rear + self.batch)
        try:
            if again:
                folded = self._folded_again(group, rear, until, end)
            else:
                folded = self._folded_checking(group, checking, until)
            kept = self.keep(group, folded, until, None if again else checking)
        except PartnerLost:
            self.opening, kept = None, False  # alone, then
        except BaseException:
            self.reload()
            raise
        if not kept:
            self.reload()

    def _folded_again(
        self, group: Sequence[Shelf], after: int, until: int, end: int
    ) -> list[Folded]:
        """A long way is gone together with a partner, who begins the next batch while this one is
        written."""
        fingerprints = [shelf.build.fingerprint for shelf in group]
        if self._partner is None and self.opening is not None and end - after >= self.long:
            self._partner = Partner(self.opening)
        if self._partner is None:
            return self.fold(group, after, until, every)
        self._partner.ask(Way(fingerprints, after, until))
        own = self.fold(group, after, until, own_share)
        others = self._partner.answer()
        if until < end:
            self._partner.ask(Way(fingerprints, until, min(end, until + self.batch)))
        return [one.joined(other) for one, other in zip(own, others, strict=True)]

    def fold(self, group: Sequence[Shelf], after: int, until: int, share: Share) -> list[Folded]:
        """What a share of the streams changes in each build, from events checked before."""
        of_subject = {shelf.projection.subject: shelf for shelf in group}
        while after < until:
            page_end = min(until, after + PAGE)
            streams: defaultdict[str, list[bytes]] = defaultdict(list)
            for _, stream, raw in self.source.stored(after, page_end):
                streams[stream].append(raw)
            for stream, raws in streams.items():
                shelf = of_subject.get(subject_of(stream))
                if shelf is not None and share(stream):
                    shelf.take_in(stream, [recall(raw) for raw in raws])
            after = page_end
        return [shelf.folded() for shelf in group]

    def _folded_checking(
        self, group: Sequence[Shelf], checking: Checking, until: int
    ) -> list[Folded]:
        of_subject = {shelf.projection.subject: shelf for shelf in group}
        going_on = True
        while going_on:
            page = checking.more(PAGE, until)
            streams: defaultdict[str, list[Told]] = defaultdict(list)
            for _, told in page:
                streams[told.stream].append(told)
            for stream, events in streams.items():
                if (shelf := of_subject.get(subject_of(stream))) is not None:
                    shelf.take_in(stream, events)
            going_on = len(page) == PAGE
        return [shelf.folded() for shelf in group]

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
                park(transaction, shelf.build, one.parked, moment(self.builds.clock()))
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
        parked = parked_rows(transaction)
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


def parked_rows(transaction: Transaction) -> dict[str, dict[str, Parked]]:
    """What is parked, by fingerprint and stream."""
    found: dict[str, dict[str, Parked]] = {}
    for fingerprint, stream, version, seq, reason in transaction.select(
        "SELECT fingerprint, stream, version, seq, reason FROM parked"
    ):
        found.setdefault(fingerprint, {})[stream] = Parked(version, seq, reason)
    return found


def park(transaction: Transaction, build: Build, parked: dict[str, Parked], since: str) -> None:
    transaction.write(
        "INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (build.projection, build.fingerprint, stream, one.version, one.seq, one.reason, since)
            for stream, one in parked.items()
        ],
    )
