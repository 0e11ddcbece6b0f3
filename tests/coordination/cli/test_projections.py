import csv
import re
import sqlite3
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import msgspec

from tests.coordination.cli.running import Run
from tests.coordination.cli.test_commands import HANOI, PUBLISH
from tests.coordination.parking import confirm_as_a_newer_program

Runs = Callable[..., Run]
NAMES = ["cycles", "missions", "policies", "posts", "reviews"]
FINGERPRINT = re.compile(r"\b[0-9a-f]{12}\b")


def told(run: Run) -> str:
    """Which fold it is changes with every change of the fold."""
    return FINGERPRINT.sub("0123456789ab", run.output)


def test_before_the_first_question_everything_is_to_be_built(run: Runs) -> None:
    run(*PUBLISH)
    for _ in range(2):  # looking builds nothing
        assert told(run("projections")) == (
            """\
Read models, and how far they are

 read model     build         event   events behind   waits   compared
 ─────────────────────────────────────────────────────────────────────
 cycles         to be built   0 / 1   1
 0123456789ab   0%
 missions       to be built   0 / 1   1
 0123456789ab   0%
 policies       to be built   0 / 1   1
 0123456789ab   0%
 posts          to be built   0 / 1   1
 0123456789ab   0%
 reviews        to be built   0 / 1   1
 0123456789ab   0%

The next question brings up to date what it needs. To bring all up to date now: coordination
projections --build
"""
        )


def test_all_are_brought_up_to_date_when_asked(run: Runs) -> None:
    run(*PUBLISH)
    assert told(run("projections", "--build", "--language", "fr", COLUMNS="80")) == (
        """\
Tableaux de lecture et leur avancement

 tableau de                              retard en       en
 lecture          version    événement   événements      attente    comparées
 ────────────────────────────────────────────────────────────────────────────
 cycles           en         1 / 1       0
 0123456789ab     service
 missions         en         1 / 1       0
 0123456789ab     service
 policies         en         1 / 1       0
 0123456789ab     service
 posts            en         1 / 1       0
 0123456789ab     service
 reviews          en         1 / 1       0
 0123456789ab     service

"""
    )


def test_all_are_built_anew_on_purpose_and_come_out_the_same(run: Runs, tmp_path: Path) -> None:
    """Rows that somebody changed by hand are made from the events again."""
    run(*PUBLISH)
    shown = told(run("projections", "--build"))
    [file] = tmp_path.glob("*.read-models.sqlite")
    with sqlite3.connect(file) as database:
        [(table,)] = database.execute(
            "SELECT projection || '_' || fingerprint FROM builds WHERE projection = 'missions'"
        )
        before = database.execute(f"SELECT * FROM {table}").fetchall()
        database.execute(f"UPDATE {table} SET owner = 'nobody'")
    database.close()
    assert told(run("projections", "--anew")) == shown
    database = sqlite3.connect(file)
    assert database.execute(f"SELECT * FROM {table}").fetchall() == before
    database.close()


def test_an_event_recorded_since_is_lag_until_a_question_takes_it_in(
    run: Runs, tmp_path: Path
) -> None:
    run(*PUBLISH)
    run("projections", "--build")
    confirm_as_a_newer_program({"SQLITE_DBNAME": str(tmp_path / "coordination.sqlite")}, HANOI, 2)

    def lag() -> list[tuple[str, str, str]]:
        rows = csv.DictReader(StringIO(run("projections", "--format", "csv").output))
        return [(row["projection"], row["position"], row["behind"]) for row in rows]

    assert lag() == [(name, "1", "1") for name in NAMES]
    run("offices")
    assert lag() == [(name, "2", "0") for name in NAMES]


def test_a_read_model_with_something_parked_says_what_and_where_to_look(
    run: Runs, tmp_path: Path
) -> None:
    run(*PUBLISH)
    confirm_as_a_newer_program({"SQLITE_DBNAME": str(tmp_path / "coordination.sqlite")}, HANOI, 2)
    shown = run("projections", "--build")
    assert f"serving   2 / 2   0               {HANOI}" in shown.output
    assert shown.output.endswith("Some records wait. To see why: coordination parked\n")


def test_a_build_beside_the_one_of_an_older_program_is_compared_with_it(
    run: Runs, tmp_path: Path
) -> None:
    run(*PUBLISH)
    run("projections", "--build")
    with sqlite3.connect(tmp_path / "coordination.read-models.sqlite") as database:
        ((ours,),) = database.execute(
            "SELECT fingerprint FROM builds WHERE projection = 'missions'"
        )
        older = "0" * 12
        database.execute(f"ALTER TABLE missions_{ours} RENAME TO missions_{older}")
        for part in ("snapshots", "years"):
            database.execute(
                f"ALTER TABLE missions_{ours}_{part} RENAME TO missions_{older}_{part}"
            )
        database.execute("UPDATE builds SET fingerprint = ? WHERE fingerprint = ?", (older, ours))
    database.close()
    states = [
        (one["state"], one["own"], one["same_as_before"], one["unlike_before"])
        for arguments in ((), ("--build",))
        for one in msgspec.json.decode(run("projections", *arguments, "--format", "json").output)[
            "builds"
        ]
        if one["projection"] == "missions"
    ]
    assert states == [
        ("serving", False, None, None),
        ("to-build", True, None, None),
        ("kept", False, None, None),
        ("serving", True, 1, 0),
    ]
    page = run("projections", "--language", "de").output
    assert "1 gleich" in page
    assert "einer anderen" in page
