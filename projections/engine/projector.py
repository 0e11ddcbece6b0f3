"""Brings the builds up to date: each event once, whatever stops it on the way.

Changed rows and the position they stand at are kept in one transaction. Several processes may do
this side by side: who finds that another has moved the position forgets what it folded, and goes
on from there. An event that cannot be folded parks its stream, and no other.
"""

from collections import defaultdict
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
from projections.engine.source import Checking, Source
from schemas.message import subject_of
from schemas.recorded_event import Told
from schemas.upcasting import recall

BATCH = 100_000  # positions a transaction takes in while catching up
PAGE = 10_000  # of them, how many are read at a time
CACHED = 4_000  # courses kept at hand, of each build, between two transactions
NONE: frozenset[int] = frozenset()
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
        self.parked: dict[str, Parked] = {}
        self.skipped: dict[str, frozenset[int]] = {}
        self._fresh: dict[str, Course[Any]] = {}
        self._older: dict[str, Course[Any]] = {}
        self.clear_batch()

    def clear_batch(self) -> None:
        self.changed: dict[str, Course[Any]] = {}
        self.snapshots: list[tuple[Any, ...]] = []
        self.years: set[tuple[int, str]] = set()
        self.newly_parked: dict[str, Parked] = {}

    def take_in(self, stream: str, events: Sequence[Told]) -> None:
        """The next events of a stream of this build's subject."""
        if stream in self.parked or stream in self.newly_parked:
            return
        course = self.changed.get(stream)
        if course is None:
            course = self.changed[stream] = self._course(stream, events[0].version)
        while events and stream not in self.newly_parked:
            room = SNAPSHOT_EVERY - course.version % SNAPSHOT_EVERY
            self._follow(stream, course, events[:room])
            events = events[room:]

    def _follow(self, stream: str, course: Course[Any], events: Sequence[Told]) -> None:
        """At most until the next snapshot."""
        try:
            course.follow(events, self.projection.evolve, self.skipped.get(stream, NONE))
        except Exception as error:
            # None is ahead where another process was: then nothing of this batch is kept.
            bad = next((one for one in events if one.version > course.version), events[-1])
            self.newly_parked[stream] = Parked(bad.version, bad.seq, reason_of(error))
            events = [one for one in events if one.version <= course.version]
        else:
            if course.version % SNAPSHOT_EVERY == 0:
                self.snapshots.append(self.kept.snapshot(stream, course))
        if years_of := self.projection.years:
            for told in events:
                if (years := years_of.get(type(told.data))) is not None:
                    self.years.update((year, stream) for year in years(told.data))

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
        shelf.write(transaction)
        park(transaction, shelf.build, shelf.newly_parked, now)
        self.builds.move(transaction, shelf.build, shelf.build.position, changed=True)

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
        position = rear = group[0].build.position
        again = rear < checking.position  # what was checked before need not be checked again
        if again:
            until = min(until, checking.position)
        try:
            while position < until and position - rear < self.batch:
                end = min(until, rear + self.batch)
                if again:
                    position = self._take_in_again(group, position, end)
                else:
                    position = self._take_in_checked(group, checking, end)
            kept = self.keep(group, position, None if again else checking)
        except BaseException:
            self.reload()
            raise
        if not kept:
            self.reload()

    def _take_in_again(self, group: Sequence[Shelf], after: int, until: int) -> int:
        streams: defaultdict[str, list[bytes]] = defaultdict(list)
        for _, stream, raw in self.source.stored(after, min(until, after + PAGE)):
            streams[stream].append(raw)
        of_subject = {shelf.projection.subject: shelf for shelf in group}
        for stream, raws in streams.items():
            if (shelf := of_subject.get(subject_of(stream))) is not None:
                shelf.take_in(stream, [recall(raw) for raw in raws])
        return min(until, after + PAGE)

    def _take_in_checked(self, group: Sequence[Shelf], checking: Checking, until: int) -> int:
        streams: defaultdict[str, list[Told]] = defaultdict(list)
        read = checking.more(PAGE, until)
        for _, told in read:
            streams[told.stream].append(told)
        of_subject = {shelf.projection.subject: shelf for shelf in group}
        for stream, events in streams.items():
            if (shelf := of_subject.get(subject_of(stream))) is not None:
                shelf.take_in(stream, events)
        return checking.position if len(read) == PAGE else until

    def keep(self, group: Sequence[Shelf], position: int, checked: Checking | None) -> bool:
        """Rows, what is parked, and the position they stand at: all of it, or nothing."""
        with self.database.writing() as transaction:
            if not self._still(transaction, group):
                return False
            for shelf in group:
                shelf.write(transaction)
                park(transaction, shelf.build, shelf.newly_parked, moment(self.builds.clock()))
                self.builds.move(transaction, shelf.build, position, bool(shelf.changed))
            if checked is not None:
                self.builds.check(transaction, checked.position, checked.heads)
            self.builds.take_over(transaction, position)
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
            still = self._still(transaction, [shelf])
            if still:
                self.builds.serve(transaction, shelf.build, compared)
        if still:
            shelf.build = replace(shelf.build, ready=True)
        else:
            self.reload()


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
