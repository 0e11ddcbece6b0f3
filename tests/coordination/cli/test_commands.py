from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from schemas.recorded_event import RecordedEvent
from tests.coordination.cli.running import Run

HANOI = "mission-awex-2027-hanoi"
PUBLISH = (
    *("mission", "publish", HANOI, "--as", "awex", "--effective", "2026-06-01"),
    *("--title.en", "Water in Vietnam", "--title.fr", "L'eau au Viêt Nam"),
    *("--action", "agency-mission", "--period", "2027-03-15/2027-03-19"),
    *("--places", "VN Hanoi", "--places", "VN Ho Chi Minh City", "--sectors", "environment"),
)
REQUEST = (
    *("mission", "request-co-organisation", HANOI, "--as", "fit"),
    *("--terms.role", "seminar", "--terms.share-of-cost", "20"),
)
ACCEPT = ("mission", "accept-co-organisation", HANOI, "--partner", "fit", "--as", "awex")
CONFIRM = ("mission", "confirm", HANOI, "--as", "awex")

Runs = Callable[..., Run]


def test_what_was_recorded_is_told_with_its_stream_and_place_in_the_ledger(run: Runs) -> None:
    assert run(*PUBLISH) == Run(
        0,
        "Recorded: AWEX publishes “Water in Vietnam”: economic mission, 15–19 Mar 2027, "
        "Hanoi (Vietnam), Ho Chi Minh City (Vietnam), effective 01 Jun 2026 "
        "(mission-awex-2027-hanoi, awex/1).\n",
    )


def test_what_is_so_already_needs_nothing(run: Runs) -> None:
    run(*PUBLISH)
    assert run(*PUBLISH) == Run(0, f"It is so already, nothing to do ({HANOI}).\n")


@pytest.mark.parametrize(
    "language, sentence",
    [
        ("fr", "Enregistré : FIT demande à co-organiser, date d'effet : 15 sept. 2026"),
        ("nl", "Geregistreerd: FIT vraagt om mee te organiseren, ingangsdatum 15 sep 2026"),
        ("de", "Aufgezeichnet: FIT möchte mitorganisieren, wirksam 15.09.2026"),
        ("en", "Recorded: FIT asks to co-organise, effective 15 Sept 2026"),
    ],
)
def test_the_answer_is_in_the_language_of_its_reader(
    run: Runs, language: str, sentence: str
) -> None:
    run(*PUBLISH)
    assert run(*REQUEST, "--language", language) == Run(0, f"{sentence} ({HANOI}, awex/2).\n")


def test_a_rejection_says_why_in_the_language_of_its_reader(run: Runs) -> None:
    run(*PUBLISH)
    own = ("mission", "request-co-organisation", HANOI, "--as", "awex")
    assert run(*own) == Run(
        1,
        errors=f"The agency leads {HANOI} itself: "
        "it need not ask to co-organise its own mission.\n",
    )
    assert run(*ACCEPT, COORDINATION_LANGUAGE="fr") == Run(
        1, errors="FIT n'a pas demandé à co-organiser cette mission.\n"
    )
    assert run("mission", "confirm", HANOI, "--as", "hub", "--language=nl") == Run(
        1, errors="Dit is aan AWEX, dat de zending leidt, en niet aan hub.brussels.\n"
    )


def test_the_reason_of_a_cancellation_goes_with_every_later_rejection(run: Runs) -> None:
    run(*PUBLISH)
    cancelled = run("mission", "cancel", HANOI, "--as", "awex", "--reason", "elections")
    assert cancelled == Run(
        0,
        "Recorded: AWEX cancels the mission (elections), effective 15 Sept 2026 "
        f"({HANOI}, awex/2).\n",
    )
    assert run(*REQUEST) == Run(
        1,
        errors=f"The mission {HANOI} is cancelled (elections); "
        "nothing more can be decided on it.\n",
    )


def test_a_role_decides_on_its_subjects_only(run: Runs) -> None:
    run(*PUBLISH)
    assert run(*CONFIRM, "--role", "reader") == Run(
        1,
        errors="The role of reader does not decide on this; these do: "
        "coordinator, chief-executive.\n",
    )


def test_a_role_of_the_message_leaves_the_role_of_the_asker_its_long_name(run: Runs) -> None:
    for asked in (PUBLISH, REQUEST, ACCEPT):
        run(*asked)
    named = ("--role", "area manager Asia", "--contact", "contact-12", "--as", "fit")
    executive = ("--asking-role", "chief-executive", "--format", "csv")
    assert run("mission", "name-coordinator", HANOI, *named, *executive) == Run(
        0,
        output="reference,stream,version,event,effective,agency,role\n"
        "awex/4,mission-awex-2027-hanoi,4,mission.coordinator-named,2026-09-15,fit,"
        "chief-executive\n",
    )


