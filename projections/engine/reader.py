"""Lines as they stood at any moment, from the rows of a build.

Rows answer for all days from the one they are settled on, and for all that was recorded when they
were written. For an earlier moment a stream is folded again, from the last snapshot that the
moment holds whole.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from msgspec import Struct

from projections.engine.cells import moment as written_moment
from projections.engine.course import Course
from projections.engine.database import Transaction
from projections.engine.kept import ROW, Kept
from projections.engine.parking import NONE, skipped_in
from projections.engine.projection import Projection
from projections.engine.source import Source
from projections.read_model import CIVIL, Moment, ReadModel, Reference, counted, reference
from schemas.message import owner_of

AT_HAND = 4_000  # courses kept decoded between two questions
TOGETHER = 500  # streams decoded from one statement
NO_LIMIT = 2**62
Found = tuple[Any, tuple[Reference, ...]]


class AtHand(Struct, frozen=True, gc=False):
    """The course of a stream, decoded, and the day from which it answers."""

    version: int
    settled_on: date
    course: Course[Any]


class Lines:
    """The lines of one build; a decoded course stays at hand while its stream has no new event."""

    def __init__(self, projection: Projection[Any], table: str, source: Source) -> None:
        self.projection, self.source = projection, source
        self.kept = Kept(projection, table)
        self._at_hand: dict[str, AtHand] = {}

    def at(
        self,
        transaction: Transaction,
        moment: Moment,
        *,
        years: Collection[int] | None = None,
        streams: Collection[str] | None = None,
    ) -> ReadModel[Any]:
        """All lines, or those to be found under these years, or of these streams."""
        found: dict[str, Found] = {}
        limits = _Limits(moment)
        earlier: dict[str, Course[Any]] = {}
        for stream, hand in self._courses(transaction, years, streams):
            if limits.hold_none_of(hand.course):
                continue
            if limits.hold_all_of(stream, hand):
                step = hand.course.at(moment.as_of)
                found[stream] = step.line, tuple(step.behind)
            else:
                earlier[stream] = hand.course
        if earlier:
            found |= self._folded_again(transaction, earlier, limits)
        known = sorted(stream for stream, (line, _) in found.items() if line is not None)
        return ReadModel(
            {stream: found[stream][0] for stream in known},
            {stream: found[stream][1] for stream in known},
        )

    def _courses(
        self,
        transaction: Transaction,
        years: Collection[int] | None,
        streams: Collection[str] | None,
    ) -> list[tuple[str, AtHand]]:
        """By stream; what has changed since it was last asked for is decoded."""
        table = self.kept.table
        which = ""
        values: Sequence[Any] = ()
        if years is not None:
            which = f"JOIN {table}_years USING (stream) WHERE year IN ({_marks(years)})"
            values = sorted(years)
        elif streams is not None:
            which, values = f"WHERE stream IN ({_marks(streams)})", list(streams)
        versions = transaction.select(f"SELECT stream, version FROM {table} {which}", values)
        at_hand = self._at_hand  # of this moment: other threads may ask about another one
        found: dict[str, AtHand] = {}
        news: list[str] = []
        for stream, version in dict(versions).items():
            known = at_hand.get(stream)
            if known is not None and known.version == version:
                found[stream] = known
            else:
                news.append(stream)
        decoded = dict(self._decoded(transaction, news))
        if len(at_hand) + len(decoded) > AT_HAND:
            self._at_hand = at_hand = {}
        at_hand.update(decoded)
        return sorted({**found, **decoded}.items())

    def _decoded(
        self, transaction: Transaction, streams: Sequence[str]
    ) -> Iterator[tuple[str, AtHand]]:
        for first in range(0, len(streams), TOGETHER):
            some = streams[first : first + TOGETHER]
            rows = transaction.select(
                f"SELECT {ROW}, behind, line FROM {self.kept.table} "
                f"WHERE stream IN ({_marks(some)}) ORDER BY stream, step",
                some,
            )
            for stream, of_stream in groupby(rows, lambda row: row[0]):
                course = self.kept.read(list(of_stream))
                yield stream, AtHand(course.version, course.settled_on, course)

    def _folded_again(
        self, transaction: Transaction, courses: Mapping[str, Course[Any]], limits: "_Limits"
    ) -> dict[str, Found]:
        """Of what the rows were made of: not what was skipped, nor what came since."""
        standing = {stream: Snapshot(0, None, []) for stream in courses}
        standing |= self._snapshots(transaction, list(courses), limits)
        skipped = skipped_in(transaction, self.projection.name)
        after = {stream: snapshot.version for stream, snapshot in standing.items()}
        for stream, events in groupby(self.source.told_of(after), lambda one: one[0]):
            snapshot, until = standing[stream], courses[stream].version
            wanted = (
                told
                for _, told in events
                if told.version <= until and told.version not in skipped.get(stream, NONE)
            )
            line, behind = snapshot.line, snapshot.behind
            for told in counted(wanted, limits.moment):
                before, line = line, self.projection.evolve(line, told)
                if line is not before and line != before:
                    behind.append(reference(told))
            standing[stream] = Snapshot(until, line, behind)
        return {stream: (one.line, tuple(one.behind)) for stream, one in standing.items()}

    def _snapshots(
        self, transaction: Transaction, streams: Sequence[str], limits: "_Limits"
    ) -> dict[str, "Snapshot"]:
        """Of each stream the last one that the moment holds whole."""
        last: dict[str, tuple[int, str | None, str]] = {}
        for first in range(0, len(streams), TOGETHER):
            some = streams[first : first + TOGETHER]
            rows = transaction.select(
                f"SELECT stream, version, seq, line, behind FROM {self.kept.table}_snapshots "
                f"WHERE stream IN ({_marks(some)}) AND effective_until <= ? "
                "AND recorded_until < ? ORDER BY stream, version",
                (*some, limits.day.isoformat(), written_moment(limits.before)),
            )
            for stream, version, seq, line, behind in rows:
                if seq <= limits.seq(stream):
                    last[stream] = version, line, behind
        return {
            stream: Snapshot(version, self.kept.line(line), self.kept.behind(behind))
            for stream, (version, line, behind) in last.items()
        }


class Snapshot(Struct, gc=False):
    """The fold of the first events of a stream."""

    version: int
    line: Any
    behind: list[Reference]


class _Limits:
    """A moment, as the rows are compared with it."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.day = moment.as_of or date.max
        self.before = _end_of(moment.known_on)
        self._heads = (
            None if moment.heads is None else {one.ledger: one.seq for one in moment.heads}
        )

    def seq(self, stream: str) -> int:
        return NO_LIMIT if self._heads is None else self._heads.get(owner_of(stream), 0)

    def hold_all_of(self, stream: str, found: AtHand) -> bool:
        """Whether the steps of a stream answer for the moment."""
        return (
            (self.moment.as_of is None or found.settled_on <= self.day)
            and (self.moment.known_on is None or found.course.recorded_until < self.before)
            and (self._heads is None or found.course.seq <= self.seq(stream))
        )

    def hold_none_of(self, course: Course[Any]) -> bool:
        """Whether the moment is before anything of a stream took effect."""
        return course.began_on > self.day


def _end_of(day: date | None) -> datetime:
    """The first moment of which a day, in Europe/Brussels, knows nothing."""
    if day is None or day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day + timedelta(days=1), time(), CIVIL).astimezone(UTC)


def _marks(values: Collection[Any]) -> str:
    return ", ".join("?" * len(values)) or "NULL"  # PostgreSQL knows no empty list
