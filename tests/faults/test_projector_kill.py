"""kill -9 at every call by which a catching-up projector changes a disk: what is left is whole at
once, and after a restart each event is in every build exactly once."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from coordination.store.event_store import EventStore
from projections.engine.database import Transaction
from projections.engine.projection import Projection
from projections.engine.projector import Projector
from projections.engine.sqlite import SQLiteDatabase
from projections.read_model import Moment, fold
from projections.tables import ALL
from schemas.message import subject_of
from tests.faults.projecting import CALLS, LIMIT, PositionApart, caught_up
from tests.projections.engine.histories import occurrences
from tests.projections.engine.history_store import HistoryStore
from tests.projections.engine.rows import ORDER, Rows, selected

EVENTS = 150
PROJECTIONS: Sequence[Projection[Any]] = ALL


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HistoryStore]:
    store = HistoryStore(tmp_path_factory.mktemp("store") / "events.sqlite")
    happened = (one for seed in range(EVENTS) for one in occurrences(seed, store.now))
    for one in islice(happened, EVENTS):
        store.now += one.after
        store.record([one.event])
    yield store
    store.close()


class State(Struct, frozen=True):
    """All that is kept: of each build how far it is and its rows, and how far the chain was
    checked. Nothing at all before the tables are made."""

    rows: Rows
    positions: dict[str, int]
    checked: list[tuple[object, ...]]
    parked: list[tuple[object, ...]]
    views: dict[str, int]


NOTHING = State({}, {}, [], [], {})


@contextmanager
def reading(file: Path) -> Iterator[Transaction]:
    database = SQLiteDatabase(str(file), 5)
    try:
        with database.reading() as transaction:
            yield transaction
    finally:
        database.close()


def state(file: Path) -> State:
    """As any reader finds it."""
    with reading(file) as transaction:
        if not transaction.select("SELECT 1 FROM sqlite_schema WHERE name = 'builds'"):
            return NOTHING
        builds = transaction.select("SELECT projection, fingerprint, position FROM builds")
        views = transaction.select("SELECT name FROM sqlite_schema WHERE type = 'view'")
        return State(
            {
                f"{name}{part}": selected(transaction, f"SELECT * FROM {name}_{key}{part}")
                for name, key, _ in builds
                for part in ORDER
            },
            {name: position for name, _, position in builds},
            selected(transaction, "SELECT position, heads FROM checked"),
            selected(transaction, "SELECT * FROM parked"),
            {name: transaction.select(f"SELECT count(*) FROM {name}")[0][0] for (name,) in views},
        )


class UpTo:
    """A history that ends at a position."""

    def __init__(self, store: EventStore, end: int) -> None:
        self._end = end
        self.checking, self.fits = store.checking, store.fits
        self.stored, self.happened = store.stored, store.happened
        self.told_of = store.told_of

    def position(self) -> int:
        return self._end


class Expected:
    """What a fresh build makes of the events up to a position, which is what the fold makes."""

    def __init__(self, history: HistoryStore, folder: Path) -> None:
        self._history, self._folder = history, folder
        self._known: dict[int, State] = {}

    def at(self, position: int) -> State:
        if position not in self._known:
            file = self._folder / f"fresh-{position}.sqlite"
            read_models = caught_up(UpTo(self._history.store, position), file)
            events = self._history.events[:position]
            with read_models.reading(ALL) as view:
                for one in PROJECTIONS:
                    own = [event for event in events if subject_of(event.stream) == one.subject]
                    assert view.lines(one, Moment()) == fold(one.evolve, own, Moment())
            read_models.close()
            self._known[position] = state(file)
        return self._known[position]

    def is_whole(self, found: State) -> bool:
        """Every build is what the events up to its position make, and nothing else is there."""
        rows = {
            name: self.at(found.positions[name.partition("_")[0]]).rows[name] for name in found.rows
        }
        last = self.at(max(found.positions.values(), default=0))
        views = self.at(EVENTS).views
        return (found.rows, found.checked, found.parked) == (rows, last.checked, []) and all(
            found.views[name] == views[name] for name in found.views
        )


class Damage(Struct, frozen=True):
    """`torn`: after which kills a reader found half a batch. `wrong`: after which a restart did
    not lead to the rows of a fresh build."""

    killed: int
    torn: list[int]
    wrong: list[int]


def damage(
    history: HistoryStore, folder: Path, call: str, among: range, kind: type[Projector] = Projector
) -> Damage:
    """Kills at each of these calls, and looks at what is left, before a restart and after."""
    expected = Expected(history, folder)
    killed, torn, wrong = 0, list[int](), list[int]()
    program = ("-m", "tests.faults.projecting", call, history.store.place, str(folder))
    for number in kills(call, *program, kind.__name__, str(among.start), str(among.stop)):
        killed += 1
        file = folder / f"{number}.sqlite"
        if not expected.is_whole(state(file)):
            torn.append(number)
        caught_up(history.store, file).close()
        if state(file) != expected.at(EVENTS):
            wrong.append(number)
    return Damage(killed, torn, wrong)


def kills(call: str, *program: str) -> Iterator[int]:
    inject = ("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={LIMIT}")
    with subprocess.Popen(
        ["strace", "-f", "-qqq", *inject, "-o", "/dev/null", sys.executable, *program],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield from (int(line) for line in process.stdout)
    assert process.returncode == 0


@pytest.mark.parametrize("call", CALLS)
def test_a_kill_at_any_call_leaves_whole_rows_and_a_restart_finishes(
    history: HistoryStore, tmp_path: Path, call: str
) -> None:
    found = damage(history, tmp_path, call, among=range(1, LIMIT - 1))
    assert found == Damage(found.killed, [], [])
    assert AT_LEAST.get(call, 0) <= found.killed < LIMIT - 1  # one got through


AT_LEAST = {"pwrite64": 150, "fdatasync": 5, "unlink": 1}
BATCHES = range(100, 150)  # the calls among which the first of them is kept


def test_the_same_kills_show_a_projector_that_keeps_the_position_apart(
    history: HistoryStore, tmp_path: Path
) -> None:
    found = damage(history, tmp_path, "pwrite64", BATCHES, PositionApart)
    assert found.torn != []
    assert found.wrong != []
