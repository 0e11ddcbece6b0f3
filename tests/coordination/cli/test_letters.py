"""What was asked of other agencies, on the command line."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from msgspec import Raw

from coordination.mailroom.mailroom import Mailroom
from schemas.answer import AnswerDone
from schemas.examples.answer import RECORDED
from tests.coordination.cli.running import MORNING, Run, command_line
from tests.coordination.mailroom.letters import (
    DONE,
    MALFORMED,
    NOTHING_TO_DO,
    REJECTED,
    letter,
)

Runs = Callable[..., Run]


@pytest.fixture
def run(tmp_path: Path) -> Runs:
    return command_line(tmp_path, COLUMNS="200")


@pytest.fixture
def mailroom(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path / "coordination.mailroom.sqlite", lambda: MORNING)


@pytest.fixture
def asked(run: Runs, mailroom: Mailroom) -> Runs:
    """Five letters: one waits, and each other has an answer of another kind."""
    with mailroom:
        for number, answer in enumerate((DONE, NOTHING_TO_DO, REJECTED, MALFORMED, None)):
            mailroom.accept(letter(f"crm-{number}"))
            if answer is not None:
                mailroom.settle("fit", f"crm-{number}", answer)
    return run


def test_what_was_asked_of_others_says_how_it_stands(asked: Runs) -> None:
    assert asked("asked", COLUMNS="120") == Run(0, TABLE)


TABLE = """\
What was asked of other agencies

                             who
 identifier   asked at       decides   command                   state                          \
          since
 ───────────────────────────────────────────────────────────────────────────────────────────────\
──────────────────────
 crm-4        15 Sept 2026   AWEX      co-organise               waiting                        \
          15 Sept 2026
              10:00                    mission-awex-2027-hanoi                                  \
          10:00
 crm-3        15 Sept 2026   AWEX      co-organise               malformed: effective: “3/11/202\
6” – a    15 Sept 2026
              10:00                    mission-awex-2027-hanoi   day that exists, written as 202\
6-09-15   10:00
 crm-2        15 Sept 2026   AWEX      co-organise               rejected: This is for AWEX, whi\
ch        15 Sept 2026
              10:00                    mission-awex-2027-hanoi   leads the mission, and not for \
FIT.      10:00
 crm-1        15 Sept 2026   AWEX      co-organise               nothing to do                  \
          15 Sept 2026
              10:00                    mission-awex-2027-hanoi                                  \
          10:00
 crm-0        15 Sept 2026   AWEX      co-organise               done                           \
          15 Sept 2026
              10:00                    mission-awex-2027-hanoi                                  \
          10:00

