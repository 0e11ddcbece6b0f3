"""Messages that were not understood, on the command line: seen, sent again or put aside."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from coordination.cli.letters import LetterCommands
from coordination.cli.terminal import ExitCode, Surroundings, Terminal
from coordination.mailroom.kept import CameBy, Door, Reason, Settled, WholeMessage
from coordination.mailroom.mailroom import Mailroom
from coordination.settings import Settings
from tests.coordination.cli.running import MORNING, Run, command_line

Runs = Callable[..., Run]
LINK, CLIENT = CameBy(Door.LINK, "fit"), CameBy(Door.CLIENT, "awex")
LEDGER = CameBy(Door.LEDGER, "awex")
SUBJECT = "cmd.awex.fit.mission.confirm"
PROBLEMS = [
    {"field": "effective", "given": "mor\x1b[2Jgen", "expected": "date", "parameters": {}},
    {
        "field": "terms.share_of_cost",
        "given": "200",
        "expected": "whole-number-between",
        "parameters": {"least": 0, "most": 100},
    },
    {"field": "mission", "given": "", "expected": "missing", "parameters": {}},
]


@pytest.fixture
def run(tmp_path: Path) -> Runs:
    return command_line(tmp_path, COLUMNS="200")


@pytest.fixture
def mailroom(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path / "coordination.mailroom.sqlite", lambda: MORNING)


def keep(
    mailroom: Mailroom,
    reason: str,
    came_by: CameBy = LINK,
    raw: bytes = b"{",
    **parameters: Any,
) -> None:
    mailroom.keep(
        came_by, SUBJECT, {"Command-Id": "crm-1"}, raw, reason=reason, parameters=parameters
    )


@pytest.fixture
def kept(run: Runs, mailroom: Mailroom) -> Runs:
    """A message from another node that is no command, and came twice."""
    with mailroom:
        for _ in range(2):
            keep(mailroom, Reason.NOT_UNDERSTOOD, raw=b'{"\x1b[2J\xff', problems=PROBLEMS)
    return run


def test_a_message_that_was_not_understood_says_what_is_wrong_and_what_can_be_done(
    kept: Runs,
) -> None:
    assert kept("parked") == Run(
        0,
        r"""Message 1: 7 bytes from the node of FIT, on cmd.awex.fit.mission.confirm, \