def test_the_answer_as_json_is_the_recorded_events(run: Runs) -> None:
    run(*PUBLISH)
    answer = run(*REQUEST, "--meeting", "meeting-2026-september", "--format", "json")
    (recorded,) = msgspec.json.decode(answer.output, type=tuple[RecordedEvent, ...])
    assert (recorded.ledger, recorded.seq, recorded.agency, recorded.role) == (
        "awex",
        2,
        "fit",
        "coordinator",
    )
    assert recorded.correlation == "meeting-2026-september"


def test_a_command_may_be_given_as_json(run: Runs, tmp_path: Path) -> None:
    run(*PUBLISH)
    given = f'{{"by": "awex", "mission": "{HANOI}"}}'
    confirmed = Run(
        0, f"Recorded: AWEX confirms the mission, effective 15 Sept 2026 ({HANOI}, awex/2).\n"
    )
    assert run("mission", "confirm", "--json", "-", given=given) == confirmed
    file = tmp_path / "command.json"
    file.write_text(given)
    assert run("mission", "confirm", "--json", str(file)) == Run(
        0, f"It is so already, nothing to do ({HANOI}).\n"
    )


@pytest.mark.parametrize(
    "given, errors",
    [
        ('{"missio', "--json: “-” – one JSON document in UTF-8\n"),
        ("[]", "--json: “-” – an object with named fields\n"),
        ('{"command": "mission.cancel"}', "command: “mission.cancel” – one of: mission.confirm\n"),
        (
            '{"mission": 3, "when": "now"}',
            """\
when: “now” – there is no such field; known are by, effective, mission
mission: “3” – written like mission-awex-2027-hanoi
""",
        ),
    ],
)
def test_json_that_is_no_such_command_is_malformed(run: Runs, given: str, errors: str) -> None:
    assert run("mission", "confirm", "--as", "awex", "--json", "-", given=given) == Run(
        2, errors=errors
    )


def test_nothing_is_said_beside_a_command_in_json(run: Runs) -> None:
    assert run(*CONFIRM, "--json", "-", given="{}") == Run(
        2,
        errors=f"mission: “{HANOI}” – nothing beside --json, which has the whole command\n",
    )


def test_a_file_that_is_not_there_is_named(run: Runs, tmp_path: Path) -> None:
    file = str(tmp_path / "nowhere.json")
    assert run("mission", "confirm", "--as", "awex", "--json", file) == Run(
        2, errors=f"--json: “{file}” – a file that can be read (No such file or directory)\n"
    )


def test_who_asks_is_never_guessed(run: Runs) -> None:
    run(*PUBLISH)
    assert run("mission", "confirm", HANOI) == Run(
        2,
        errors="--as: which agency asks? Say it with --as, or set COORDINATION_AGENCY: "
        "hub, awex, fit\n",
    )
    assert run("mission", "confirm", HANOI, COORDINATION_AGENCY="fit").code == 1
    assert run("mission", "confirm", HANOI, COORDINATION_AGENCIES="awex").code == 0


def test_every_mistake_is_told_at_once(run: Runs) -> None:
    mistakes = (
        *("mission", "request-co-organisation", "hanoi", "--as", "flanders"),
        *("--terms.share-of-cost", "200", "--terms.places", "many"),
        *("--effective", "2026-02-30", "--meeting", "x", "--role", "boss", "--format", "xml"),
    )
    assert run(*mistakes) == Run(
        2,
        errors="""\
--as: “flanders” – an agency that exists: awex, fit, hub
--effective: “2026-02-30” – a day that exists, written as 2026-09-15
MISSION: “hanoi” – written like mission-awex-2027-hanoi
--terms.share-of-cost: “200” – a whole number from 0 to 100
--terms.places: “many” – a whole number of 1 or more
--role: “boss” – one of: coordinator, network, chief-executive, reader, auditor, administrator
--meeting: “x” – written like meeting-2026-june-hub-awex
--format: “xml” – one of: table, json, csv
""",
    )


def test_what_is_missing_is_told_in_the_language_of_its_reader(run: Runs) -> None:
    assert run("mission", "reschedule", "--as", "awex", "--language", "nl") == Run(
        2,
        errors="""\
MISSION: moet worden opgegeven
--period: moet worden opgegeven
--reason: moet worden opgegeven
""",
    )


@pytest.mark.parametrize(
    "arguments, errors",
    [
        (("mission", "dance"), "There is no sub-command dance; --help shows those there are.\n"),
        ((*CONFIRM, "--nope", "3"), "There is no option --nope; --help shows those there are.\n"),
        ((*CONFIRM, "--role"), "The option --role needs a value.\n"),
        ((*CONFIRM, "--as", "fit"), "The option --as can be given once only.\n"),
        ((*CONFIRM, "really"), "This is too much: really\n"),
    ],
)
def test_a_command_line_that_is_none_is_malformed(
    run: Runs, arguments: tuple[str, ...], errors: str
) -> None:
    assert run(*arguments) == Run(2, errors=errors)
