"""Random histories, the same for the same seed: every kind of event on a few streams, in effect
early, late or ahead, recorded within the hour or weeks later.

    python -m tests.projections.engine.histories FOLDER FIRST LAST

prints the digest of what a process of its own makes of some of them.
"""

import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from projections.engine.database import Database
from projections.engine.projection import Projection
from projections.engine.read_models import ReadModels
from projections.engine.sqlite import SQLiteDatabase
from projections.read_model import Moment, canonical, fold
from projections.tables import ALL
from schemas.cycle import Head
from schemas.examples import EVENTS
from schemas.message import stream_of, subject_of
from schemas.mission import MissionPublished, MissionRescheduled
from schemas.period import Month, Period, Quarter, Undated, WholeYear
from schemas.recorded_event import AnyEvent, RecordedEvent
from tests.projections.engine.history_store import HistoryStore
from tests.projections.engine.rows import Rows, rows_of

OF_SUBJECT: dict[str, list[AnyEvent]] = {
    one.subject: [event for event in EVENTS if subject_of(stream_of(event)) == one.subject]
    for one in ALL
}
HOURS = (0, 1, 5, 30, 200)
DAYS_OFF = (0, 0, 0, -1, -40, 3, 40, 400)


class Occurrence(Struct, frozen=True):
    """Something that happens so many hours after the last, and what the follower does then:
    nothing, catch up, or begin again as another process with batches of another size."""

    event: AnyEvent
    after: timedelta
    then: str
    batch: int


def occurrences(seed: int, began: datetime) -> Iterator[Occurrence]:
    chance = Random(seed)
    long = chance.random() < 0.05  # so that a stream gets a few snapshots
    streams = list(_streams(seed, chance, 1 if long else chance.randint(1, 4)))
    pause = chance.choice((0.05, 0.3))
    met: set[str] = set()
    now = began
    for _ in range(chance.randint(70, 130) if long else chance.randint(2, 14)):
        after = timedelta(hours=chance.choice(HOURS))
        now += after
        stream = chance.choice(streams)
        event = _event(chance, stream, now.date(), first=stream not in met)
        met.add(stream)
        then = "catch up" if chance.random() < pause else ""
        then = "begin again" if chance.random() < 0.03 else then
        yield Occurrence(event, after, then, chance.choice((1, 3, 7, 1000)))


def _streams(seed: int, chance: Random, count: int) -> Iterator[str]:
    for number in range(count):
        subject = chance.choice(list(OF_SUBJECT))
        agency = chance.choice(("hub", "awex", "fit"))
        yield f"{subject}-{agency}-{2000 + seed}" + (
            "" if subject in ("cycle", "review") else f"-{number}"
        )


def _event(chance: Random, stream: str, today: date, *, first: bool) -> AnyEvent:
    subject = subject_of(stream)
    event = OF_SUBJECT[subject][0] if first else chance.choice(OF_SUBJECT[subject])
    if isinstance(event, MissionPublished | MissionRescheduled):
        event = replace(event, period=_period(chance))
    day = today + timedelta(days=chance.choice(DAYS_OFF))
    fields: dict[str, Any] = {subject: stream, "effective": day}
    return replace(event, **fields)


def _period(chance: Random) -> Period:
    year = chance.randint(2025, 2030)
    return chance.choice((Undated(), WholeYear(year), Quarter(year, 4), Month(year, 2)))


def moment(chance: Random, now: datetime, store: HistoryStore) -> Moment:
    """As of and as known on any day, or what the ledgers held up to any heads."""
    today = now.date()
    heads = tuple(
        Head(ledger, max(0, seq - chance.randint(0, 60)))
        for ledger, (seq, _) in store.heads.items()
    )
    return Moment(
        as_of=chance.choice((None, today, today + timedelta(days=chance.randint(-300, 450)))),
        known_on=chance.choice((None, None, today - timedelta(days=chance.randint(0, 200)))),
        heads=chance.choice((None, None, heads)),
    )


class Followed(Struct):
    """What came of following histories: the digest of all answers, every row at the end, those of
    a fresh build, and the seeds whose answers were not what the pure fold says, each with where."""

    answers: str
    rows: Rows
    rebuilt: Rows
    unlike: list[tuple[int, str, Moment]]


class Following:
    """Histories one after the other in one store, followed by read models in one database."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.database = database
        self.store = HistoryStore(folder / "events.sqlite")
        self.unlike: list[tuple[int, str, Moment]] = []
        self._digest = sha256()
        self._begin(1000)

    def _begin(self, batch: int) -> None:
        self.read_models = ReadModels(
            self.database, ALL, self.store.store, self.store.clock, batch=batch
        )

    def follow(self, seed: int) -> None:
        chance = Random(f"questions {seed}")
        events: list[RecordedEvent] = []
        waiting: list[AnyEvent] = []
        for one in occurrences(seed, self.store.now):
            if waiting and one.after:
                events += self.store.record(waiting)
                waiting.clear()
            self.store.now += one.after
            waiting.append(one.event)
            if one.then == "begin again":
                self._begin(one.batch)
            elif one.then:
                events += self.store.record(waiting)
                waiting.clear()
                self.compare(seed, events, chance, moments=1)
        events += self.store.record(waiting)
        self.compare(seed, events, chance, moments=3)

    def compare(self, seed: int, events: list[RecordedEvent], chance: Random, moments: int) -> None:
        """What is read of these streams, and what the pure fold makes of their events."""
        streams = {one.stream for one in events}
        subjects = {subject_of(stream) for stream in streams}
        projections: list[Projection[Any]] = [one for one in ALL if one.subject in subjects]
        with self.read_models.reading(projections) as view:
            for _ in range(moments):
                when = moment(chance, self.store.now, self.store)
                for projection in projections:
                    read = canonical(view.lines(projection, when, streams=streams))
                    own = [one for one in events if subject_of(one.stream) == projection.subject]
                    if read != canonical(fold(projection.evolve, own, when)):
                        self.unlike.append((seed, projection.name, when))
                    self._digest.update(read)

    def end(self, fresh: Database) -> Followed:
        """Closes the store; a database is for whoever opened it to close."""
        self.read_models.catch_up()
        rebuilt = ReadModels(fresh, ALL, self.store.store, self.store.clock, batch=977)
        rebuilt.catch_up()
        try:
            return Followed(
                self._digest.hexdigest(), rows_of(self.read_models), rows_of(rebuilt), self.unlike
            )
        finally:
            self.store.close()


def followed(folder: Path, seeds: range) -> Followed:
    """In SQLite."""
    databases = [SQLiteDatabase(str(folder / name), 5) for name in ("rows.sqlite", "new.sqlite")]
    following = Following(folder, databases[0])
    try:
        for seed in seeds:
            following.follow(seed)
        return following.end(databases[1])
    finally:
        for database in databases:
            database.close()


def digest(folder: Path, seeds: range) -> str:
    found = followed(folder, seeds)
    rows = repr(sorted(found.rows.items())).encode()
    return f"{found.answers} {sha256(rows).hexdigest()}"


if __name__ == "__main__":
    folder, first, last = sys.argv[1:]
    print(digest(Path(folder), range(int(first), int(last))))