received 2 times, from 15 Sept 2026, 10:00 to 15 Sept 2026, 10:00.
It is no command of the agencies' language (`coordination schema` explains it); \
whoever sent it has to correct:
  effective: “mor\x1b[2Jgen” – a day that exists, written as 2026-09-15
  terms.share_of_cost: “200” – a whole number from 0 to 100
  mission: is needed

To see its bytes: coordination parked show 1
To send it again, once the cause is gone: coordination parked retry 1
To put it aside: coordination parked put-aside 1 --reason …
""".replace("\\\n", ""),
    )


SENTENCES: list[tuple[Reason, dict[str, Any], str]] = [
    (Reason.NOT_JSON, {"at": 17}, "Ce n'est pas du JSON : illisible à partir de l'octet 17."),
    (
        Reason.WRONG_SUBJECT,
        {"subject": "cmd.awex.fit.x", "allowed": "cmd.awex.fit.mission.confirm"},
        (
            "Le contenu ne correspond pas au sujet cmd.awex.fit.x ; permis : "
            "cmd.awex.fit.mission.confirm."
        ),
    ),
    (
        Reason.TOO_BIG,
        {"size": 300000, "most": 262144},
        "Trop grand : 300000 octets, pour 262144 au plus.",
    ),
    (
        Reason.FORGED_AGENCY,
        {"said": "awex", "asker": "fit"},
        "Le message dit venir de AWEX, mais c'est FIT qui l'a envoyé.",
    ),
    (
        Reason.FALSE_SEAL,
        {"ledger": "awex", "seq": 112},
        "Le sceau de l'événement 112 du registre de AWEX n'est d'aucune clé de AWEX connue",
    ),
    (
        Reason.FORK,
        {"ledger": "awex", "seq": 112},
        "L'événement 112 du registre de AWEX n'est pas celui qui est gardé ici à cette place",
    ),
    (
        Reason.UNASKED,
        {"ledger": "awex", "seq": 112},
        "L’événement 112 du registre de AWEX dit que cette agence l’a demandé",
    ),
    (
        Reason.UNKNOWN_COMMAND,
        {"given": "mission.dance"},
        "Cette version ne connaît pas la commande mission.dance :",
    ),
    (
        Reason.ID_TAKEN,
        {"id": "crm-1", "asker": "fit"},
        "FIT a déjà donné l'identifiant crm-1 à une autre commande",
    ),
    (
        Reason.FALSE_SEAL_OF_COMMAND,
        {"asker": "fit"},
        "Une commande est arrivée par le hub au nom de FIT, sans son sceau",
    ),
    (
        Reason.FALSE_SEAL_OF_ANSWER,
        {"owner": "awex"},
        "Une réponse est arrivée par le hub au nom de AWEX, sans son sceau",
    ),
    (
        Reason.UNASKED,
        {"ledger": "awex", "seq": 112},
        "L’événement 112 du registre de AWEX dit que cette agence l’a demandé",
    ),
    (
        Reason.DOES_NOT_FIT,
        {"ledger": "awex", "seq": 112, "what": "owner"},
        (
            "L’événement 112 du registre de AWEX se contredit ou contredit ce qui précède "
            "(décidé par qui n'est pas compétent)"
        ),
    ),
    (
        Reason.NOT_UNDERSTOOD,
        {"problems": PROBLEMS},
        "Ce n'est pas une commande de la langue des agences",
    ),
]


def test_each_reason_has_its_sentence() -> None:
    assert {reason for reason, _, _ in SENTENCES} == set(Reason)


@pytest.mark.parametrize("reason, parameters, french", SENTENCES)
def test_every_reason_is_a_sentence(
    run: Runs, mailroom: Mailroom, reason: Reason, parameters: dict[str, Any], french: str
) -> None:
    with mailroom:
        keep(mailroom, reason, **parameters)
    lines = run("parked", "--language", "fr", COLUMNS="500").output.splitlines()
    assert lines[1].startswith(french)
    for language in ("nl", "de", "en"):
        assert "{" not in run("parked", "--language", language).output


def test_a_message_says_by_which_way_it_came(run: Runs, mailroom: Mailroom) -> None:
    with mailroom:
        for came_by in (LINK, CLIENT, LEDGER):
            keep(mailroom, Reason.NOT_JSON, came_by, at=0)
    lines = run("parked", "--language", "nl").output.splitlines()
    assert [line for line in lines if line.startswith("Bericht ")] == [
        f"Bericht {number}: 1 byte {origin}, op cmd.awex.fit.mission.confirm, "
        "ontvangen op 15 sep 2026, 10:00."
        for number, origin in enumerate(
            ("van de node van FIT", "van een programma van AWEX", "uit het register van AWEX"), 1
        )
    ]


class OfOne(Mailroom):
    most: ClassVar[int] = 1


def test_what_found_no_room_is_told_in_the_list(run: Runs, tmp_path: Path) -> None:
    with OfOne(tmp_path / "coordination.mailroom.sqlite", lambda: MORNING) as mailroom:
        for number in range(3):
            keep(mailroom, Reason.NOT_JSON, raw=b"x" * number, at=0)
    assert run("parked").output.endswith(
        "\n2 messages from the node of FIT, from 15 Sept 2026, 10:00 to 15 Sept 2026, 10:00, were "
        "only counted (not JSON): the mailroom is full. Settle those that wait first.\n"
    )


def test_the_bytes_of_a_message_do_nothing_to_a_terminal(kept: Runs) -> None:
    shown = kept("parked", "show", "1")
    assert (shown.code, shown.output.splitlines()[-3:]) == (
        0,
        ["Command-Id: crm-1", "", r'{"\x1b[2J\xff'],
    )
    assert shown.output.startswith("Message 1: 7 bytes from the node of FIT")


def test_a_message_is_put_aside_for_a_reason_that_is_kept(kept: Runs) -> None:
    assert kept("parked", "put-aside", "1", "--reason", "vu au téléphone", "--language", "fr") == (
        Run(0, "Le message 1 est mis de côté ; ses octets sont conservés.\n")
    )
    aside = "Message 1 was put aside on 15 Sept 2026, 10:00: vu au téléphone\n"
    assert kept("parked") == Run(
        0, f"Nothing waits: no event was met that could not be folded.\n\n{aside}"
    )
    assert aside in kept("parked", "show", "1").output
    assert kept("parked", "put-aside", "1", "--reason", "again") == Run(1, errors=aside)
    assert kept("parked", "retry", "1") == Run(1, errors=aside)


def test_whoever_puts_a_message_aside_says_why(kept: Runs) -> None:
    assert kept("parked", "put-aside") == Run(2, errors="NUMBER: is needed\n--reason: is needed\n")
    assert kept("parked", "put-aside", "one", "--reason", "x", "--language", "nl") == Run(
        2,
        errors="NUMBER: “one” – een geheel getal van minstens 1\n"
        "--reason: “x” – een tekst van 2 tot 2000 tekens\n",
    )


def test_a_number_that_no_message_has_is_told(kept: Runs) -> None:
    nothing = "No message 9 is kept; `coordination parked` lists them.\n"
    assert kept("parked", "show", "9") == Run(1, errors=nothing)
    assert kept("parked", "retry", "9") == Run(1, errors=nothing)
    assert kept("parked", "put-aside", "9", "--reason", "no matter") == Run(1, errors=nothing)
    assert kept("parked", "show", "99999999999999999999").code == 1


def terminal(folder: Path) -> Terminal:
    environ = {"SQLITE_DBNAME": str(folder / "coordination.sqlite")}
    streams = (StringIO(), StringIO(), StringIO())
    around = Surroundings(environ, lambda: MORNING, lambda: "id", *streams)
    return Terminal(around, Settings(), "en")


@pytest.mark.parametrize("code", [ExitCode.DONE, ExitCode.REJECTED])
def test_a_message_that_is_sent_again_is_settled_once_the_node_has_taken_it(
    kept: Runs, tmp_path: Path, code: ExitCode
) -> None:
    sent: list[WholeMessage] = []

    def replay(_: Terminal, message: WholeMessage) -> int:
        sent.append(message)
        return code

    assert LetterCommands(terminal(tmp_path), replay).send_again("1") == code
    assert [(one.subject, one.raw) for one in sent] == [(SUBJECT, b'{"\x1b[2J\xff')]
    with Mailroom(tmp_path / "coordination.mailroom.sqlite", lambda: MORNING) as mailroom:
        [message] = mailroom.kept()
    settled = message.settled
    assert (settled.how if settled else None) == (
        Settled.REPLAYED if code is ExitCode.DONE else None
    )


def test_a_message_that_is_put_aside_while_it_is_sent_again_stays_so(
    kept: Runs, tmp_path: Path
) -> None:
    def replay(_: Terminal, message: WholeMessage) -> int:
        assert kept("parked", "put-aside", str(message.number), "--reason", "late").code == 0
        return ExitCode.DONE

    assert LetterCommands(terminal(tmp_path), replay).send_again("1") == ExitCode.DONE
    assert "was put aside on" in kept("parked").output


def test_what_waits_as_json_and_rows_has_the_messages_too(kept: Runs) -> None:
    [message] = msgspec.json.decode(kept("parked", "--format", "json").output)["messages"]
    assert (message["number"], message["came_by"], message["count"]) == (
        1,
        {"door": "link", "agency": "fit"},
        2,
    )
    [row] = csv.DictReader(StringIO(kept("parked", "--format", "csv").output))
    assert {name: value for name, value in row.items() if value and name != "reason"} == {
        "part": "message",
        "since": "2026-09-15T08:00:00+00:00",
        "why": "message.not-understood",
        "agency": "fit",
        "number": "1",
        "door": "link",
        "subject": SUBJECT,
        "size": "7",
        "count": "2",
        "until": "2026-09-15T08:00:00+00:00",
    }
