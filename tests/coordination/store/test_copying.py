"""A store moves between SQLite and PostgreSQL in any direction, and arrives as it was."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError

from coordination.demo.player import play
from coordination.settings import Settings
from coordination.store.answers import Asked, Done
from coordination.store.copying import Copied, Copying, Progress, nothing
from coordination.store.ledger import Finding
from coordination.store.recorder import Row
from coordination.store.refusal import StoreRefused
from schemas.recorded_event import Heads
from tests.faults.clerk import commands, opened_by, started
from tests.servers.postgres import Server

Environ = Mapping[str, str]
Place = Callable[[], Environ]
WHOLE = 604  # events of the story


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Environ:
    """The year of the demonstration, in SQLite."""
    environ = {"SQLITE_DBNAME": str(tmp_path_factory.mktemp("story") / "story.sqlite")}
    numbers = count(1)
    for _ in play(Settings(), environ, lambda: f"id-{next(numbers)}", "en"):
        pass
    return environ


@pytest.fixture
def sqlite(tmp_path: Path) -> Place:
    numbers = count(1)
    return lambda: {"SQLITE_DBNAME": str(tmp_path / f"{next(numbers)}.sqlite")}


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, sqlite: Place, postgres: Server) -> Place:
    """New empty stores of one kind."""
    return sqlite if request.param == "sqlite" else postgres.environ


def copied(
    source: Environ, target: Environ, progress: Progress = nothing, transaction: int = 5_000
) -> Copied:
    with closing(opened_by(source)) as one, closing(opened_by(target)) as other:
        return Copying(one, other, transaction).run(progress)


def held(environ: Environ) -> tuple[list[Row], Heads]:
    with closing(opened_by(environ)) as store:
        assert list(store.verify()) == []
        position, heads = store.standing()
        return list(store.rows(0, position)), heads


def decide(environ: Environ, clerk: str, times: int = 1) -> list[int]:
    """The positions of new decisions."""
    with closing(opened_by(environ)) as store:
        writer = started(store)
        asked = [
            Asked(command=command, role="coordinator", id="c")
            for command, _ in zip(commands(clerk), range(times), strict=False)
        ]
        answers = [writer.ask(one).result() for one in asked]
        writer.close()
    return [answer.position for answer in answers if isinstance(answer, Done)]


def refusal(source: Environ, target: Environ) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(StoreRefused) as refused:
        copied(source, target)
    return refused.value.key, refused.value.parameters


def place_of(environ: Environ) -> str:
    with closing(opened_by(environ)) as store:
        return store.place


@pytest.mark.parametrize("kinds", ["sqlite sqlite", "sqlite pg", "pg sqlite", "pg pg"])
def test_a_copy_is_the_same_byte_for_byte_in_all_four_directions(
    story: Environ, sqlite: Place, postgres: Server, kinds: str
) -> None:
    source, target = (
        sqlite() if kind == "sqlite" else postgres.environ() for kind in kinds.split()
    )
    assert copied(story, source) == Copied(added=WHOLE, held=WHOLE)
    assert copied(source, target) == Copied(added=WHOLE, held=WHOLE)
    assert held(target) == held(source) == held(story)


def test_what_is_decided_on_a_copy_follows_its_last_position(story: Environ, place: Place) -> None:
    target = place()
    copied(story, target, transaction=100)
    assert decide(target, "after", 2) == [WHOLE + 1, WHOLE + 2]
    held(target)


def test_a_copy_keeps_the_holes_that_a_lost_transaction_left(
    place: Place, postgres: Server
) -> None:
    source, target = postgres.environ(), place()
    decide(source, "one")
    with closing(opened_by(source)) as store:
        [event] = store.recorder.select_events("mission-awex-one-0")
        with pytest.raises(IntegrityError):
            store.recorder.append([event], {}, {})
    assert decide(source, "two") == [3]
    assert copied(source, target) == Copied(added=2, held=2)
    assert [row[0] for row in held(target)[0]] == [1, 3]
    assert held(target) == held(source)
    assert decide(target, "three") == [4]


def test_a_copy_is_made_in_transactions_and_says_how_far_it_is(
    story: Environ, place: Place
) -> None:
    told: list[tuple[int, int]] = []
    target = place()
    copied(story, target, lambda *far: told.append(far), transaction=250)
    assert told == [(250, WHOLE), (500, WHOLE), (WHOLE, WHOLE)]


class Interrupted(Exception):
    pass


def test_an_interrupted_copy_is_the_beginning_of_its_source_and_goes_on(
    story: Environ, place: Place
) -> None:
    target = place()

    def interrupt(position: int, until: int) -> None:
        if position == 200:
            raise Interrupted

    with pytest.raises(Interrupted):
        copied(story, target, interrupt, transaction=100)
    assert held(target)[0] == held(story)[0][:200]
    assert copied(story, target) == Copied(added=WHOLE - 200, held=WHOLE)
    assert copied(story, target) == Copied(added=0, held=WHOLE)
    assert held(target) == held(story)


def test_a_source_that_has_grown_is_continued(place: Place) -> None:
    source, target = place(), place()
    decide(source, "one", 3)
    assert copied(source, target) == Copied(added=3, held=3)
    decide(source, "two", 4)
    assert copied(source, target) == Copied(added=4, held=7)
    assert held(target) == held(source)


def test_a_source_may_grow_during_the_copy_which_has_what_was_there_at_its_start(
    place: Place,
) -> None:
    source, target = place(), place()
    decide(source, "one", 3)
    grown = copied(source, target, lambda *_: decide(source, "two"), transaction=3)
    assert grown == Copied(added=3, held=3, grown=True)
    assert held(target)[0] == held(source)[0][:3]


def test_a_target_with_another_history_is_refused_and_left_alone(
    story: Environ, place: Place
) -> None:
    target = place()
    decide(target, "one")
    before = held(target)
    assert refusal(story, target) == (
        "store.copy-of-another",
        {"path": place_of(target), "source": story["SQLITE_DBNAME"], "position": 1},
    )
    assert held(target) == before


def test_a_copy_that_was_written_to_is_refused(place: Place) -> None:
    source, target = place(), place()
    decide(source, "one", 3)
    copied(source, target)
    decide(target, "two")
    before = held(target)
    paths = {"path": place_of(target), "source": place_of(source)}
    assert refusal(source, target) == ("store.copy-is-ahead", {**paths, "position": 4, "last": 3})
    decide(source, "three", 2)
    assert refusal(source, target) == ("store.copy-of-another", {**paths, "position": 4})
    assert held(target) == before


def test_a_file_is_not_copied_to_itself_by_another_name(story: Environ, tmp_path: Path) -> None:
    link = tmp_path / "link.sqlite"
    link.symlink_to(story["SQLITE_DBNAME"])
    other = {"SQLITE_DBNAME": str(link)}
    assert refusal(story, other) == ("store.copy-of-itself", {"path": str(link)})


def test_a_schema_is_not_copied_to_itself_by_another_name(postgres: Server) -> None:
    source = postgres.environ()
    decide(source, "one")
    other = {**source, "POSTGRES_HOST": f"{postgres.folder}/"}
    assert place_of(other) != place_of(source)
    assert refusal(source, other) == ("store.copy-of-itself", {"path": place_of(other)})


def test_an_empty_source_is_no_source(place: Place) -> None:
    source, target = place(), place()
    assert refusal(source, target) == ("store.nothing-to-copy", {"path": place_of(source)})


def test_nothing_is_copied_into_a_file_that_another_process_writes(
    story: Environ, sqlite: Place
) -> None:
    target = {**sqlite(), "SQLITE_LOCK_TIMEOUT": "0"}
    with closing(opened_by(target)) as writing:
        hold = writing.recorder.hold(1)
        key, _ = refusal(story, target)
        hold.release()
    assert key == "store.other-writer"
    assert copied(story, target).held == WHOLE


def test_a_copy_stops_where_somebody_writes_to_its_target(story: Environ, postgres: Server) -> None:
    target = postgres.environ()
    with pytest.raises(StoreRefused) as refused:
        copied(story, target, lambda *_: decide(target, "meanwhile"), transaction=100)
    assert (refused.value.key, refused.value.parameters) == (
        "store.copy-disturbed",
        {"path": place_of(target)},
    )
    assert held(target)[0][:100] == held(story)[0][:100]
    assert len(held(target)[0]) == 101


def changed(environ: Environ, statement: str) -> None:
    with closing(sqlite3.connect(environ["SQLITE_DBNAME"])) as database:
        database.execute(statement)
        database.commit()


ALTERED = "UPDATE stored_events SET topic = 'mission.cancelled' WHERE rowid = 2"


def test_an_altered_source_is_told_and_not_copied(sqlite: Place, place: Place) -> None:
    source, target = sqlite(), place()
    decide(source, "one", 3)
    changed(source, ALTERED)
    assert copied(source, target) == Copied(
        added=0,
        held=0,
        unsound=place_of(source),
        findings=(Finding("ledger.row", "awex", 2, 2),),
    )
    assert held(target) == ([], {})


def test_an_altered_beginning_of_a_copy_is_told_and_not_continued(
    story: Environ, sqlite: Place
) -> None:
    target = sqlite()
    with pytest.raises(Interrupted):
        copied(story, target, interrupted, transaction=10)
    changed(target, ALTERED)
    told = copied(story, target)
    assert (told.added, told.held, told.unsound) == (0, 10, place_of(target))
    assert [finding.what for finding in told.findings] == ["ledger.row"]


def interrupted(*_: int) -> None:
    raise Interrupted


def test_what_a_database_did_to_the_copy_is_found(story: Environ, sqlite: Place) -> None:
    """The planted fault: a database that keeps another stream than it was given."""
    target = sqlite()
    opened_by(target).close()
    changed(
        target,
        "CREATE TRIGGER spoil AFTER INSERT ON stored_events WHEN new.rowid = 300 BEGIN "
        "UPDATE stored_events SET originator_id = 'mission-awex-x' WHERE rowid = 300; END",
    )
    told = copied(story, target)
    assert (told.added, told.held, told.unsound) == (WHOLE, WHOLE, place_of(target))
    assert [(finding.what, finding.position) for finding in told.findings] == [
        ("ledger.row", 300),
        ("ledger.not-as-copied", 300),
    ]
