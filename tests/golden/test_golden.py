"""What earlier shapes of the language recorded is read, and stays to the byte what it was."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from coordination.store.event_store import EventStore
from schemas.cycle import BilateralHeld, CycleClosed, CycleOpened, Observation, TriRegionalHeld
from schemas.message import name
from schemas.recorded_event import AnyEvent, hash_of
from schemas.upcasting import current_version, read

CYCLE = "cycle-hub-2025"
LEDGER = Path(__file__).with_name("observations-as-sentences.jsonl").read_bytes().splitlines()
EVENTS: list[AnyEvent] = [
    CycleOpened(effective=date(2025, 1, 13), cycle=CYCLE),
    BilateralHeld(
        effective=date(2025, 6, 12),
        cycle=CYCLE,
        meeting="meeting-2025-june-hub-awex",
        agencies=("hub", "awex"),
        observations=(
            Observation(text="Le Vietnam est sur les deux listes"),
            Observation(text="La santé progresse"),
        ),
    ),
    BilateralHeld(
        effective=date(2025, 6, 19),
        cycle=CYCLE,
        meeting="meeting-2025-june-hub-fit",
        agencies=("hub", "fit"),
    ),
    TriRegionalHeld(
        effective=date(2025, 9, 18),
        cycle=CYCLE,
        meeting="meeting-2025-september",
        agencies=("hub", "awex", "fit"),
        observations=(Observation(text="Un programme commun à Hanoï", country="VN"),),
    ),
    CycleClosed(effective=date(2025, 12, 19), cycle=CYCLE),
]


def test_an_old_ledger_reads_in_the_shape_of_today() -> None:
    assert [read(raw).data for raw in LEDGER] == EVENTS


def test_the_old_ledger_is_older_than_the_language_of_today() -> None:
    """Else it would be no proof: some of its events must be turned to be read."""
    versions = [(read(raw).dataversion, current_version(read(raw).type)) for raw in LEDGER]
    assert versions == [(1, 1), (1, 2), (1, 2), (1, 1), (1, 1)]


def test_a_store_with_an_old_ledger_keeps_its_bytes_and_its_chain(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    environ = {"SQLITE_DBNAME": str(path)}
    store = EventStore(environ, lambda: datetime(2026, 9, 24, tzinfo=UTC), lambda: "none")
    rows = [
        (CYCLE, version, name(event), raw)
        for version, (event, raw) in enumerate(zip(EVENTS, LEDGER, strict=True), start=1)
    ]
    connection = sqlite3.connect(path)
    with connection:
        connection.executemany(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
            " VALUES (?, ?, ?, ?)",
            rows,
        )
        head = ("hub", len(LEDGER), hash_of(LEDGER[-1]))
        connection.execute("INSERT INTO ledger_heads VALUES (?, ?, ?)", head)
    connection.close()
    assert [recorded.data for recorded in store.events()] == EVENTS
    assert list(store.verify()) == []
    assert [raw for *_, raw in store.rows(0, len(LEDGER))] == LEDGER
    store.close()
