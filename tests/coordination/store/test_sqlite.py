"""The library's own public tests for recorders, run on ours: in files, with our settings."""

import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, TypeVar
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent, TrackingRecorder
from eventsourcing.sqlite import SQLiteAggregateRecorder, SQLiteRecorder, SQLiteTrackingRecorder
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
from eventsourcing.utils import Environment

from coordination.store.refusal import StoreRefused
from coordination.store.sqlite import (
    LedgerProcessRecorder,
    SQLiteLedgerFactory,
    SQLiteLedgerRecorder,
    identity,
)
from coordination.store.sqlite_connections import DurableConnectionPool, DurableDatastore

Recorder = TypeVar("Recorder", bound=SQLiteRecorder)


class InAFile:
    """A datastore in a folder of its own for each test."""

    originator_id_type = "uuid"

    def setUp(self) -> None:
        self.folder = TemporaryDirectory()
        self.datastore = DurableDatastore(
            str(Path(self.folder.name) / "events.sqlite"),
            lock_timeout=30,
            originator_id_type=self.originator_id_type,
        )

    def tearDown(self) -> None:
        # The library's test leaves readers that stop soon; closing under them would crash SQLite.
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        self.datastore.close()
        self.folder.cleanup()


def created(recorder: Recorder) -> Recorder:
    recorder.create_table()
    return recorder


class WithText(InAFile):
    """As the service uses it: identifiers of streams are text."""

    originator_id_type = "text"

    def new_originator_id(self) -> UUID | str:
        return f"mission-awex-{uuid4()}"


class TestAnAggregateRecorder(InAFile, AggregateRecorderTestCase):
    """Of snapshots: without positions, in a table of their own."""

    def create_recorder(self) -> SQLiteAggregateRecorder:
        return created(SQLiteAggregateRecorder(self.datastore, "stored_snapshots"))


class TestAnApplicationRecorder(InAFile, ApplicationRecorderTestCase[SQLiteLedgerRecorder]):
    def create_recorder(self) -> SQLiteLedgerRecorder:
        return created(SQLiteLedgerRecorder(self.datastore))


class TestAnApplicationRecorderOfText(WithText, ApplicationRecorderTestCase[SQLiteLedgerRecorder]):
    def create_recorder(self) -> SQLiteLedgerRecorder:
        return created(SQLiteLedgerRecorder(self.datastore))


class TestPositionsDoNotInterleave(InAFile, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> SQLiteLedgerRecorder:
        return created(SQLiteLedgerRecorder(self.datastore))


class TestATrackingRecorder(InAFile, TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return created(SQLiteTrackingRecorder(self.datastore))


class TestAProcessRecorder(InAFile, ProcessRecorderTestCase):
    def create_recorder(self) -> LedgerProcessRecorder:
        return created(LedgerProcessRecorder(self.datastore))


class AnotherTrackingRecorder(SQLiteTrackingRecorder):
    pass


class TestAFactory(InfrastructureFactoryTestCase[SQLiteLedgerFactory]):
    def setUp(self) -> None:
        self.folder = TemporaryDirectory()
        self.env = Environment("TestCase")
        self.env["PERSISTENCE_MODULE"] = SQLiteLedgerFactory.__module__
        self.env["SQLITE_DBNAME"] = str(Path(self.folder.name) / "events.sqlite")
        super().setUp()

    def tearDown(self) -> None:
        super().tearDown()
        self.folder.cleanup()

    def expected_factory_class(self) -> type[SQLiteLedgerFactory]:
        return SQLiteLedgerFactory

    def expected_aggregate_recorder_class(self) -> type[SQLiteAggregateRecorder]:
        return SQLiteAggregateRecorder

    def expected_application_recorder_class(self) -> type[SQLiteLedgerRecorder]:
        return SQLiteLedgerRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return SQLiteTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return AnotherTrackingRecorder

    def expected_process_recorder_class(self) -> type[LedgerProcessRecorder]:
        return LedgerProcessRecorder


# Collected above as our tests; the library's abstract ones are none.
del (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)


def test_every_connection_is_durable(tmp_path: Path) -> None:
    datastore = DurableDatastore(str(tmp_path / "events.sqlite"))
    found = []
    with (
        datastore.get_connection(commit=False) as one,
        datastore.get_connection(commit=True) as two,
    ):
        for connection in (one, two):
            cursor = connection.cursor()
            for setting in ("synchronous", "journal_mode"):
                cursor.execute(f"PRAGMA {setting}")
                found.append(cursor.fetchone()[0])
    datastore.close()
    assert found == [2, "wal", 2, "wal"]


def test_a_transaction_that_was_left_open_is_taken_back_by_the_next(tmp_path: Path) -> None:
    """As whoever is interrupted between beginning and writing leaves one."""
    datastore = DurableDatastore(str(tmp_path / "events.sqlite"), originator_id_type="text")
    recorder = created(SQLiteLedgerRecorder(datastore))
    left = datastore.writing.cursor()
    left.execute("BEGIN IMMEDIATE")
    left.execute("INSERT INTO ledger_heads VALUES ('awex', 7, 'half')")
    recorder.file = identity(tmp_path / "events.sqlite")
    event = StoredEvent("mission-awex-x", 1, "mission.published", b"{}")
    assert recorder.append([event], {"awex": (1, "a")}, {}) == 1
    assert recorder.heads() == (1, {"awex": (1, "a")})
    datastore.close()


class PoolThatCannotKeepItsSettings(DurableConnectionPool):
    # SQLite knows no such mode and silently keeps another, as it does where WAL is impossible.
    settings: ClassVar = {"journal_mode": ("UNHEARD_OF", "unheard_of")}


class DatastoreThatCannotKeepItsSettings(DurableDatastore):
    pool_class = PoolThatCannotKeepItsSettings


def test_a_setting_that_does_not_read_back_is_refused_by_name(tmp_path: Path) -> None:
    datastore = DatastoreThatCannotKeepItsSettings(str(tmp_path / "events.sqlite"))
    with pytest.raises(StoreRefused) as refusal, datastore.get_connection(commit=False):
        pass
    datastore.close()
    assert (refusal.value.key, refusal.value.parameters) == (
        "store.setting-not-kept",
        {"setting": "journal_mode", "wanted": "UNHEARD_OF", "found": "delete"},
    )
