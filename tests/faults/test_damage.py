"""Damage of every kind is told, in the database and in its log; no other history is ever shown."""

import random
import shutil
import sqlite3
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from coordination.store.answers import Asked, Done, Refused
from coordination.store.event_store import EventStore
from coordination.store.ledger import Finding
from coordination.store.refusal import StoreRefused
from schemas.mission import CancelMission
from schemas.recorded_event import AnyCommand, hash_of
from tests.faults.clerk import DAY, commands, opened, started

FLIPS, EVENTS = 200, 20
LAST = "mission-awex-one-9"  # the stream of the last two events


def asked(command: AnyCommand) -> Asked:
    return Asked(command=command, role="coordinator", id="c")


def history(store: EventStore) -> list[bytes]:
    assert len(list(store.events())) == store.position()
    return [raw for *_, raw in store.rows(0, store.position())]


def copied(database: Path, copy: Path) -> Path:
    for suffix in ("", "-wal", ".writer"):
        if Path(f"{database}{suffix}").exists():
            shutil.copy(f"{database}{suffix}", f"{copy}{suffix}")
    return copy


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A store with twenty events, closed: all of it is in the one file. `running.sqlite` is how
    its files were while it was written: most of it was in the log."""
    path = tmp_path / "events.sqlite"
    store = opened(str(path))
    writer = started(store)
    for command in islice(commands("one"), EVENTS):
        writer.ask(asked(command)).result()
    copied(path, tmp_path / "running.sqlite")
    writer.close()
    store.close()
    return path


def recorded_in(path: Path) -> list[bytes]:
    store = opened(str(path))
    recorded = history(store)
    store.close()
    return recorded


def told(path: Path, recorded: list[bytes]) -> str:
    """What is told of a store, whose history is the one recorded or is not shown at all."""
    try:
        store = opened(str(path))
    except StoreRefused as refused:
        return refused.key
    findings = list(store.verify())
    try:
        assert history(store) == recorded
    except StoreRefused as refused:
        assert findings != []
        return refused.key
    finally:
        store.close()
    return "all is there"


def told_of_flips(database: Path, suffix: str, recorded: list[bytes]) -> Counter[str]:
    """What is told where one bit of one file is another, at many places."""
    chance = random.Random(907)
    seen: Counter[str] = Counter()
    for number in range(FLIPS):
        copy = copied(database, database.with_name(f"copy-{number}.sqlite"))
        damaged = bytearray(Path(f"{copy}{suffix}").read_bytes())
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        Path(f"{copy}{suffix}").write_bytes(damaged)
        seen[told(copy, recorded)] += 1
    return seen


def test_a_flipped_bit_of_the_database_is_told(written: Path) -> None:
    seen = told_of_flips(written, "", recorded_in(written))
    assert seen["store.broken"] > FLIPS // 4
    assert seen.total() == FLIPS


def test_a_flipped_bit_of_the_log_is_told(written: Path) -> None:
    """SQLite itself takes it for a log that was never finished, and says nothing."""
    running = written.with_name("running.sqlite")
    assert told_of_flips(running, "-wal", recorded_in(written)) == {"store.end-lost": FLIPS}


def test_a_log_that_was_taken_away_is_told(written: Path) -> None:
    running = written.with_name("running.sqlite")
    Path(f"{running}-wal").unlink()
    with pytest.raises(StoreRefused) as refused:
        opened(str(running))
    assert (refused.value.key, refused.value.parameters) == (
        "store.end-lost",
        {"path": str(running), "found": 0, "noted": EVENTS},
    )


def test_a_database_that_was_removed_may_be_begun_anew(written: Path) -> None:
    written.unlink()
    store = opened(str(written))
    assert (store.position(), list(store.verify())) == (0, [])
    store.close()


def test_the_note_of_another_power_cut_is_no_reason_to_refuse(written: Path) -> None:
    """The note is never synced, so anything may stand there, and it may be behind."""
    for note in (b"", b"\x00" * 40, b"\xff\xfe 7", b"12 many", b"12 3"):
        Path(f"{written}.writer").write_bytes(note)
        assert len(recorded_in(written)) == EVENTS


def tampered(path: Path, statement: str) -> EventStore:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()
    return opened(str(path))


def cancelled(store: EventStore, mission: str) -> Done | Refused:
    writer = started(store)
    command = CancelMission(by="awex", effective=DAY, mission=mission, reason="elections")
    try:
        return writer.ask(asked(command)).result()
    finally:
        writer.close()


def test_nothing_is_written_after_an_end_that_was_lost(written: Path) -> None:
    store = tampered(written, f"DELETE FROM stored_events WHERE rowid = {EVENTS}")
    assert list(store.verify()) == [
        Finding("ledger.end-lost", detail="19 / 20"),
        Finding("ledger.head", "awex", EVENTS),
    ]
    for using in (store.position, store.heads, lambda: cancelled(store, LAST)):
        with pytest.raises(StoreRefused) as refused:
            using()
        assert refused.value.key == "store.end-lost"
    store.close()


@pytest.mark.parametrize(
    "statement, what, ledger, seq",
    [
        ("UPDATE stored_events SET state = 'gone' WHERE rowid = 20", "ledger.unreadable", "", 0),
        ("UPDATE stored_events SET state = 1e12 WHERE rowid = 20", "ledger.unreadable", "", 0),
        (
            "UPDATE stored_events SET state = 1000000000000 WHERE rowid = 20",
            "ledger.unreadable",
            "",
            0,
        ),
        ("DELETE FROM stored_events WHERE rowid = 19", "ledger.version", "awex", 20),
    ],
)
def test_a_damaged_stream_is_not_read_and_others_are(
    written: Path, statement: str, what: str, ledger: str, seq: int
) -> None:
    store = tampered(written, statement)
    assert list(store.verify()) != []
    with pytest.raises(StoreRefused) as refused:
        list(store.of(LAST))
    assert (refused.value.key, refused.value.parameters) == (
        "store.broken",
        {"what": what, "ledger": ledger, "seq": seq},
    )
    with pytest.raises(StoreRefused):
        cancelled(store, LAST)
    assert [event.seq for event in store.of("mission-awex-one-2")] == [5, 6]
    store.close()


def test_heads_that_are_none_are_told(written: Path) -> None:
    store = tampered(written, "UPDATE ledger_heads SET seq = 'many'")
    assert list(store.verify()) == [
        Finding("ledger.database", detail="the head of a ledger is malformed")
    ]
    with pytest.raises(StoreRefused) as refused:
        store.heads()
    assert refused.value.key == "store.damaged"
    store.close()


def test_an_event_of_a_newer_program_is_no_damage(written: Path) -> None:
    newer = history(opened(str(written)))[-1].replace(b'"dataversion":1', b'"dataversion":9')
    tampered(written, f"UPDATE ledger_heads SET hash = '{hash_of(newer)}'").close()
    store = tampered(
        written, f"UPDATE stored_events SET state = x'{newer.hex()}' WHERE rowid = {EVENTS}"
    )
    with pytest.raises(StoreRefused) as refused:
        list(store.events())
    assert (refused.value.key, refused.value.parameters) == (
        "store.newer-format",
        {"path": str(written), "found": 9, "known": 1},
    )
    [found] = store.verify()  # and nothing else: the chain holds
    assert (found.what, found.ledger, found.seq) == ("ledger.unreadable", "awex", EVENTS)
    store.close()


def test_positions_that_go_back_end_the_reading(written: Path) -> None:
    """A reader that went on from there might go round for ever."""
    file = written.read_bytes()
    first_column = file.index(b"mission-awex-one-4\x02mission.rescheduled")
    position = first_column - 8  # the byte before a record's header, of seven bytes, is its rowid
    assert file[position] == 10
    written.write_bytes(file[:position] + b"\x03" + file[position + 1 :])
    store = opened(str(written))
    assert list(store.verify())[-1] == Finding(
        "ledger.database", detail="the order of events is malformed"
    )
    with pytest.raises(StoreRefused) as refused:
        list(store.events())
    assert (refused.value.key, refused.value.parameters) == (
        "store.damaged",
        {"path": str(written)},
    )
    store.close()
