"""The library `eventsourcing` as it comes: an Application with aggregates.

Its defaults are kept: no snapshots, no cache of aggregates, JSON. On SQLite it sets WAL and leaves
`synchronous` as SQLite has it, which is FULL.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import PersistenceError

from tests.benchmarks.baselines.stock_mission import Call, Mission, id_of
from tests.benchmarks.clients import Timed, side_by_side

TOGETHER = 20  # aggregates: one insert of some thousand events did not come to an end
ATTEMPTS = 50  # at a command, where the library found no connection or lock in time


class Missions(Application[UUID]):
    """`again` counts the commands that had to be tried once more."""

    again = 0

    def ask(self, call: Call) -> None:
        for _ in range(ATTEMPTS):
            try:
                self.save(call.on(self._found(call.stream)))
            except PersistenceError:
                self.again += 1
            else:
                return
        raise AssertionError(f"{call} found no connection in {ATTEMPTS} attempts")

    def _found(self, stream: str) -> Mission | None:
        try:
            return self.repository.get(id_of(stream))
        except AggregateNotFoundError:
            return None


def on_sqlite(database: Path) -> dict[str, str]:
    return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(database)}


def on_postgres(environ: Mapping[str, str]) -> dict[str, str]:
    return {**environ, "PERSISTENCE_MODULE": "eventsourcing.postgres"}


def fill(environ: Mapping[str, str], calls: Iterable[Call]) -> int:
    """What happened before, some a transaction; returns how many events that is."""
    missions: dict[str, Mission] = {}
    count = 0
    for call in calls:
        missions[call.stream] = call.on(missions.get(call.stream))
        count += 1
    with closing(Missions(environ)) as application:
        filled = list(missions.values())
        for start in range(0, len(filled), TOGETHER):
            application.save(*filled[start : start + TOGETHER])
    return count


def commands(environ: Mapping[str, str], hands: Sequence[Sequence[Call]]) -> tuple[Timed, int]:
    """Each hand is asked by a client of its own; and how often one had to try again."""
    with closing(Missions(environ)) as application:
        return side_by_side(hands, application.ask), application.again
