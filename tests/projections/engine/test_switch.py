"""A changed fold is built beside the one that serves, and takes its place in one transaction."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from msgspec.structs import replace

from coordination.store.answers import Asked
from projections.engine.database import Database, ReadModelsUnusable
from projections.engine.fingerprint import fingerprint
from projections.engine.read_models import ReadModels
from projections.engine.reader import Lines
from projections.read_model import Moment, fold
from projections.tables.missions import MISSIONS
from schemas.examples.mission import CONFIRMED, PUBLISHED, RESCHEDULED
from schemas.recorded_event import RecordedEvent
from schemas.vocabulary import Title
from tests.faults.clerk import commands, started
from tests.projections.engine.conftest import Place
from tests.projections.engine.folds.shouting import SHOUTING
from tests.projections.engine.folds.whispering import WHISPERING
from tests.projections.engine.rows import ORDER, rows_of
from tests.projections.engine.written import Written

MISSIONS_BEFORE, COMMANDS = 7_000, 200  # three events of a mission; so many commands a second
EARLY = date(2025, 12, 1)  # in effect whenever these tests run
WATCHED = [f"mission-awex-{number}" for number in range(0, MISSIONS_BEFORE, 500)]


def publish(place: Place, first: int, last: int) -> None:
    """Missions of three events each; every other one has no French title."""
    events: list[Any] = []
    for number in range(first, last):
        mission = f"mission-awex-{number}"
        title = Title(fr=f"Mission {number}") if number % 2 else Title(nl=f"Missie {number}")
        events += [
            replace(PUBLISHED, effective=EARLY, mission=mission, title=title),
            replace(RESCHEDULED, effective=EARLY, mission=mission),
            replace(CONFIRMED, effective=EARLY, mission=mission),
        ]
    place.history.record(events)


class Watching:
    """What somebody who looks all the time has seen until the end, and what went wrong."""

    def __init__(self, look: Callable[[], object]) -> None:
        self.seen: list[Any] = []
        self.failed: list[Exception] = []
        self._look, self._over = look, Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                self.seen.append(self._look())
                sleep(0.002)
        except Exception as error:
            self.failed.append(error)

    def end(self) -> list[Any]:
        self._over.set()
        self._thread.join()
        assert self.failed == []
        return self.seen


def as_of_its_position(place: Place, older: ReadModels) -> int:
    """Where the build of the older program stands: its lines are the fold of what was by then."""
    with older.database.reading() as transaction:
        [build] = older.builds.own(transaction)
        lines = Lines(SHOUTING, build.table, place.history.store)
        read = lines.at(transaction, Moment(), streams=WATCHED)
    events = [
        one
        for stream in WATCHED
        for position, one in place.history.store.happened(stream, 0)
        if position <= build.position and isinstance(one, RecordedEvent)
    ]
    assert read == fold(SHOUTING.evolve, events, Moment())
    return build.position


def shown(database: Database) -> tuple[int, int]:
    """By the view, in one statement: how many missions, and how many titles in capitals."""
    with database.reading() as transaction:
        [(missions, loud)] = transaction.select(
            "SELECT count(*), sum(CASE WHEN title_fr = upper(title_fr) THEN 1 ELSE 0 END) "
            "FROM missions"
        )
    return missions, loud


def test_the_older_program_is_read_and_kept_up_to_date_while_another_is_built(
    place: Place,
) -> None:
    publish(place, 0, MISSIONS_BEFORE)
    older, newer = place.opened(SHOUTING, batch=20_000), place.opened(MISSIONS, batch=500)
    older.catch_up()
    writer = started(place.history.store)
    asked = commands("later")

    def command() -> None:
        writer.ask(Asked(command=next(asked), role="coordinator", id="later")).result()
        older.catch_up_with_the_ready()
        sleep(1 / COMMANDS)

    working = Watching(command)
    positions = Watching(lambda: as_of_its_position(place, older))
    database = place.database()
    counts = Watching(lambda: shown(database))
    newer.catch_up()
    sleep(0.1)
    read, seen = positions.end(), counts.end()
    working.end()
    writer.close()
    assert read == sorted(read)
    assert len(set(read)) > 5  # it was kept up to date meanwhile
    missions = [count for count, _ in seen]
    assert missions == sorted(missions)
    assert missions[0] >= MISSIONS_BEFORE
    louds = [loud for _, loud in seen]
    switch = louds.index(0)
    assert 0 < switch < len(louds)
    assert min(louds[:switch]) >= MISSIONS_BEFORE // 2  # each answer is all of one build
    assert set(louds[switch:]) == {0}
    for program, projection in ((older, SHOUTING), (newer, MISSIONS)):
        program.catch_up()
        assert rows_of(program) == place.fresh(projection)


def small(place: Place) -> tuple[ReadModels, ReadModels]:
    """Ten missions, five of which have a French title, in the builds of two programs."""
    publish(place, 0, 10)
    programs = place.opened(SHOUTING), place.opened(MISSIONS)
    for program in programs:
        program.catch_up()
    return programs


def builds_of(read_models: ReadModels) -> list[tuple[str, bool, bool, int | None, int | None]]:
    """Whose, ready, serving, how many lines are the same as before, how many are not."""
    names = {
        key: name
        for name, one in (("loud", SHOUTING), ("plain", MISSIONS), ("soft", WHISPERING))
        for key in [fingerprint(one)]
    }
    return [
        (names[one.fingerprint], one.ready, one.serving, one.same_as_before, one.unlike_before)
        for one in read_models.all_builds()
    ]


def test_a_switch_says_how_many_lines_are_the_same_as_before_and_how_many_are_not(
    place: Place,
) -> None:
    _, newer = small(place)
    assert sorted(builds_of(newer)) == [
        ("loud", True, False, 0, 0),
        ("plain", True, True, 5, 5),
    ]


def test_lines_that_were_folded_further_are_not_compared(place: Place) -> None:
    older, _ = small(place)
    publish(place, 10, 11)
    place.history.record([replace(CONFIRMED, effective=EARLY, mission="mission-awex-0")])
    soft = place.opened(WHISPERING)
    soft.catch_up()
    assert sorted(builds_of(older))[-1] == ("soft", True, True, 4, 5)


def test_the_build_before_stays_and_those_before_that_one_go(place: Place) -> None:
    older, newer = small(place)
    tables = {build.table for build in older.all_builds()}
    place.history.now += timedelta(hours=1)
    soft = place.opened(WHISPERING)
    soft.catch_up()
    assert sorted(name for name, *_ in builds_of(newer)) == ["plain", "soft"]
    gone = tables - {build.table for build in newer.all_builds()}
    assert len(gone) == 1
    for table in gone:
        for part in ORDER:
            with (
                pytest.raises(ReadModelsUnusable),
                soft.database.reading() as transaction,
            ):
                transaction.select(f"SELECT count(*) FROM {table}{part}")


def test_a_program_whose_build_was_let_go_builds_it_again(place: Place) -> None:
    older, newer = small(place)
    place.opened(WHISPERING).catch_up()
    with older.reading([SHOUTING]) as view:
        assert len(view.lines(SHOUTING, Moment()).lines) == 10
    assert sorted(name for name, *_ in builds_of(newer)) == ["loud", "soft"]
    assert rows_of(older) == place.fresh(SHOUTING)


def test_who_goes_back_to_the_older_program_reads_at_once(place: Place) -> None:
    small(place)
    publish(place, 10, 12)
    back = place.opened(SHOUTING)
    told: list[tuple[int, int]] = []
    with back.reading([SHOUTING], lambda *progress: told.append(progress)) as view:
        assert len(view.lines(SHOUTING, Moment()).lines) == 12
    assert told == [(36, 36)]  # from where it stopped, and no further back
    assert rows_of(back) == place.fresh(SHOUTING)


def test_the_views_go_back_too_once_the_newer_program_is_gone(place: Place) -> None:
    small(place)
    place.history.now += timedelta(seconds=59)
    publish(place, 10, 11)
    back = place.opened(SHOUTING)
    back.catch_up()
    assert shown(back.database) == (10, 0)  # it may only be slow
    place.history.now += timedelta(seconds=2)
    publish(place, 11, 12)
    back.catch_up()
    assert shown(back.database) == (12, 6)
    assert sorted(builds_of(back)) == [("loud", True, True, 0, 0), ("plain", True, False, 5, 5)]
    publish(place, 12, 13)
    place.opened(MISSIONS).catch_up()
    assert shown(back.database) == (12, 6)  # the newer one catches up, and does not take over yet


def test_two_processes_that_built_side_by_side_switch_once(place: Place) -> None:
    older, newer = small(place)
    other = place.opened(MISSIONS)
    with other.database.writing() as transaction:
        [build] = other.builds.own(transaction)
        assert other.builds.serve(transaction, build, (0, 0))
    assert sorted(builds_of(newer)) == [("loud", True, False, 0, 0), ("plain", True, True, 5, 5)]
    assert rows_of(older) == place.fresh(SHOUTING)


def test_a_switch_is_one_transaction(place: Place) -> None:
    small(place)
    place.opened(MISSIONS).catch_up()
    written = Written(place.database())
    ReadModels(written, [WHISPERING], place.history.store, place.history.clock).catch_up()
    [switch] = written.switches()
    switching = [
        " ".join(sql.split()[:3])
        for sql in switch.statements
        if not sql.startswith(("INSERT", "COMMENT", "GRANT"))
    ]
    assert switching == [
        *["DROP TABLE IF"] * 3,
        *["DELETE FROM builds", "DELETE FROM parked"],
        *["UPDATE builds SET"] * 2,
        *["DROP VIEW IF"] * 2,
        *["CREATE VIEW missions", "CREATE VIEW missions_to_come"],
        "DELETE FROM documentation",
    ]
