import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from coordination.conversion import kinds_by_tag
from coordination.settings import LANGUAGES
from schemas.asking import AnyQuestion
from schemas.recorded_event import AnyCommand
from tests.coordination.cli.running import Run

Runs = Callable[..., Run]

COMMANDS = kinds_by_tag(AnyCommand)
QUESTIONS = kinds_by_tag(AnyQuestion)
# A key that no catalogue has stands where its sentence should be.
KEY = re.compile(
    r"\b(event|field|table|state|standing|rejection|expected|explanation|offices|plan)\.[a-z]"
)

ASKED_OF_THE_STORY = (
    "plan 2022",
    "plan 2027",
    "june 2027",
    "september 2027",
    "editions cycle-hub-2026",
    "difference cycle-hub-2026 after-june",
    "difference cycle-hub-2026 after-september --after amendment-1",
    "offices",
    "offices --seen-by fit",
    "coverage",
    "review 2026",
    "policies",
    "history mission-hub-uk-princely",
    "history post-hub-milan",
    "history review-hub-2026",
    "explain mission-hub-uk-princely",
    "explain post-hub-milan",
    "explain figure offices.overlaps",
    "explain figure june.conflicts --year 2027",
)


@pytest.mark.parametrize("tag", [*COMMANDS, *QUESTIONS])
def test_every_message_is_a_sub_command_with_its_own_help(run: Runs, tag: str) -> None:
    helped = run(*tag.split("."), "--help", COLUMNS="200")
    explanation = ({**COMMANDS, **QUESTIONS}[tag].__doc__ or "").partition("\n")[0]
    if tag in QUESTIONS and tag == "review":  # a subject too, whose help lists its commands
        explanation = "The yearly review of the chief executives."
    assert (helped.code, helped.errors) == (0, "")
    assert explanation in helped.output


def test_help_explains_the_exit_codes_and_the_store(run: Runs) -> None:
    output = run("--help", COLUMNS="300").output
    assert "0 done, 1 rejected (or verify or copy found a fault), 2 malformed, 3 the" in output
    assert "PERSISTENCE_MODULE, SQLITE_DBNAME" in output
    assert "--install-completion" in output


def test_without_arguments_help_is_shown(run: Runs) -> None:
    assert run().output.startswith("Usage: coordination COMMAND")


def test_the_version_is_that_of_the_package(run: Runs) -> None:
    assert re.fullmatch(r"\d+(\.\d+)*\n", run("--version").output)


@pytest.mark.parametrize("language", ["it", ""])
def test_a_language_that_nobody_wrote_is_refused(run: Runs, language: str) -> None:
    assert run("plan", "2027", "--language", language, COORDINATION_LANGUAGE="fr") == Run(
        2,
        errors=f"--language : « {language} » n'a pas de sens ici ; "
        "valeurs admises : fr, nl, de, en\n",
    )


def test_a_setting_without_meaning_is_named(run: Runs) -> None:
    assert run("plan", "2027", COORDINATION_AGENCY="bavaria") == Run(
        2, errors="COORDINATION_AGENCY: “bavaria” means nothing here; allowed: hub, awex, fit\n"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demonstration_is_told_in_every_language(run: Runs, language: str) -> None:
    played = run("demo", "--language", language)
    assert (played.code, played.errors) == (0, "")
    assert KEY.findall(played.output) == []
    assert "{" not in played.output
    shapes = ("table", "csv", "json") if language == "en" else ("table",)  # codes have no language
    for asked, shape in product(ASKED_OF_THE_STORY, shapes):
        day = ("--as-of", "2027-01-15", "--format", shape, "--language", language)
        told = run(*asked.split(), *day)
        assert (told.code, told.errors) == (0, "")
        assert shape == "json" or KEY.findall(told.output) == []
    assert run("verify").code == 0


def test_a_shell_learns_to_complete_every_sub_command(
    run: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    assert run("--install-completion").code == 0
    (script,) = (file for file in tmp_path.rglob("coordination") if file.is_file())
    words = script.read_text()
    assert [tag for tag in COMMANDS if tag.partition(".")[2] not in words] == []
    assert [tag for tag in QUESTIONS if tag.rpartition(".")[2] not in words] == []
