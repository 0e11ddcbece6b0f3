"""What is refused at the door leaves everything as it was; reading may stop and go on."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from coordination.store.answers import Asked, Done
from coordination.store.event_store import EventStore
from coordination.store.refusal import StoreRefused
from tests.faults.clerk import commands, opened, started


def refusal(**environ: str) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(StoreRefused) as refused:
        EventStore(environ, lambda: datetime.now(UTC), lambda: "none")
    return refused.value.key, refused.value.parameters


def test_the_database_of_another_program_keeps_every_byte(tmp_path: Path) -> None:
    """Its journal mode too, which the settings of a store would change for ever."""
    path = tmp_path / "theirs.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()
    before = path.read_bytes()
    assert refusal(SQLITE_DBNAME=str(path)) == ("store.not-ours", {"path": str(path)})
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["theirs.sqlite"]


@pytest.mark.parametrize("options", ["", "?nolock=1", "?immutable=1"])
def test_a_name_with_options_that_could_undo_what_keeps_events_safe_is_refused(
    tmp_path: Path, options: str
) -> None:
    name = f"file:{tmp_path}/events.sqlite{options}"
    assert refusal(SQLITE_DBNAME=name) == ("store.cannot-open", {"path": name})
    assert list(tmp_path.iterdir()) == []


MAKING = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size=1")
connection.execute("BEGIN")
connection.execute("CREATE TABLE stored_events (state BLOB)")
connection.execute("INSERT INTO stored_events VALUES (zeroblob(100000))")
os._exit(0)
"""


def test_a_store_is_made_where_its_making_was_killed(tmp_path: Path) -> None:
    """SQLite cannot undo what was begun for somebody who only looks."""
    path = tmp_path / "events.sqlite"
    subprocess.run([sys.executable, "-c", MAKING, path], check=True)
    assert path.with_name("events.sqlite-journal").stat().st_size > 0
    store = opened(str(path))
    assert (store.position(), list(store.verify())) == (0, [])
    store.close()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert refusal(SQLITE_DBNAME=str(tmp_path)) == ("store.cannot-open", {"path": str(tmp_path)})


def asked_of(path: Path, count: int) -> EventStore:
    store = opened(str(path))
    writer = started(store)
    for command in islice(commands("one"), count):
        writer.ask(Asked(command=command, role="coordinator", id="c")).result()
    writer.close()
    return store


def test_who_has_checked_a_part_goes_on_from_there(tmp_path: Path) -> None:
    store = asked_of(tmp_path / "events.sqlite", 5)
    reading = store.checking()
    first = reading.more(2)
    rest = store.checking(reading.position, reading.heads).more()
    assert [event.seq for _, event in (*first, *rest)] == [1, 2, 3, 4, 5]
    store.close()


def test_what_is_asked_cannot_be_taken_back(tmp_path: Path) -> None:
    store = opened(str(tmp_path / "events.sqlite"))
    writer = started(store)
    future = writer.ask(Asked(command=next(commands("one")), role="coordinator", id="c"))
    assert future.cancel() is False
    assert isinstance(future.result(), Done)
    writer.close()
    store.close()
