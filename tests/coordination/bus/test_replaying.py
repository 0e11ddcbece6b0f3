"""The command line beside a running node: what was not understood is attended to again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from coordination.mailroom.kept import CameBy, Door, Reason
from schemas.answer import AnswerMalformed
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import OneNode, one_node, settings_of
from tests.coordination.cli.running import Run, command_line
from tests.servers.federation import Federation

PUBLISH = "mission.publish"


@pytest.fixture
async def fit(federation: Federation, tmp_path: Path) -> AsyncIterator[OneNode]:
    async with one_node(federation, "fit", tmp_path) as one:
        yield one


@pytest.fixture
def run(federation: Federation, tmp_path: Path) -> Callable[..., Run]:
    settings = settings_of(federation, "fit")
    return command_line(
        tmp_path,
        SQLITE_DBNAME=str(tmp_path / "fit.sqlite"),
        COORDINATION_AGENCIES="fit",
        COORDINATION_AGENCY="fit",
        COORDINATION_BUS_URL=settings.url,
        COORDINATION_BUS_CREDENTIALS=str(settings.credentials),
        COORDINATION_BUS_MONITORS=",".join(settings.monitors),
        COLUMNS="160",
    )


async def test_the_streams_are_made_by_the_command_line(
    federation: Federation, run: Callable[..., Run]
) -> None:
    for _ in range(2):
        made = await asyncio.to_thread(run, "bus", "setup", "--language", "fr")
        assert (made.code, made.errors) == (0, "")
        assert made.output.splitlines() == [
            "LEDGER_FIT sur le hub : 0 événements.",
            "LEDGER_HUB sur le serveur de l’agence : 0 événements.",
            "LEDGER_AWEX sur le serveur de l’agence : 0 événements.",
            "LEDGER_FIT sur le serveur de l’agence : 0 événements.",
        ]


async def test_where_no_node_runs_nobody_tells_how_it_stands(
    federation: Federation, run: Callable[..., Run]
) -> None:
    told = await asyncio.to_thread(run, "bus", "health", "--language", "nl")
    assert (told.code, told.output) == (3, "")
    assert told.errors.startswith("Geen node van FIT antwoordt")


async def test_how_a_node_stands_is_told_in_the_language_of_its_reader(
    fit: OneNode, run: Callable[..., Run]
) -> None:
    well = await asyncio.to_thread(run, "bus", "health", "--language", "fr")
    assert well.code == 0
    assert well.output.startswith("Le nœud de FIT")
    await fit.ask("fit", PUBLISH, b"{")
    ill = await asyncio.to_thread(run, "bus", "health", "--language", "nl")
    assert ill.code == 1
    assert ill.output != well.output


async def test_a_message_is_settled_once_it_is_understood(
    fit: OneNode, run: Callable[..., Run]
) -> None:
    answer = await fit.ask("fit", PUBLISH, {**mission("fit", "oslo"), "action": "holiday"})
    assert isinstance(answer, AnswerMalformed)
    again = await asyncio.to_thread(run, "parked", "retry", "1", "--language", "fr")
    assert again.code == 2
    assert "holiday" in again.output
    assert [one.settled for one in fit.mailroom.kept()] == [None]


async def test_a_message_that_a_newer_program_understands_is_recorded(
    fit: OneNode, run: Callable[..., Run]
) -> None:
    """The program before did not know the command."""
    wanted = mission("fit", "oslo")
    subject = f"cmd.fit.fit.{PUBLISH}"
    number = fit.mailroom.keep(
        CameBy(Door.CLIENT, "fit"),
        subject,
        {"Command-Id": "1"},
        msgspec.json.encode(wanted),
        reason=Reason.UNKNOWN_COMMAND,
        parameters={"given": PUBLISH},
    )
    again = await asyncio.to_thread(run, "parked", "retry", str(number), "--language", "nl")
    assert (again.code, again.errors) == (0, "")
    assert "mission-fit-2027-oslo" in again.output
    assert len(fit.ledgers()["fit"]) == 1
    [kept] = fit.mailroom.kept()
    assert kept.settled is not None


async def test_without_a_node_nothing_is_attended_to(
    federation: Federation, tmp_path: Path, run: Callable[..., Run]
) -> None:
    async with one_node(federation, "fit", tmp_path) as fit:
        await fit.ask("fit", PUBLISH, b"{")
    again = await asyncio.to_thread(run, "parked", "retry", "1", "--language", "fr")
    assert (again.code, again.output) == (3, "")
    assert again.errors.startswith("Aucun nœud de FIT")
