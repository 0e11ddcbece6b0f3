import shutil
import sqlite3
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import msgspec
import pytest

from coordination.store.answers import Asked
from coordination.store.event_store import EventStore
from coordination.store.ledger import Finding
from coordination.store.refusal import StoreRefused
from schemas.cycle import CycleOpened, Head, OpenCycle
from schemas.recorded_event import BEFORE_THE_FIRST, Heads, hash_of
from tests.faults.clerk import DAY, commands, started

AT = datetime(2026, 9, 24, 8, tzinfo=UTC)
ASKED = Asked(
    command=OpenCycle(by="hub", effective=DAY, cycle="cycle-hub-2026"),
    role="coordinator",
    id="command-1",
)


def opened(path: Path, **environ: str) -> EventStore:
    numbers = count(1)
    return EventStore(
        {"SQLITE_DBNAME": str(path), **environ}, lambda: AT, lambda: f"event-{next(numbers)}"
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A store with ten events, closed."""
    path = tmp_path / "events.sqlite"
    store = opened(path)
    writer = started(store)
    asked = [
        Asked(command=command, role="coordinator", id=f"command-{number}")
        for number, command in zip(range(10), commands("one"), strict=False)
    ]
    writer.ask_together(asked, keep=True)
    writer.close()
    store.close()
    return path


def refusal(path: Path, **environ: str) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(StoreRefused) as refused:
        opened(path, **environ)
    return refused.value.key, refused.value.parameters


def test_an_event_is_kept_as_the_bytes_that_go_on_the_wire(tmp_path: Path) -> None:
    store = opened(tmp_path / "events.sqlite")
    heads: Heads = {}
    event = CycleOpened(effective=DAY, cycle="cycle-hub-2026")
    recorded, stored = store.record(ASKED, event, 1, heads)
    store.recorder.append([stored], heads, {})
    [(position, *_, raw)] = store.rows(0, 1)
    assert (position, raw) == (1, stored.state)
    assert stored.state == (
        b'{"specversion":"1.0","id":"event-1","source":"urn:coordination:hub",'
        b'"type":"cycle.opened","subject":"cycle-hub-2026","time":"2026-09-24T08:00:00Z",'
        b'"datacontenttype":"application/json","version":1,"ledger":"hub","seq":1,"previous":"'
        + BEFORE_THE_FIRST.encode()
        + b'","agency":"hub","role":"coordinator","correlation":"command-1",'
        b'"causation":"command-1","dataversion":1,'
        b'"data":{"event":"cycle.opened","effective":"2026-09-24","cycle":"cycle-hub-2026"}}'
    )
    assert list(store.of("cycle-hub-2026")) == [recorded]
    assert heads == {"hub": (1, hash_of(stored.state))}
    store.close()


def test_each_event_carries_the_hash_of_the_one_before(written: Path) -> None:
    store = opened(written)
    rows = [raw for *_, raw in store.rows(0, store.position())]
    events = list(store.events())
    assert [one.previous for one in events] == [BEFORE_THE_FIRST, *map(hash_of, rows[:-1])]
    assert [one.seq for one in events] == list(range(1, 11))
    assert store.heads() == (Head("awex", 10),)
    store.close()


def test_reading_goes_on_where_it_stopped(written: Path) -> None:
    store = opened(written)
    reading = store.checking()
    assert len(reading.more()) == 10
    assert reading.more() == []
    writer = started(store)
    writer.ask_together([ASKED], keep=True)
    writer.close()
    assert [one.type for _, one in reading.more()] == ["cycle.opened"]
    store.close()


def test_a_sound_store_has_no_findings(written: Path) -> None:
    store = opened(written)
    assert list(store.verify()) == []
    store.close()


def tampered(path: Path, statement: str) -> EventStore:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    return opened(path)


def rewritten(position: int, before: str, after: str) -> str:
    replaced = f"CAST(replace(state, '{before}', '{after}') AS BLOB)"
    return f"UPDATE stored_events SET state = {replaced} WHERE rowid = {position}"


@pytest.mark.parametrize(
    "statement, findings",
    [
        (
            rewritten(5, "Mission 2", "Mission 9"),
            [Finding("ledger.hash", "awex", 6, 6)],
        ),
        (
            rewritten(10, "elections", "vacation"),
            [Finding("ledger.head", "awex", 10)],
        ),
        (
            "DELETE FROM stored_events WHERE rowid = 5",
            [
                Finding("ledger.seq", "awex", 6, 6),
                Finding("ledger.hash", "awex", 6, 6),
                Finding("ledger.version", "awex", 6, 6),
            ],
        ),
        ("DELETE FROM ledger_heads", [Finding("ledger.head", "awex", 10)]),
        (
            "UPDATE stored_events SET topic = 'mission.cancelled' WHERE rowid = 3",
            [Finding("ledger.row", "awex", 3, 3)],
        ),
    ],
)
def test_verify_says_which_agency_which_seq_and_what(
    written: Path, statement: str, findings: list[Finding]
) -> None:
    store = tampered(written, statement)
    assert list(store.verify()) == findings
    with pytest.raises(StoreRefused) as refused:
        list(store.events())
    first = findings[0]
    assert (refused.value.key, refused.value.parameters) == (
        "store.broken",
        {"what": first.what, "ledger": first.ledger, "seq": first.seq},
    )
    store.close()


def test_verify_says_where_bytes_are_no_event(written: Path) -> None:
    store = tampered(written, "UPDATE stored_events SET state = 'gone' WHERE rowid = 10")
    assert [(one.what, one.position) for one in store.verify()] == [
        ("ledger.unreadable", 10),
        ("ledger.head", 0),
    ]
    store.close()


def test_an_event_of_another_owner_in_a_ledger_is_found(written: Path) -> None:
    store = opened(written)
    [(*_, last)] = store.rows(9, 10)
    raw = msgspec.json.decode(last)
    raw["subject"] = raw["data"]["mission"] = "mission-fit-one-4"
    forged = msgspec.json.encode(raw).decode()
    store.close()
    connection = sqlite3.connect(written)
    connection.execute("UPDATE stored_events SET state = ? WHERE rowid = 10", (forged.encode(),))
    connection.commit()
    connection.close()
    store = opened(written)
    assert [one.what for one in store.verify()] == [
        "ledger.owner",
        "ledger.version",
        "ledger.row",
        "ledger.head",
    ]
    store.close()


def test_memory_is_no_place_for_what_is_kept_for_ever(tmp_path: Path) -> None:
    assert refusal(Path(":memory:")) == ("store.in-memory", {"path": ":memory:"})


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    path.write_bytes(b"title;start_date\n" * 1000)
    assert refusal(path) == ("store.not-a-database", {"path": str(path)})


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.commit()
    connection.close()
    assert refusal(path) == ("store.not-ours", {"path": str(path)})
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
    connection.close()


def test_a_database_of_a_newer_version_is_refused(written: Path) -> None:
    connection = sqlite3.connect(written)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    assert refusal(written) == (
        "store.newer-format",
        {"path": str(written), "found": 2, "known": 1},
    )


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "events.sqlite"
    assert refusal(path) == ("store.cannot-open", {"path": str(path)})


@pytest.mark.parametrize("module", ["eventsourcing.popo", "nowhere.at.all", "json", ".."])
def test_another_kind_of_store_is_refused_with_what_is_allowed(tmp_path: Path, module: str) -> None:
    assert refusal(tmp_path / "events.sqlite", PERSISTENCE_MODULE=module) == (
        "store.unknown-module",
        {"given": module, "allowed": "coordination.store.sqlite, coordination.store.postgres"},
    )


def test_the_name_the_librarys_users_know_means_our_recorder(tmp_path: Path) -> None:
    store = opened(tmp_path / "events.sqlite", PERSISTENCE_MODULE="eventsourcing.sqlite")
    assert type(store.recorder).__module__ == "coordination.store.sqlite"
    store.close()


def test_a_copied_store_is_the_same_store(written: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    shutil.copy(written, copy)
    one, other = opened(written), opened(copy)
    assert list(one.rows(0, 10)) == list(other.rows(0, 10))
    one.close()
    other.close()


def test_nothing_is_decided_on_a_history_that_was_altered(written: Path) -> None:
    store = tampered(written, rewritten(5, "Mission 2", "Mission 9"))
    with pytest.raises(StoreRefused) as refused:
        started(store)
    assert refused.value.key == "store.broken"
    started_again = tampered(written, rewritten(5, "Mission 9", "Mission 2"))
    started(started_again).close()  # the right to write was given back
    started_again.close()
    store.close()


def test_what_goes_into_a_deleted_file_is_no_record(written: Path) -> None:
    store = opened(written)
    writer = started(store)
    written.unlink()
    with pytest.raises(StoreRefused) as refused:
        writer.ask_together([ASKED], keep=True)
    assert (refused.value.key, refused.value.parameters) == ("store.gone", {"path": str(written)})
    writer.close()
    store.close()


@pytest.mark.parametrize("environ", [{"SQLITE_LOCK_TIMEOUT": "soon"}])
def test_a_setting_without_a_meaning_is_told(written: Path, environ: dict[str, str]) -> None:
    assert refusal(written, **environ) == (
        "store.setting-missing",
        {"reason": "SQLITE_LOCK_TIMEOUT=soon"},
    )


def test_a_store_fits_the_heads_that_it_had_and_no_others(tmp_path: Path, written: Path) -> None:
    store = opened(written)
    position, heads = store.standing()
    assert store.fits(0, {})
    assert store.fits(position, heads)
    assert not store.fits(position + 1, heads)
    assert not store.fits(position, {"awex": (10, "another")})
    assert not store.fits(position, {"fit": (10, "another")})
    store.close()
