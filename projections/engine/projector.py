"""Brings the builds up to date: each event once, whatever stops it on the way.

Changed rows and the position they stand at are kept in one transaction. Several processes may do
this side by side: who finds that another has moved the position forgets what it folded, and goes
on from there. An event that cannot be folded parks its stream, and no other.
"""

from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from projections.engine.builds import Build, Builds, moment
from projections.engine.course import Course, begun
from projections.engine.database import Database, Transaction
from projections.engine.kept import SNAPSHOT_EVERY, Kept
from projections.engine.projection import Projection
from projections.engine.source import Checking, Happened, Heads, Source
from schemas.message import subject_of
from schemas.upcasting import Unreadable, read_or_not

BATCH = 100_000  # events a transaction takes in while catching up
CACHED = 4_000  # courses kept at hand, of each build, between two transactions
Progress = Callable[[int, int], None]  # position, end


class Parked(Struct, frozen=True):
    """Where a stream stopped, and why."""

    version: int
    seq: int
    reason: str


class Skip(Struct, frozen=True):
    """Why an event is to be passed over, and who says so."""

    reason: str
    agency: str


class NotParked(Exception):
    """Nothing of this stream is parked."""


class Shelf:
    """A build at work: its courses at hand, and what changed in this batch."""

    def __init__(self, build: Build, projection: Projection[Any], database: Database) -> None:
        self.build, self.projection, self.database = build, projection, database
        self.kept = Kept(projection, build.table)
        self._evolve, self._years = projection.evolve, projection.years
        self.parked: dict[str, Parked] = {}
        self.skipped: set[tuple[str, int]] = set()
        self._fresh: dict[str, Course[Any]] = {}
        self._older: dict[str, Course[Any]] = {}
        self.clear_batch()

    def clear_batch(self) -> None:
        self.changed: dict[str, Course[Any]] = {}
        self.snapshots: list[tuple[Any, ...]] = []
        self.years: set[tuple[int, str]] = set()
        self.newly_parked: dict[str, Parked] = {}

    def take_in(self, happened: Happened) -> None:
        """The next event of a stream of this build's subject."""
        stream, version = happened.stream, happened.version
        course = self.changed.get(stream)
        if course is None:
            if stream in self.parked:
                return
            course = self.changed[stream] = self._course(stream, version)
        if self.newly_parked and stream in self.newly_parked:
            return
        if self.skipped and (stream, version) in self.skipped:
            course.pass_over(version, happened.seq)
            return
        try:
            if isinstance(happened, Unreadable):
                raise NotRead(happened.reason)
            course.follow(happened, self._evolve)
        except Exception as error:
            self.newly_parked[stream] = Parked(version, happened.seq, reason_of(error))
            return
        if (years := self._years.get(type(happened.data))) is not None:
            self.years.update((year, stream) for year in years(happened.data))
        if version % SNAPSHOT_EVERY == 0:
            self.snapshots.append(self.kept.snapshot(stream, course))

    def _course(self, stream: str, version: int) -> Course[Any]:
        if version == 1:
            return begun()
        if (known := self._fresh.get(stream) or self._older.get(stream)) is not None:
            return known
        with self.database.reading() as transaction:
            return self.kept.course(transaction, stream)

    def write(self, transaction: Transaction) -> None:
        begun = [(stream, course) for stream, course in self.changed.items() if course.version]
        self.kept.write(transaction, begun)
        if self.snapshots:
            self.kept.write_snapshots(transaction, self.snapshots)
        if self.years:
            self.kept.write_years(transaction, self.years)

    def written(self, position: int) -> None:
        """The batch is kept: what it changed is what stands."""
        if len(self._fresh) > CACHED:
            self._older, self._fresh = self._fresh, {}
        self._fresh.update(self.changed)
        self.parked |= self.newly_parked
        for stream in self.newly_parked:
            self._fresh.pop(stream, None)
            self._older.pop(stream, None)
        self.clear_batch()