To read an answer in full: coordination asked crm-4
"""


def test_each_state_is_told_in_the_language_of_its_reader(asked: Runs) -> None:
    states = {
        "fr": ["en attente", "mal formée : effective", "refusée : Cela revient", "rien à faire"],
        "nl": ["wacht", "onjuist opgesteld: effective", "geweigerd: Dit is aan", "niets te doen"],
        "de": ["wartet", "fehlerhaft: effective", "abgelehnt: Das ist Sache", "nichts zu tun"],
    }
    for language, words in states.items():
        output = asked("asked", "--language", language).output
        assert [word for word in words if word not in output] == []


def test_where_nothing_was_asked_that_is_said_and_nothing_is_made(
    run: Runs, tmp_path: Path
) -> None:
    assert run("asked") == Run(0, "Nothing was asked of other agencies.\n")
    assert run("asked", "--language", "nl") == Run(
        0, "Aan andere agentschappen is niets gevraagd.\n"
    )
    assert run("asked", "--format", "json") == Run(0, '{\n  "asked": []\n}\n')
    assert not list(tmp_path.glob("*mailroom*"))


ASKED = """\
FIT a demandé à AWEX, le 15 sept. 2026, 10:00 : co-organiser (mission-awex-2027-hanoi)
Identifiant : {id}
{answer}
"""
ANSWERED = "Réponse de AWEX, le 15 sept. 2026, 10:00 :\n"


@pytest.mark.parametrize(
    "id, answer",
    [
        (
            "crm-0",
            (
                f"{ANSWERED}Enregistré : AWEX confirme la mission, date d'effet : 3 nov. 2026"
                " (mission-awex-2027-hanoi, awex/112)."
            ),
        ),
        ("crm-1", f"{ANSWERED}Il en est déjà ainsi, rien à faire (mission-awex-2027-hanoi)."),
        ("crm-2", f"{ANSWERED}Cela revient à AWEX, qui mène la mission, et non à FIT."),
        (
            "crm-3",
            f"{ANSWERED}effective : « 3/11/2026 » – un jour qui existe, écrit comme 2026-09-15",
        ),
        (
            "crm-4",
            (
                "Pas encore de réponse : la demande est gardée, et transmise à AWEX dès que son "
                "nœud est joignable."
            ),
        ),
    ],
)
def test_one_letter_is_shown_with_its_whole_answer(asked: Runs, id: str, answer: str) -> None:
    assert asked("asked", id, "--language", "fr") == Run(0, ASKED.format(id=id, answer=answer))


def test_an_event_of_a_newer_program_is_named(run: Runs, mailroom: Mailroom) -> None:
    newer = msgspec.json.encode(RECORDED).replace(b'"dataversion":1', b'"dataversion":9')
    with mailroom:
        mailroom.accept(letter())
        done = AnswerDone(id="crm-1", events=(Raw(newer),))
        mailroom.settle("fit", "crm-1", msgspec.json.encode(done))
    assert run("asked", "crm-1", "--language", "nl").output.splitlines()[-1] == (
        "awex/112: een gebeurtenis “mission.confirmed” die deze versie niet kan lezen. "
        "Gelieve bij te werken."
    )


def test_a_rejection_this_program_has_no_words_for_is_told_in_those_of_the_answer(
    run: Runs, mailroom: Mailroom
) -> None:
    raw = REJECTED.replace(b"mission.not-the-leader", b"mission.dances")
    said = b"Dit is aan AWEX, dat de zending leidt"
    with mailroom:
        mailroom.accept(letter())
        mailroom.settle("fit", "crm-1", raw.replace(said, rb"\u001b[2J"))
    assert run("asked", "crm-1", "--language", "nl").output.splitlines()[-1] == (
        r"\x1b[2J, en niet aan FIT."
    )


def test_two_agencies_may_have_used_one_identifier(run: Runs, mailroom: Mailroom) -> None:
    with mailroom:
        mailroom.accept(letter(asker="fit"))
        mailroom.accept(letter(asker="hub"))
    shown = run("asked", "crm-1").output.splitlines()
    assert [line.partition(" asked ")[0] for line in shown if " asked " in line] == [
        "FIT",
        "hub.brussels",
    ]


def test_what_was_never_asked_is_told(asked: Runs) -> None:
    assert asked("asked", "crm-9") == Run(
        1,
        errors="Nothing was asked of another agency with the identifier crm-9; "
        "`coordination asked` lists what was.\n",
    )
    assert asked("asked", "crm 9") == Run(2, errors="ID: “crm 9” – written like crm-2026-000417\n")
    assert asked("asked", "--format", "pdf") == Run(
        2, errors="--format: “pdf” – one of: table, json, csv\n"
    )


def test_letters_as_json_have_command_and_answer_as_they_were_sent(asked: Runs) -> None:
    whole = asked("asked", "crm-0", "--format", "json").output
    [line] = msgspec.json.decode(whole)["asked"]
    assert line == {
        "id": "crm-0",
        "asker": "fit",
        "owner": "awex",
        "asked_at": "2026-09-15T08:00:00Z",
        "tag": "mission.request-co-organisation",
        "stream": "mission-awex-2027-hanoi",
        "command": msgspec.json.decode(letter().command),
        "state": "done",
        "since": "2026-09-15T08:00:00Z",
        "answer": msgspec.json.decode(DONE),
    }


def test_letters_as_rows(asked: Runs) -> None:
    rows = list(csv.DictReader(StringIO(asked("asked", "--format", "csv").output)))
    assert [(row["id"], row["state"], row["answer"].encode()) for row in rows] == [
        ("crm-4", "waiting", b""),
        ("crm-3", "malformed", MALFORMED),
        ("crm-2", "rejected", REJECTED),
        ("crm-1", "nothing-to-do", NOTHING_TO_DO),
        ("crm-0", "done", DONE),
    ]


def test_a_mailroom_of_another_program_is_refused_by_name(run: Runs, tmp_path: Path) -> None:
    path = tmp_path / "coordination.mailroom.sqlite"
    path.write_bytes(b"Dear colleague, " * 100)
    assert run("asked", "--language", "fr") == Run(
        3,
        errors=f"{path} est un fichier d'un autre programme ; rien n'y a été modifié. "
        "COORDINATION_MAILROOM désigne un autre fichier pour la salle de courrier.\n",
    )
    assert run("parked", COORDINATION_MAILROOM=str(tmp_path / "other.sqlite")).code == 0
