"""kill -9 while a store is copied: the copy is the beginning of its source, and is finished by the
next."""

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from msgspec import Struct

from coordination.store.answers import Asked
from coordination.store.copying import Copied, Copying
from coordination.store.ledger import Finding
from coordination.store.recorder import Row
from coordination.store.refusal import StoreRefused
from schemas.recorded_event import Heads
from tests.faults.clerk import commands, opened_by, started
from tests.faults.killing import killed_after
from tests.servers.postgres import Server

Environ = Mapping[str, str]
EVENTS = 600
TRANSACTION = 10
KILLS = 60
LONGEST = 0.2  # seconds that a copy is left alone


class Damage(Struct, frozen=True):
    """What a series of kills did; `amid` tells how many left a copy that was half done."""

    amid: int
    findings: tuple[Finding, ...]
    different: int
    refused: int


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Environ:
    environ = {"SQLITE_DBNAME": str(tmp_path_factory.mktemp("source") / "source.sqlite")}
    with closing(opened_by(environ)) as store:
        writer = started(store)
        asked = [
            Asked(command=command, role="coordinator", id=f"c-{number}")
            for number, command in zip(range(EVENTS), commands("one"), strict=False)
        ]
        writer.ask_together(asked, keep=True)
        writer.close()
    return environ


def killed(
    source: Environ, targets: Iterator[Environ], kills: int, kind: type[Copying] = Copying
) -> Damage:
    """Kills a copying process again and again; each copy is killed until it is whole."""
    moments = random.Random(907)
    amid = different = refused = 0
    findings: list[Finding] = []
    before: list[Row] = []
    whole = rows_of(source)
    target = next(targets)
    for _ in range(kills):
        killed_after(moments.uniform(0, LONGEST), partial(copy, source, target, kind))
        with closing(opened_by(target)) as store:
            findings += store.verify()
            position, _ = store.recorder.heads()
            rows = list(store.rows(0, position))
        amid += len(before) < len(rows) < EVENTS
        different += rows != whole[: len(rows)]
        before = rows
        if findings or len(rows) == EVENTS:
            target, before = next(targets), []
    try:
        finished = copy(source, target)
    except StoreRefused:
        refused += 1
    else:
        different += (finished.held, rows_of(target)) != (EVENTS, whole)
    return Damage(amid, tuple(findings), different, refused)


def rows_of(environ: Environ) -> list[Row]:
    with closing(opened_by(environ)) as store:
        return list(store.rows(0, store.position()))


def copy(source: Environ, target: Environ, kind: type[Copying] = Copying) -> Copied:
    with closing(opened_by(source)) as one, closing(opened_by(target)) as other:
        return kind(one, other, TRANSACTION).run()


def files(folder: Path) -> Iterator[Environ]:
    return ({"SQLITE_DBNAME": str(folder / f"{number}.sqlite")} for number in count())


def schemas(postgres: Server) -> Iterator[Environ]:
    return (postgres.environ() for _ in count())


@pytest.fixture(params=["sqlite", "postgres"])
def targets(request: pytest.FixtureRequest, tmp_path: Path, postgres: Server) -> Iterator[Environ]:
    return files(tmp_path) if request.param == "sqlite" else schemas(postgres)


def test_a_copy_that_died_is_sound_and_finished_by_the_next(
    source: Environ, targets: Iterator[Environ]
) -> None:
    damage = killed(source, targets, KILLS)
    assert damage == Damage(damage.amid, (), 0, 0)
    assert damage.amid > KILLS // 10


class MovesTheHeadsFirst(Copying):
    """The planted fault: the heads stand at the end of rows that are still to come."""

    def keep(self, events: list[Row], moved: Heads, before: Heads) -> None:
        self.target.recorder.receive(events[:1], moved, before)
        time.sleep(0.002)
        self.target.recorder.receive(events[1:], {}, {})


def test_the_same_kills_show_a_copy_that_moves_the_heads_before_the_rows(
    source: Environ, targets: Iterator[Environ]
) -> None:
    damage = killed(source, targets, KILLS, MovesTheHeadsFirst)
    assert {finding.what for finding in damage.findings} == {"ledger.head"}
