"""The courses of the streams as a build keeps them: read from its rows, and written back."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from projections.engine.cells import day_of, moment, time_of
from projections.engine.course import Course, Step, begun
from projections.engine.database import Transaction
from projections.engine.layout import KEPT, KEY
from projections.engine.parking import Parked
from projections.engine.projection import Kind, Projection

# A snapshot each so many events of a stream: who asks about an early day or an early state folds
# at most as many again. What intervals cost and save: CONTRIBUTING, note 16.
SNAPSHOT_EVERY = 32
ROW = "stream, step, holds_from, version, seq, began_on, effective_until, recorded_until"
_BEHIND = msgspec.json.Decoder(list[str])
_encoder = msgspec.json.Encoder(order="deterministic")


class Folded(Struct):
    """What a batch changes in a build: rows of its tables, and where streams stopped."""

    rows: list[tuple[Any, ...]]
    ended: list[tuple[str, int]]  # streams that have fewer steps now, and how many
    snapshots: list[tuple[Any, ...]]
    years: list[tuple[int, str]]
    parked: dict[str, Parked]

    def joined(self, other: "Folded") -> "Folded":
        """With what was folded of other streams."""
        return Folded(
            self.rows + other.rows,
            self.ended + other.ended,
            self.snapshots + other.snapshots,
            self.years + other.years,
            self.parked | other.parked,
        )


class Kept:
    """The rows of one build, as courses."""

    def __init__(self, projection: Projection[Any], table: str) -> None:
        self.projection, self.table = projection, table
        self._lines = msgspec.json.Decoder(projection.line)
        self._columns = [column.of for column in projection.columns]
        self._days = [
            place for place, column in enumerate(projection.columns) if column.kind is Kind.DATE
        ]

    @cached_property
    def _put(self) -> str:
        columns = (*KEY, *(one.name for one in self.projection.columns), *(one[0] for one in KEPT))
        updated = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in KEY)
        return (
            f"INSERT INTO {self.table} ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT (stream, step) DO UPDATE SET {updated}"
        )

    def course(self, transaction: Transaction, stream: str) -> Course[Any]:
        """Where the fold of a stream stands; before its first event where it has no rows."""
        rows = transaction.select(
            f"SELECT {ROW}, behind, line FROM {self.table} WHERE stream = ? ORDER BY step",
            (stream,),
        )
        return self.read(rows) if rows else begun()

    def read(self, rows: Sequence[tuple[Any, ...]]) -> Course[Any]:
        """The course of a stream from its rows, in the order of their steps."""
        _, _, _, version, seq, began_on, effective_until, recorded_until, _, _ = rows[0]
        return Course(
            steps=[Step(day_of(row[2]), self.line(row[9]), _BEHIND.decode(row[8])) for row in rows],
            version=version,
            seq=seq,
            began_on=day_of(began_on),
            effective_until=day_of(effective_until),
            recorded_until=time_of(recorded_until),
            kept_steps=len(rows),
        )

    def line(self, cell: str | None) -> Any:
        return None if cell is None else self._lines.decode(cell)

    def behind(self, cell: str) -> list[str]:
        return _BEHIND.decode(cell)

    def write(self, transaction: Transaction, folded: Folded) -> None:
        """What a batch changes."""
        transaction.write(self._put, folded.rows)
        transaction.write(f"DELETE FROM {self.table} WHERE stream = ? AND step >= ?", folded.ended)
        transaction.write(
            f"INSERT INTO {self.table}_snapshots VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            folded.snapshots,
        )
        transaction.write(
            f"INSERT INTO {self.table}_years VALUES (?, ?) ON CONFLICT DO NOTHING", folded.years
        )

    def snapshot(self, stream: str, course: Course[Any]) -> tuple[Any, ...]:
        """The fold of all events of a stream so far, as a row."""
        step = course.steps[-1]
        return (
            stream,
            course.version,
            course.seq,
            course.effective_until.isoformat(),
            moment(course.recorded_until),
            _json(step.behind),
            None if step.line is None else _json(step.line),
        )

    def rows(self, stream: str, course: Course[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of a stream, one for each step."""
        settled_on = course.settled_on.isoformat()
        since = (
            course.version,
            course.seq,
            course.began_on.isoformat(),
            settled_on,
            course.effective_until.isoformat(),
            moment(course.recorded_until),
        )
        steps = course.steps
        for place, step in enumerate(steps):
            later = steps[place + 1].holds_from.isoformat() if place + 1 < len(steps) else None
            yield (
                stream,
                place,
                *self._cells(step.line),
                step.holds_from.isoformat() if place else settled_on,
                later,
                *since,
                _json(step.behind),
                None if step.line is None else _json(step.line),
            )

    def _cells(self, line: Any) -> list[Any]:
        """Days as text, which both databases take."""
        if line is None:
            return [None] * len(self._columns)
        cells: list[Any] = [of(line) for of in self._columns]
        for place in self._days:
            if cells[place] is not None:
                cells[place] = cells[place].isoformat()
        return cells


def _json(value: Any) -> str:
    return _encoder.encode(value).decode()
