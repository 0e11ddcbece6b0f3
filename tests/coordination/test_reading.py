"""Where the read models are kept, and what is told where they cannot be."""

import os
import sqlite3
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from threading import enumerate as enumerate_threads

import pytest
from msgspec.structs import replace

from coordination.reading import KeptReadModels, Opening, beside
from coordination.service import Service
from coordination.settings import Settings
from coordination.store.answers import Done
from coordination.store.event_store import EventStore
from coordination.store.refusal import StoreRefused
from projections.read_model import Moment
from projections.tables import ALL
from projections.tables.missions import MISSIONS
from schemas.asking import AskPlan
from schemas.examples import mission
from schemas.recorded_event import AnyCommand
from tests.servers.postgres import Server

NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
PLAN = AskPlan(year=2027)
_numbers = count(1)


def node(environ: Mapping[str, str]) -> Service:
    return Service(Settings(), environ, lambda: NOW, lambda: f"id-{next(_numbers)}")


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> Mapping[str, str]:
    if request.param == "SQLite":
        return {"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}
    server: Server = request.getfixturevalue("postgres")
    return server.environ()


def publish(number: int) -> AnyCommand:
    return replace(mission.PUBLISH, mission=f"mission-awex-{number}")


def asked(service: Service, *commands: AnyCommand) -> None:
    for command in commands:
        assert isinstance(service.ask(command), Done)


def missions(service: Service) -> list[str]:
    plan = service.answer(PLAN)
    return sorted(row.line.mission for row in (*plan.missions, *plan.undated))


def test_the_file_of_the_read_models_lies_beside_that_of_the_events(tmp_path: Path) -> None:
    assert beside(tmp_path / "events.sqlite") == tmp_path / "events.read-models.sqlite"
    assert beside(tmp_path / "events") == tmp_path / "events.read-models"
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "events.sqlite")
    assert beside(tmp_path / "link.sqlite") == tmp_path / "events.read-models.sqlite"


