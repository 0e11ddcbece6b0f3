import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.coordination.cli.running import Run
from tests.coordination.cli.test_commands import ACCEPT, PUBLISH, REQUEST

Runs = Callable[..., Run]


def test_a_sound_history_is_told_to_be(run: Runs) -> None:
    for asked in (PUBLISH, REQUEST, ACCEPT):
        run(*asked)
    assert run("verify", "--language", "nl") == Run(
        0, "De geschiedenis is gaaf: 3 gebeurtenissen, elke schakel van elk register houdt.\n"
    )


def test_an_altered_history_is_told_where_and_shown_to_nobody(run: Runs, tmp_path: Path) -> None:
    for asked in (PUBLISH, REQUEST, ACCEPT):
        run(*asked)
    with sqlite3.connect(tmp_path / "coordination.sqlite") as database:
        altered = "CAST(replace(CAST(state AS TEXT), 'seminar', 'nothing') AS BLOB)"
        database.execute(f"UPDATE stored_events SET state = {altered}")
    database.close()
    verified = run("verify")
    assert verified == Run(
        1,
        "Ledger of AWEX, event 3: it does not follow from the event before it: "
        "one of the two was altered.\n"
        "Ledger of AWEX, event 3: the ledger does not end as the store says: "
        "its last event was changed, cut off or added.\n",
    )
    assert run("plan", "2027") == Run(
        3,
        errors="The history was altered: in the ledger of AWEX, event 3: it does not follow from "
        "the event before it: one of the two was altered. Nothing is shown or recorded; "
        "`coordination verify` tells everything.\n",
    )


def test_an_event_that_cannot_be_read_is_told_by_its_position(run: Runs, tmp_path: Path) -> None:
    run(*PUBLISH)
    with sqlite3.connect(tmp_path / "coordination.sqlite") as database:
        database.execute("UPDATE stored_events SET state = X'7B7D'")
    database.close()
    assert run("plan", "2027", "--language", "fr") == Run(
        3,
        errors="L'historique est endommagé : un événement est illisible. Rien n'est montré ni "
        "enregistré ; `coordination verify` dit tout.\n",
    )
    assert run("verify").output.startswith("Position 1: the event cannot be read: ")


def test_a_store_that_cannot_be_used_says_why(run: Runs, tmp_path: Path) -> None:
    assert run("plan", "2027", SQLITE_DBNAME=":memory:", COORDINATION_LANGUAGE="de") == Run(
        3,
        errors="Der Ereignisspeicher muss eine Datei sein; "
        ":memory: ginge mit dem Prozess verloren.\n",
    )
    file = tmp_path / "letter.txt"
    file.write_text("Dear colleagues, this is no database at all, but it is long enough." * 9)
    assert run(*PUBLISH, SQLITE_DBNAME=str(file)) == Run(3, errors=f"{file} is not a database.\n")
    assert file.read_text().startswith("Dear colleagues")
