import csv
import sqlite3
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import msgspec
import pytest

from tests.coordination.cli.running import Run
from tests.coordination.cli.test_commands import CONFIRM, HANOI, PUBLISH, REQUEST
from tests.coordination.parking import confirm_as_a_newer_program

Runs = Callable[..., Run]
SKIP = ("parked", "skip", HANOI, "--reason", "it takes place anyway")
WORDS = "NotRead: mission.confirmed version 9, where 1 is the last one known"
BESIDE = (
    "This answer does not have all that is recorded: 1 record waits. "
    "To see which and why: coordination parked\n"
)


@pytest.fixture
def parked(run: Runs, tmp_path: Path) -> Runs:
    """A mission that waits at an event which only a newer program can read."""
    run(*PUBLISH)
    run(*REQUEST)
    environ = {"SQLITE_DBNAME": str(tmp_path / "coordination.sqlite")}
    confirm_as_a_newer_program(environ, HANOI, version=3)
    run("plan", "2027")
    return run


def test_what_waits_says_where_why_and_what_can_be_done(parked: Runs) -> None:
    assert parked("parked") == Run(
        0,
        """\
mission-awex-2027-hanoi waits in missions since 15 Sept 2026, at awex/3 (no. 3 of its history).
A newer version of this program wrote the event awex/3. Update this one; it then goes on by itself
(“NotRead: mission.confirmed version 9, where 1 is the last one known”).

To fold one again: coordination parked retry mission-awex-2027-hanoi
To pass over the event at which it waits, for good: coordination parked skip mission-awex-2027-hanoi
--reason … --as …
""",
    )


def test_where_nothing_waits_that_is_said(run: Runs) -> None:
    assert run("parked", "--language", "fr") == Run(
        0, "Rien n'est en attente : aucun événement n'a résisté.\n"
    )


def test_an_answer_that_rests_on_what_waits_says_so_beside_it(parked: Runs) -> None:
    for asked in (("plan", "2027"), ("june", "2027"), ("explain", HANOI)):
        assert parked(*asked).errors == BESIDE
        assert parked(*asked, "--format", "json").errors == BESIDE
    assert parked("explain", "figure", "plan.missions", "--year", "2027").errors == BESIDE


def test_an_answer_that_does_not_rest_on_it_says_nothing(parked: Runs) -> None:
    for asked in (("offices",), ("policies",), ("explain", "mission-awex-2027-lima")):
        assert parked(*asked).errors == ""


def test_a_program_that_cannot_read_the_event_stops_again(parked: Runs) -> None:
    assert parked("parked", "retry", HANOI) == Run(
        1,
        f"{HANOI} stopped again, at awex/3. A newer version of this program wrote the event awex/3."
        f" Update this one; it then goes on by itself (“{WORDS}”).\n",
    )


def test_a_mission_whose_event_is_passed_over_goes_on(parked: Runs) -> None:
    assert parked(*SKIP, "--as", "awex") == Run(
        0, f"{HANOI} goes on: what is recorded about it since is taken in.\n"
    )
    assert parked("plan", "2027").errors == ""
    assert parked("parked", "--language", "nl", COLUMNS="200") == Run(
        0,
        f"""\
Niets staat in de wacht: elke gebeurtenis kon verwerkt worden.

AWEX sloeg nr. 3 van de geschiedenis van {HANOI} in missions over op 15 sep 2026: \
it takes place anyway
""",
    )


def test_what_is_not_parked_can_neither_be_retried_nor_skipped(parked: Runs) -> None:
    lima = "mission-awex-2027-lima"
    nothing = Run(1, errors=f"Nothing of {lima} waits; `coordination parked` lists what does.\n")
    assert parked("parked", "retry", lima) == nothing
    assert parked("parked", "skip", lima, "--reason", "no matter", "--as", "fit") == nothing


def test_who_passes_over_an_event_says_why_and_who_says_so(parked: Runs) -> None:
    assert parked("parked", "skip") == Run(
        2,
        errors="""\
STREAM: is needed
--reason: is needed
--as: which agency asks? Say it with --as, or set COORDINATION_AGENCY: hub, awex, fit
""",
    )
    assert parked("parked", "skip", HANOI, "--reason", "x", "--as", "awex") == Run(
        2, errors="--reason: “x” – a text of 2 to 2000 characters\n"
    )
    assert parked("parked").output.startswith(HANOI)


def test_an_agency_of_another_node_passes_over_nothing_here(parked: Runs) -> None:
    assert parked(*SKIP, "--as", "fit", COORDINATION_AGENCIES="awex") == Run(
        1, errors="This node does not speak for FIT, only for: awex.\n"
    )
    assert parked(*SKIP, COORDINATION_AGENCIES="awex").code == 0


def test_where_the_cause_is_gone_the_stream_goes_on(run: Runs, tmp_path: Path) -> None:
    """A fault that a later program does not have: its row is all that is left of it."""
    run(*PUBLISH)
    run("plan", "2027")
    with sqlite3.connect(tmp_path / "coordination.read-models.sqlite") as database:
        database.execute(
            "INSERT INTO parked SELECT projection, fingerprint, ?, 2, 2, 'KeyError: 0', moved_at "
            "FROM builds WHERE projection = 'missions'",
            (HANOI,),
        )
    database.close()
    run(*CONFIRM)
    assert "planned" in run("plan", "2027").output
    assert run("parked").output.startswith(
        f"{HANOI} waits in missions since 15 Sept 2026, at awex/2 (no. 2 of its history).\n"
        "This program fails on the event awex/2: a fault of the program."
    )
    assert run("parked", "retry", HANOI).code == 0
    assert run("plan", "2027").errors == ""
    assert "confirmed" in run("plan", "2027").output


def test_what_waits_and_what_was_passed_over_as_rows(parked: Runs) -> None:
    header = ["part", "projection", "stream", "version", "reference"]
    header += ["since", "why", "agency", "reason"]
    header += ["number", "door", "subject", "size", "count", "until"]
    for part in ("parked", "skipped"):
        (row,) = csv.DictReader(StringIO(parked("parked", "--format", "csv").output))
        assert list(row) == header
        assert (row["part"], row["stream"], row["version"]) == (part, HANOI, "3")
        parked(*SKIP, "--as", "awex")


def test_what_waits_as_json(parked: Runs) -> None:
    found = msgspec.json.decode(parked("parked", "--format", "json").output)
    assert found["skipped"] == []
    assert {name: found["parked"][0][name] for name in ("reference", "why", "reason")} == {
        "reference": "awex/3",
        "why": "newer",
        "reason": WORDS,
    }


@pytest.mark.parametrize("asked", ["parked", "projections"])
def test_a_form_that_nobody_shows_is_refused(run: Runs, asked: str) -> None:
    assert run(asked, "--format", "pdf") == Run(
        2, errors="--format: “pdf” – one of: table, json, csv\n"
    )
