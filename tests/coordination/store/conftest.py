"""A store of either database, and a writer on it: the same rules of writing hold on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coordination.store.event_store import EventStore
from coordination.store.writer import Writer
from tests.faults.clerk import opened, opened_by, started


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventStore]:
    if request.param == "sqlite":
        store = opened(str(tmp_path / "events.sqlite"))
    else:
        store = opened_by(request.getfixturevalue("postgres").environ())
    yield store
    store.close()


@pytest.fixture
def writer(store: EventStore) -> Iterator[Writer]:
    writer = started(store)
    yield writer
    writer.close()
