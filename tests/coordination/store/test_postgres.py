"""The library's public tests on our recorder, and what makes a server unfit to keep records."""

from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresDatastore, PostgresRecorder
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from coordination.store.postgres import PostgresLedgerRecorder
from coordination.store.refusal import StoreRefused
from tests.faults.clerk import opened_by
from tests.servers.postgres import PORT, USER, Server, running

Recorder = TypeVar("Recorder", bound=PostgresRecorder)


class OnAServer:
    """A schema of its own for each test."""

    server: Server

    @pytest.fixture(autouse=True)
    def _served(self, postgres: Server) -> Iterator[None]:
        schema = postgres.environ()["POSTGRES_SCHEMA"]
        self.datastore = PostgresDatastore(
            dbname="postgres",
            host=str(postgres.folder),
            port=PORT,
            user=USER,
            password="not-asked-for",
            schema=schema,
            originator_id_type="text",
            pool_size=12,
            max_overflow=20,
        )
        yield
        self.datastore.close()

    def new_originator_id(self) -> UUID | str:
        return f"mission-awex-{uuid4()}"

    def create_recorder(self) -> PostgresLedgerRecorder:
        recorder = PostgresLedgerRecorder(self.datastore, "here")
        recorder.prepare()
        return recorder


class TestAnApplicationRecorder(OnAServer, ApplicationRecorderTestCase[PostgresLedgerRecorder]):
    pass


class TestPositionsDoNotInterleave(OnAServer, NonInterleavingNotificationIDsBaseCase):
    pass


# Collected above as our tests; the library's abstract ones are none.
del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase


def event(version: int) -> StoredEvent:
    return StoredEvent("mission-awex-x", version, "mission.published", b"{}")


def test_a_head_moves_only_from_where_its_writer_saw_it(postgres: Server) -> None:
    store = opened_by(postgres.environ())
    recorder = store.recorder
    assert recorder.append([event(1)], {"awex": (1, "a")}, {}) == 1
    with pytest.raises(IntegrityError, match="the head of awex has moved"):
        recorder.append([event(2)], {"awex": (1, "b")}, {})
    with pytest.raises(IntegrityError, match="the head of awex has moved"):
        recorder.append([event(2)], {"awex": (2, "b")}, {"awex": (1, "other")})
    assert [one.originator_version for one in recorder.select_events("mission-awex-x")] == [1]
    recorder.append([event(2)], {"awex": (2, "b")}, {"awex": (1, "a")})
    assert recorder.heads()[1] == {"awex": (2, "b")}
    store.close()


def refusal(environ: dict[str, str]) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(StoreRefused) as refused:
        opened_by(environ)
    return refused.value.key, refused.value.parameters


@pytest.mark.parametrize(
    "setting, value, wanted",
    [
        ("fsync", "off", "on"),
        ("full_page_writes", "off", "on"),
        ("synchronous_commit", "off", "on"),
        ("synchronous_commit", "local", "on"),
    ],
)
def test_a_server_that_may_lose_what_it_acknowledged_is_refused_by_name(
    setting: str, value: str, wanted: str
) -> None:
    with running(**{setting: value}) as server:
        assert refusal(dict(server.environ())) == (
            "store.setting-not-kept",
            {"setting": setting, "wanted": wanted, "found": value},
        )


def test_the_functions_that_skip_events_are_refused(postgres: Server) -> None:
    assert refusal(dict(postgres.environ(POSTGRES_ENABLE_DB_FUNCTIONS="y"))) == (
        "store.setting-not-kept",
        {"setting": "POSTGRES_ENABLE_DB_FUNCTIONS", "wanted": "n", "found": "y"},
    )


def test_a_missing_variable_is_told(postgres: Server) -> None:
    environ = dict(postgres.environ())
    del environ["POSTGRES_DBNAME"]
    key, parameters = refusal(environ)
    assert key == "store.setting-missing"
    assert "POSTGRES_DBNAME" in str(parameters["reason"])


def test_tables_of_others_and_of_newer_programs_are_left_alone(postgres: Server) -> None:
    environ = dict(postgres.environ())
    opened_by(environ).close()
    schema = environ["POSTGRES_SCHEMA"]
    place = f"postgresql://{postgres.folder}:{PORT}/postgres/{schema}"
    with postgres.connection() as connection:
        connection.execute(f"INSERT INTO {schema}.coordination_format VALUES (2)")
    assert refusal(environ) == ("store.newer-format", {"path": place, "found": 2, "known": 1})
    with postgres.connection() as connection:
        connection.execute(f"DROP TABLE {schema}.coordination_format")
    assert refusal(environ) == ("store.not-ours", {"path": place})


def test_a_store_is_opened_again_as_it_was_left(postgres: Server) -> None:
    environ = postgres.environ()
    for _ in range(2):
        store = opened_by(environ)
        assert (store.position(), store.heads(), list(store.verify())) == (0, (), [])
        store.close()
