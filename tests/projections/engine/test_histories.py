"""A thousand random histories: carried on event by event or built anew, in SQLite or PostgreSQL,
in this process or another, lines are to the byte what the pure fold makes of the events."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from projections.engine import course
from projections.engine.course import Step
from projections.engine.database import Transaction
from projections.engine.postgres import PostgresDatabase
from projections.engine.reader import Lines, Snapshot
from projections.read_model import Evolve, Line
from schemas.recorded_event import Told
from tests.projections.engine.histories import Followed, Following, digest, followed
from tests.servers.postgres import Server

HISTORIES = range(1_000)
SOME = range(60)  # what tells of each planted fault, and of another process


@pytest.fixture(scope="module")
def in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    return followed(tmp_path_factory.mktemp("sqlite"), HISTORIES)


@pytest.fixture(scope="module")
def in_postgres(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Followed:
    with on(postgres) as database, on(postgres) as fresh:
        following = Following(tmp_path_factory.mktemp("postgres"), database)
        for seed in HISTORIES:
            following.follow(seed)
        return following.end(fresh)


@contextmanager
def on(postgres: Server) -> Iterator[PostgresDatabase]:
    environ = postgres.environ()
    database = PostgresDatabase(environ["POSTGRES_SCHEMA"], environ)
    try:
        yield database
    finally:
        database.close()


def test_lines_are_what_the_pure_fold_makes_of_a_thousand_histories(in_sqlite: Followed) -> None:
    assert in_sqlite.unlike == []


def test_lines_in_postgres_are_what_the_pure_fold_makes_too(in_postgres: Followed) -> None:
    assert in_postgres.unlike == []


def test_rows_that_followed_are_the_rows_of_a_fresh_build(in_sqlite: Followed) -> None:
    assert in_sqlite.rows == in_sqlite.rebuilt
    assert all(in_sqlite.rows[f"{name}_snapshots"] for name in ("missions", "posts", "policies"))


def test_both_databases_hold_the_same_bytes(in_sqlite: Followed, in_postgres: Followed) -> None:
    assert in_postgres == in_sqlite


@pytest.mark.parametrize(
    "seed, zone", [("1", "UTC"), ("4711", "Pacific/Kiritimati"), ("0", "America/Los_Angeles")]
)
def test_another_process_elsewhere_makes_the_same_bytes(
    tmp_path: Path, seed: str, zone: str
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    module = "tests.projections.engine.histories"
    found = subprocess.run(
        [sys.executable, "-m", module, str(there), str(SOME.start), str(SOME.stop)],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == digest(here, SOME)


def ignoring_what_is_ahead(
    steps: list[Step[Line]], recorded: Told, evolve: Evolve[Line], known: object
) -> list[Step[Line]]:
    """The planted fault: what takes effect later holds at once."""
    last = steps[-1]
    return [Step(last.holds_from, evolve(last.line, recorded), last.behind)]


def dropping_early(
    steps: list[Step[Line]], recorded: Told, evolve: Evolve[Line], known: Any
) -> list[Step[Line]]:
    """The planted fault: the steps are dropped that end the day after the day that is known."""
    return CARRIED_ON(steps, recorded, evolve, known.replace(year=known.year + 1))


CARRIED_ON = course._carried_on


@pytest.mark.parametrize("fault", [ignoring_what_is_ahead, dropping_early])
def test_the_same_histories_tell_of_steps_that_are_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    monkeypatch.setattr(course, "_carried_on", fault)  # planted: a course has no other way in
    assert followed(tmp_path, SOME).unlike != []


class AnySnapshot(Lines):
    """The planted fault: the last snapshot is taken, whatever took effect or was known by then."""

    def _snapshots(
        self, transaction: Transaction, streams: Sequence[str], limits: object
    ) -> dict[str, Snapshot]:
        rows = transaction.select(
            f"SELECT stream, version, line, behind FROM {self.kept.table}_snapshots "
            "ORDER BY stream, version"
        )
        return {
            stream: Snapshot(version, self.kept.line(line), self.kept.behind(behind))
            for stream, version, line, behind in rows
            if stream in streams
        }


def test_the_same_histories_tell_of_a_snapshot_of_another_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Planted in the class: read models make their readers themselves.
    monkeypatch.setattr(Lines, "_snapshots", AnySnapshot._snapshots)
    assert followed(tmp_path, SOME).unlike != []
