"""One ledger in its own order, from any of its places on, whatever lies between."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError

from coordination.store.event_store import EventStore
from coordination.store.ledger_reading import LedgerEvent, LedgerReader
from coordination.store.recorder import LedgerRecorder
from coordination.store.refusal import StoreRefused
from coordination.store.writer import Writer
from schemas.recorded_event import hash_of
from schemas.upcasting import read
from schemas.vocabulary import AWEX, FIT, HUB, THREE, Agency
from tests.coordination.store.ledgers import Ledgers, mission, three
from tests.faults.clerk import opened, opened_by, started
from tests.servers.postgres import Server

LIMITS = (1, 2, 7, 50, 1_000)


def told(raw: bytes) -> LedgerEvent:
    recorded = read(raw)
    return LedgerEvent(recorded.seq, recorded.id, recorded.type, raw, hash_of(raw))


def mix(writer: Writer, ledgers: Ledgers, seed: int = 1) -> None:
    """The ledgers in turns of very different lengths, so that one of them is far apart."""
    chance = Random(seed)
    at = dict.fromkeys(ledgers, 0)
    while left := [ledger for ledger in ledgers if at[ledger] < len(ledgers[ledger])]:
        ledger = chance.choice(left)
        size = chance.choice((1, 1, 2, 5, 300))
        writer.receive(ledger, ledgers[ledger][at[ledger] : at[ledger] + size])
        at[ledger] += size


def scattered() -> Ledgers:
    """A long ledger, a shorter one and a short one: the events of the last are far apart."""
    return {
        AWEX: three(300)[AWEX],
        FIT: three(60)[FIT],
        HUB: three()[HUB],
    }


def test_from_every_place_the_events_that_follow_are_found(
    writer: Writer, store: EventStore
) -> None:
    ledgers = scattered()
    mix(writer, ledgers)
    for ledger in (FIT, HUB):
        events = list(map(told, ledgers[ledger]))
        for limit in LIMITS:
            reader = LedgerReader(store, ledger)
            for seq in range(len(events) + 1):
                fresh = LedgerReader(store, ledger)
                assert fresh.after(seq, limit) == events[seq : seq + limit]
                assert reader.after(seq, limit) == events[seq : seq + limit]


def test_a_reader_may_be_asked_for_any_place_after_any_other(
    writer: Writer, store: EventStore
) -> None:
    ledgers = scattered()
    mix(writer, ledgers, seed=2)
    chance = Random(3)
    for ledger in THREE:
        reader = LedgerReader(store, ledger)
        events = list(map(told, ledgers[ledger]))
        for _ in range(60):
            seq, limit = chance.randint(0, len(events)), chance.choice(LIMITS)
            assert reader.after(seq, limit) == events[seq : seq + limit]


def test_the_bytes_of_a_ledger_are_asked_of_the_store_too(
    writer: Writer, store: EventStore
) -> None:
    mix(writer, three())
    assert store.of_ledger(FIT, 3, 4) == list(three()[FIT][3:7])


def test_what_is_not_there_yet_is_nothing(writer: Writer, store: EventStore) -> None:
    reader = LedgerReader(store, AWEX)
    assert reader.after(0, 10) == []
    writer.receive(FIT, three()[FIT])
    assert reader.after(0, 10) == []
    assert reader.after(7, 10) == []
    assert reader.after(0, 0) == []


def test_a_reader_goes_on_as_the_ledger_grows(writer: Writer, store: EventStore) -> None:
    reader = LedgerReader(store, AWEX)
    found: list[bytes] = []
    for number in range(0, 18, 3):
        writer.receive(AWEX, three()[AWEX][number : number + 3])
        writer.receive(HUB, three()[HUB][number : number + 3])
        found += [event.raw for event in reader.after(len(found), 2)]
    while more := reader.after(len(found), 2):
        found += [event.raw for event in more]
    assert tuple(found) == three()[AWEX]


class Counted:
    """A recorder that counts the rows it gives out."""

    def __init__(self, recorder: LedgerRecorder) -> None:
        self.recorder, self.given = recorder, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.recorder, name)

    def stored(self, after: int, until: int, limit: int) -> Sequence[tuple[int, str, bytes]]:
        rows = self.recorder.stored(after, until, limit)
        self.given += len(rows)
        return rows


def rows_read(store: EventStore, ledger: Agency, after: Sequence[int], limit: int) -> list[int]:
    """By one reader, for each place it is asked for in turn."""
    counted = Counted(store.recorder)
    store.recorder = counted
    reader = LedgerReader(store, ledger)
    found = []
    for seq in after:
        before = counted.given
        assert len(reader.after(seq, limit)) == limit
        found.append(counted.given - before)
    return found


def test_going_on_reads_what_is_new_and_nothing_else(writer: Writer, store: EventStore) -> None:
    writer.receive(AWEX, three(300)[AWEX])
    assert rows_read(store, AWEX, range(0, 800, 100), limit=100) == [100] * 8


def test_a_place_is_found_without_reading_what_lies_before(
    writer: Writer, store: EventStore
) -> None:
    writer.receive(AWEX, three(1_500)[AWEX])
    [read_to_find] = rows_read(store, AWEX, [4_000], limit=10)
    assert read_to_find < 1_000


def test_holes_that_lost_transactions_left_hide_nothing(postgres: Server) -> None:
    sent = three()[AWEX]
    with (
        closing(opened_by(postgres.environ())) as store,
        closing(started(store)) as writer,
    ):
        for number in range(0, len(sent), 3):
            writer.receive(AWEX, sent[number : number + 3])
            [taken] = store.recorder.select_events(mission(AWEX, 0), limit=1)
            for _ in range(70):
                with pytest.raises(IntegrityError):
                    store.recorder.append([taken], {}, {})
        assert store.position() > 5 * 70
        for seq in range(len(sent)):
            found = [one.raw for one in LedgerReader(store, AWEX).after(seq, 5)]
            assert tuple(found) == sent[seq : seq + 5]


def damaged(tmp_path: Path, statement: str) -> EventStore:
    """The three ledgers one after another, 18 events each, which somebody has altered past us."""
    store = opened(str(tmp_path / "events.sqlite"))
    with closing(started(store)) as writer:
        for ledger in (AWEX, FIT, HUB):
            writer.receive(ledger, three()[ledger])
    with closing(sqlite3.connect(store.place)) as connection:
        connection.execute(statement)
        connection.commit()
    return store


ALTERED = "UPDATE stored_events SET state = {} WHERE rowid = {}"
ROLE = """replace(state, '"coordinator"', '"network"')"""


@pytest.mark.parametrize(
    ("statement", "seq", "finding"),
    [
        (ALTERED.format(f"CAST({ROLE} AS BLOB)", 20), 0, "ledger.hash"),
        (ALTERED.format(f"CAST({ROLE} AS BLOB)", 20), 2, "ledger.hash"),
        (ALTERED.format(f"CAST({ROLE} AS BLOB)", 36), 10, "ledger.head"),
        (ALTERED.format(ROLE, 20), 0, "ledger.unreadable"),
        (ALTERED.format("'gone'", 20), 0, "ledger.unreadable"),
        (ALTERED.format("x'00'", 20), 0, "ledger.unreadable"),
        (ALTERED.format("12", 20), 2, "ledger.unreadable"),
        ("DELETE FROM stored_events WHERE rowid = 20", 0, "ledger.seq"),
        ("DELETE FROM stored_events WHERE rowid = 20", 2, "ledger.seq"),
        ("DELETE FROM stored_events WHERE rowid BETWEEN 30 AND 36", 0, "ledger.head"),
        ("UPDATE stored_events SET originator_id = 'gone' WHERE rowid = 20", 0, "ledger.row"),
        ("UPDATE stored_events SET originator_id = x'00' WHERE rowid = 20", 0, "ledger.row"),
        (
            "UPDATE stored_events SET originator_id = 'mission-fit-x' WHERE rowid = 40",
            0,
            "ledger.owner",
        ),
        ("UPDATE ledger_heads SET seq = 19 WHERE ledger = 'fit'", 0, "ledger.head"),
    ],
)
def test_a_ledger_that_is_not_what_was_recorded_is_not_given_out(
    tmp_path: Path, statement: str, seq: int, finding: str
) -> None:
    with closing(damaged(tmp_path, statement)) as store:
        reader = LedgerReader(store, FIT)
        for _ in range(2):  # nor to who asks again
            with pytest.raises(StoreRefused) as refusal:
                reader.after(seq, 100)
            assert (refusal.value.key, refusal.value.parameters["what"]) == (
                "store.broken",
                finding,
            )


def test_what_lies_before_the_damage_is_given_out(tmp_path: Path) -> None:
    with closing(damaged(tmp_path, ALTERED.format("'gone'", 30))) as store:
        reader = LedgerReader(store, FIT)
        assert reader.after(0, 11) == list(map(told, three()[FIT][:11]))
        with pytest.raises(StoreRefused):
            reader.after(11, 1)
        assert reader.after(5, 6) == list(map(told, three()[FIT][5:11]))