class Projector:
    """`batch`: how many events share a transaction while catching up."""

    def __init__(self, database: Database, builds: Builds, source: Source, batch: int) -> None:
        self.database, self.builds, self.source, self.batch = database, builds, source, batch
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
            self.reload()
            self._open()
            shelf = next(one for one in self._shelves.values() if one.projection.name == projection)
            parked = shelf.parked.pop(stream, None)
            if parked is None:
                raise NotParked(projection, stream)
            if skip is not None:
                shelf.skipped.add((stream, parked.version))
            for position, happened in self.source.happened(stream, parked.version - 1):
                if position <= shelf.build.position:
                    shelf.take_in(happened)
            with self.database.writing() as transaction:
                self._release(transaction, shelf, stream, parked, skip)
            again = shelf.newly_parked.get(stream)
            self.reload()
        return again

    def _release(
        self,
        transaction: Transaction,
        shelf: Shelf,
        stream: str,
        parked: Parked,
        skip: Skip | None,
    ) -> None:
        now = moment(self.builds.clock())
        if skip is not None:
            transaction.execute(
                "INSERT INTO skipped VALUES (?, ?, ?, ?, ?, ?)",
                (shelf.projection.name, stream, parked.version, skip.reason, skip.agency, now),
            )
        transaction.execute(
            "DELETE FROM parked WHERE fingerprint = ? AND stream = ?",
            (shelf.build.fingerprint, stream),
        )
        shelf.write(transaction)
        park(transaction, shelf.build, shelf.newly_parked, now)

    def reload(self) -> None:
        """Forget what was at hand: somebody else moved on, or changed what is parked."""
        self._shelves.clear()
        self._checking = None

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
        if not builds or not self.source.fits(position, heads):
            with self.database.writing() as transaction:
                self.builds.forget(transaction)
            self._open()
            return
        self._checking = self.source.checking(position, heads)
        for build in builds:
            shelf = Shelf(build, self.builds.of[build.fingerprint], self.database)
            shelf.parked = parked.get(build.fingerprint, {})
            shelf.skipped = {(row[1], row[2]) for row in skipped if row[0] == build.projection}
            self._shelves[build.fingerprint] = shelf

    def _advance(self, group: Sequence[Shelf], until: int) -> None:
        """Fold the next events, and keep what changed; or forget it, where another was faster."""
        checking = self._checking
        assert checking is not None  # _open made it
        of_subject = {shelf.projection.subject: shelf for shelf in group}
        rear = group[0].build.position
        checked: Heads | None = None
        if rear == 0:
            with self.database.writing() as transaction:
                self.builds.start(transaction, [shelf.build for shelf in group])
        try:
            if rear < checking.position:
                until = min(until, checking.position)
                position = self._take_in_stored(of_subject, rear, until)
            else:
                events = checking.more(self.batch, until)
                for _, happened in events:
                    if (shelf := of_subject.get(subject_of(happened.stream))) is not None:
                        shelf.take_in(happened)
                position, checked = checking.position, checking.heads
            kept = self.keep(group, position, checked)
        except BaseException:
            self.reload()
            raise
        if not kept:
            self.reload()

    def _take_in_stored(self, of_subject: dict[str, Shelf], after: int, until: int) -> int:
        position = after
        stored = self.source.stored(after, until)
        for taken, (position, stream, raw) in enumerate(stored, start=1):
            if (shelf := of_subject.get(subject_of(stream))) is not None:
                shelf.take_in(read_or_not(raw))
            if taken == self.batch:
                return position
        return max(position, until)

    def keep(self, group: Sequence[Shelf], position: int, checked: Heads | None) -> bool:
        """Rows, what is parked, and the position they stand at: all of it, or nothing."""
        with self.database.writing() as transaction:
            if not self._still(transaction, group):
                return False
            for shelf in group:
                shelf.write(transaction)
                park(transaction, shelf.build, shelf.newly_parked, moment(self.builds.clock()))
            self.builds.move(transaction, [shelf.build for shelf in group], position)
            if checked is not None:
                self.builds.check(transaction, position, checked)
        self.moved(group, position)
        return True

    def moved(self, group: Sequence[Shelf], position: int) -> None:
        for shelf in group:
            shelf.written(position)
            shelf.build = replace(shelf.build, position=position)

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
        """The build has reached the end: compare it with the one that serves, and switch."""
        with self.database.reading() as transaction:
            compared = self.builds.compared(transaction, shelf.build)
        with self.database.writing() as transaction:
            self.builds.serve(transaction, shelf.build, compared)
        shelf.build = replace(shelf.build, ready=True)


class NotRead(Exception):
    """An event is whole, and this program does not know what it says."""


def reason_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


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
