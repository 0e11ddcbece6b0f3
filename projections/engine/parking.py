"""What is parked: a stream that stopped at an event that could not be folded; and what is skipped:
an event that somebody decided to pass over."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from projections.engine.cells import cells_of, columns_of, row_of
from projections.engine.database import Transaction

NONE: frozenset[int] = frozenset()


class NotParked(Exception):
    """Nothing of this stream is parked."""


class Parked(Struct, frozen=True):
    """Where a stream stopped, and why."""

    version: int
    seq: int
    reason: str


class Skip(Struct, frozen=True):
    """Why an event is to be passed over, and who says so."""

    reason: str
    agency: str


class ParkedStream(Struct, frozen=True, kw_only=True):
    """A stream that waits at an event that could not be folded, in the build of a fingerprint."""

    projection: str
    fingerprint: str
    stream: str
    version: int
    seq: int
    reason: str
    since: datetime


class SkippedEvent(Struct, frozen=True, kw_only=True):
    """An event that somebody decided to pass over, and why."""

    projection: str
    stream: str
    version: int
    reason: str
    agency: str
    at: datetime


def parked_streams(transaction: Transaction) -> list[ParkedStream]:
    """In the builds of every program."""
    rows = transaction.select(
        f"SELECT {columns_of(ParkedStream)} FROM parked ORDER BY projection, stream"
    )
    return [row_of(ParkedStream, row) for row in rows]


def skipped_events(transaction: Transaction) -> list[SkippedEvent]:
    rows = transaction.select(
        f"SELECT {columns_of(SkippedEvent)} FROM skipped ORDER BY projection, stream, version"
    )
    return [row_of(SkippedEvent, row) for row in rows]


def parked_in(transaction: Transaction) -> dict[str, dict[str, Parked]]:
    """By fingerprint and stream."""
    found: dict[str, dict[str, Parked]] = {}
    for one in parked_streams(transaction):
        of_build = found.setdefault(one.fingerprint, {})
        of_build[one.stream] = Parked(one.version, one.seq, one.reason)
    return found


def skipped_in(transaction: Transaction, projection: str) -> dict[str, frozenset[int]]:
    """The versions that are skipped, by stream."""
    found: dict[str, frozenset[int]] = {}
    for stream, version in transaction.select(
        "SELECT stream, version FROM skipped WHERE projection = ?", (projection,)
    ):
        found[stream] = found.get(stream, NONE) | {version}
    return found


def park(transaction: Transaction, streams: Iterable[ParkedStream]) -> None:
    transaction.write(
        f"INSERT INTO parked ({columns_of(ParkedStream)}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [cells_of(one) for one in streams],
    )


def release(transaction: Transaction, fingerprint: str, stream: str) -> None:
    transaction.execute(
        "DELETE FROM parked WHERE fingerprint = ? AND stream = ?", (fingerprint, stream)
    )


def pass_over(transaction: Transaction, event: SkippedEvent) -> None:
    """For good, and for every program; two may decide it at once."""
    transaction.execute(
        f"INSERT INTO skipped ({columns_of(SkippedEvent)}) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        cells_of(event),
    )