def test_nothing_is_made_before_somebody_asks(tmp_path: Path) -> None:
    with node({"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}) as service:
        assert not (tmp_path / "events.read-models.sqlite").exists()
        assert missions(service) == []
    assert (tmp_path / "events.read-models.sqlite").exists()


def test_what_is_recorded_is_in_the_tables_once_the_service_is_closed(
    environ: Mapping[str, str],
) -> None:
    with node(environ) as service:
        service.read_models.opened.catch_up()  # built once, and followed from then on
        asked(service, *(publish(number) for number in range(30)))
    with node(environ) as service:
        tables = {one.table: one for one in service.read_models.opened.all_builds()}
        assert {one.position for one in tables.values()} == {30}
        with service.read_models.opened.database.reading() as transaction:
            assert transaction.select("SELECT count(*) FROM missions_to_come") == [(0,)]
            assert transaction.select("SELECT count(*) FROM missions") == [(30,)]


def test_whoever_got_an_answer_reads_what_the_command_changed(environ: Mapping[str, str]) -> None:
    """In every process: one asks, the other one reads, at once."""
    with node(environ) as writing, node(environ) as reading:
        for number in range(10):
            asked(writing, publish(number))
            expected = sorted(f"mission-awex-{each}" for each in range(number + 1))
            assert missions(reading) == expected
            assert missions(writing) == expected


def test_two_who_write_read_their_own_and_each_other(postgres: Server) -> None:
    environ = postgres.environ()
    with node(environ) as one, node(environ) as other:
        for number in range(10):
            asked((one, other)[number % 2], publish(number))
            found = [missions(service) for service in (one, other)]
            assert found == [sorted(f"mission-awex-{each}" for each in range(number + 1))] * 2


@pytest.fixture
def anybodys() -> Iterator[Path]:
    """A folder in which everybody may write; those of pytest are closed to others."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@contextmanager
def opened(environ: Mapping[str, str]) -> Iterator[EventStore]:
    store = EventStore(environ, lambda: NOW, lambda: f"id-{next(_numbers)}")
    try:
        yield store
    finally:
        store.close()


def as_nobody(act: Callable[[], None]) -> bool:
    """In a process without the rights of root; whether it came to its end."""
    process = os.fork()
    if process == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65_534)
                os.setuid(65_534)
            act()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(process, 0)
    return status == 0


def test_in_a_folder_that_cannot_be_written_they_are_built_in_one_that_ends_with_us(
    anybodys: Path,
) -> None:
    environ = {"SQLITE_DBNAME": str(anybodys / "events.sqlite")}
    with node(environ) as service:
        asked(service, publish(1))
    closed = anybodys / "closed"
    closed.mkdir()
    closed.chmod(0o555)

    def act() -> None:
        with opened(environ) as store:
            kept = KeptReadModels(environ, store, lambda: NOW, closed / "rows.sqlite")
            with kept.opened.reading([MISSIONS]) as view:
                assert list(view.lines(MISSIONS, Moment()).lines) == ["mission-awex-1"]
            place = Path(kept.opened.database.place)
            assert (place.name, place.exists()) == ("rows.sqlite", True)
            kept.close()
            assert not place.parent.exists()

    for file in anybodys.glob("events*"):
        file.chmod(0o666)
    assert as_nobody(act)
    assert list(closed.iterdir()) == []


def test_the_file_of_another_program_is_left_alone_and_told(tmp_path: Path) -> None:
    file = tmp_path / "events.read-models.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE addresses (name)")
    before = file.read_bytes()
    with node({"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}) as service:
        for using in (lambda: missions(service), lambda: asked(service, publish(1))):
            with pytest.raises(StoreRefused) as refused:
                using()
            assert (refused.value.key, refused.value.parameters) == (
                "store.read-models",
                {"path": str(file), "reason": f"{file} is another program's database"},
            )
        assert service.store.position() == 0
    assert file.read_bytes() == before


def test_a_command_is_answered_though_the_tables_cannot_follow(
    environ: Mapping[str, str],
) -> None:
    """Who follows says nothing; whoever asks is told; and they are right again once mended."""
    with node(environ) as service:
        assert missions(service) == []
        database = service.read_models.opened.database
        rename(service, "builds", "elsewhere")
        asked(service, publish(1), publish(2))
        with pytest.raises(StoreRefused) as refused:
            missions(service)
        assert refused.value.key == "store.read-models"
        assert "builds" in str(refused.value.parameters["reason"])
        rename(service, "elsewhere", "builds")
        assert missions(service) == ["mission-awex-1", "mission-awex-2"]
        assert database is service.read_models.opened.database


def rename(service: Service, table: str, name: str) -> None:
    with service.read_models.opened.database.writing() as transaction:
        transaction.execute(f"ALTER TABLE {table} RENAME TO {name}")


def test_another_process_opens_the_same_tables(environ: Mapping[str, str]) -> None:
    with node(environ) as service:
        asked(service, publish(1))
        assert missions(service) == ["mission-awex-1"]
        opening = Opening(dict(environ), service.read_models.opened.database.place)
        projector = opening()
        fingerprints = list(projector.builds.fingerprints.values())
        assert [one.build.position for one in projector.shelves(fingerprints)] == [
            one.position
            for name in projector.builds.fingerprints
            for one in service.read_models.opened.all_builds()
            if one.projection == name
        ]
        assert len(fingerprints) == len(ALL)
        projector.database.close()


def test_closing_twice_or_unopened_does_no_harm(environ: Mapping[str, str]) -> None:
    with opened(environ) as store:
        kept = KeptReadModels(environ, store, lambda: NOW)
        kept.close()
        assert kept.checked() == (0, {})
        kept.close()
        kept.close()


def test_threads_that_ask_first_at_once_open_one_writer_and_one_follower(tmp_path: Path) -> None:
    before = set(enumerate_threads())
    with node({"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}) as service:
        together = Barrier(16)

        def ask(number: int) -> None:
            together.wait()
            asked(service, publish(number))

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(ask, range(16)))
        opened = sorted(thread.name for thread in set(enumerate_threads()) - before)
        assert opened == ["follower", "writer"]
    assert set(enumerate_threads()) <= before


def test_a_store_restored_from_an_older_copy_is_checked_anew(tmp_path: Path) -> None:
    """The read models have seen a history that is no more: it bars nobody from deciding."""
    environ = {"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}
    with node(environ) as service:
        asked(service, publish(1))
    kept = (tmp_path / "events.sqlite").read_bytes()
    with node(environ) as service:
        asked(service, publish(2), publish(3))
        assert len(missions(service)) == 3
    (tmp_path / "events.sqlite").write_bytes(kept)
    (tmp_path / "events.sqlite.writer").unlink()  # as who restores on purpose does
    with node(environ) as service:
        asked(service, publish(4))
        assert missions(service) == ["mission-awex-1", "mission-awex-4"]
