"""A build at work: the courses it has at hand, and what a batch of events changes in them."""

from collections.abc import Sequence
from typing import Any

from projections.engine.builds import Build
from projections.engine.course import Course, begun
from projections.engine.database import Database
from projections.engine.kept import SNAPSHOT_EVERY, Folded, Kept
from projections.engine.parking import NONE, Parked
from projections.engine.projection import Projection
from schemas.recorded_event import Told

CACHED = 4_000  # courses kept at hand, of each build, between two batches


class Shelf:
    """A build at work: its courses at hand, and what changed in this batch."""

    def __init__(self, build: Build, projection: Projection[Any], database: Database) -> None:
        self.build, self.projection, self.database = build, projection, database
        self.kept = Kept(projection, build.table)
        self.parked: dict[str, Parked] = {}
        self.skipped: dict[str, frozenset[int]] = {}
        self.compared: tuple[int, int] | None = None
        self._fresh: dict[str, Course[Any]] = {}
        self._older: dict[str, Course[Any]] = {}
        self.clear_batch()

    def clear_batch(self) -> None:
        self._changed: dict[str, Course[Any]] = {}
        self._snapshots: list[tuple[Any, ...]] = []
        self._years: set[tuple[int, str]] = set()
        self.newly_parked: dict[str, Parked] = {}

    def take_in(self, stream: str, events: Sequence[Told]) -> None:
        """The next events of a stream of this build's subject."""
        if stream in self.parked or stream in self.newly_parked:
            return
        course = self._changed.get(stream)
        if course is None:
            course = self._changed[stream] = self._course(stream, events[0].version)
        while events and stream not in self.newly_parked:
            room = SNAPSHOT_EVERY - course.version % SNAPSHOT_EVERY
            self._follow(stream, course, events[:room])
            events = events[room:]

    def _follow(self, stream: str, course: Course[Any], events: Sequence[Told]) -> None:
        """At most until the next snapshot."""
        skipped = self.skipped.get(stream, NONE)
        try:
            course.follow(events, self.projection.evolve, skipped)
        except Exception as error:
            # None is ahead where another process was: then nothing of this batch is kept.
            bad = next((one for one in events if one.version > course.version), events[-1])
            self.newly_parked[stream] = Parked(bad.version, bad.seq, reason_of(error))
            events = [one for one in events if one.version <= course.version]
        else:
            if course.version % SNAPSHOT_EVERY == 0:
                self._snapshots.append(self.kept.snapshot(stream, course))
        if years_of := self.projection.years:
            for told in events:
                if told.version in skipped:
                    continue  # nobody may be able to read it
                if (years := years_of.get(type(told.data))) is not None:
                    self._years.update((year, stream) for year in years(told.data))

    def _course(self, stream: str, version: int) -> Course[Any]:
        if version == 1:
            return begun()
        if (known := self._fresh.get(stream) or self._older.get(stream)) is not None:
            return known
        with self.database.reading() as transaction:
            return self.kept.course(transaction, stream)

    def folded(self) -> Folded:
        """What the batch changes, as rows to be written."""
        rows: list[tuple[Any, ...]] = []
        ended: list[tuple[str, int]] = []
        for stream, course in self._changed.items():
            if course.version:  # else it stopped at its very first event
                rows += self.kept.rows(stream, course)
                if len(course.steps) < course.kept_steps:
                    ended.append((stream, len(course.steps)))
                course.kept_steps = len(course.steps)
        return Folded(rows, ended, self._snapshots, sorted(self._years), self.newly_parked)

    def written(self, parked: dict[str, Parked]) -> None:
        """The batch is kept: what it changed, and parked in whatever process, is what stands."""
        if len(self._fresh) > CACHED:
            self._older, self._fresh = self._fresh, {}
        self._fresh.update(self._changed)
        self.parked |= parked
        for stream in parked:
            self._fresh.pop(stream, None)
            self._older.pop(stream, None)
        self.clear_batch()


def reason_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
