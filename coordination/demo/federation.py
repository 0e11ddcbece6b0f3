"""Plays September between three nodes, each a process with a store and a server of its own.

What an agency asks it asks as any of its programs would: by its own server, as its user `client`.
"""

import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import date, datetime
from enum import StrEnum
from importlib.resources import as_file, files
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from coordination.bus.client import BusClient, Request
from coordination.conversion import read_tagged
from coordination.demo.player import DATA, StoryRefused, story
from coordination.demo.player import Step as YearStep
from coordination.demo.standing import Standing, standing
from coordination.demo.trial import Federation, Waits
from coordination.importing import import_file
from coordination.service import Service
from coordination.settings import Settings
from schemas.answer import AnswerDone, AnswerWaiting, AnyAnswer
from schemas.message import name
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import FIT, THREE, Agency

STORY = files("coordination.demo") / "federation.json"
MISSIONS = "missions-sourced.csv"


class Act(StrEnum):
    CUT = "cut"
    MEND = "mend"


class Step(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """
    A day of the story. `of_the_year` is the day of the story of the year (story.json) whose
    commands are asked here, too; `line` is what happens to the line between FIT and the hub.
    """

    day: date
    say: dict[str, str]
    of_the_year: date | None = None
    commands: tuple[dict[str, Any], ...] = ()
    line: Act | None = None
    listed: bool = False
    standing: bool = False


class Asked(Struct, frozen=True, kw_only=True):
    """A command and what was answered, `seconds` after it was asked, or after the line stood."""

    asker: Agency
    owner: Agency
    tag: str
    stream: str
    answer: AnyAnswer
    seconds: float


class Began(Struct, frozen=True, kw_only=True):
    """The nodes run; how many events of its own each brought in."""

    folder: Path
    events: Mapping[Agency, int]


class Told(Struct, frozen=True, kw_only=True):
    """
    What a step did. `listed`: whether its commands are told one by one. `settled`: what had waited
    for the line, with its outcome.
    """

    day: date
    sentence: str
    asked: tuple[Asked, ...] = ()
    listed: bool = False
    settled: tuple[Asked, ...] = ()
    standing: Standing | None = None


class Story(Struct, frozen=True, forbid_unknown_fields=True):
    steps: tuple[Step, ...]


def steps() -> tuple[Step, ...]:
    return msgspec.json.decode(STORY.read_bytes(), type=Story).steps


async def play(
    folder: Path,
    *,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    language: str,
    waits: Waits,
) -> AsyncGenerator[Began | Told, None]:
    """
    Starts everything in an empty folder, plays step after step and tells each.

    Close it: then everything it started has ended. Raises BusRefused where a program cannot be
    started, or ends by itself; StoryRefused where the story and the rules have parted.
    """
    async with Federation(folder, environ, clock(), waits, FIT) as federation:
        federation.make_keys()
        await federation.start_servers()

        def opened(agency: Agency) -> Service:
            store = {"SQLITE_DBNAME": str(federation.store(agency))}
            return Service(Settings(speaks_for=(agency,)), store, clock, new_id)

        brought = {agency: _bring_in(opened(agency)) for agency in THREE}
        await federation.start_nodes()
        yield Began(folder=folder, events=brought)
        async with AsyncExitStack() as stack:
            services = {agency: stack.enter_context(opened(agency)) for agency in THREE}
            clients = {
                agency: await stack.enter_async_context(BusClient(federation.settings(agency)))
                for agency in THREE
            }
            player = _Player(federation, services, clients)
            for agency, client in clients.items():
                await client.hear(agency, player.hear)
            for step in steps():
                yield await player.played(step, language)


def _bring_in(node: Service) -> int:
    """The real missions that the agency leads alone; of others' rows, others speak."""
    with node as service, as_file(DATA / MISSIONS) as path:
        report = import_file(service, "missions", path, skip_invalid=True)
    wrong = [one for one in report.problems if one.expected != "import.not-spoken-for"]
    if wrong:
        raise StoryRefused(MISSIONS, wrong)
    return report.events


class _Player:
    def __init__(
        self,
        federation: Federation,
        services: Mapping[Agency, Service],
        clients: Mapping[Agency, BusClient],
    ) -> None:
        self._federation, self._services, self._clients = federation, services, clients
        self._numbers = count(1)
        self._waiting: dict[str, Asked] = {}
        self._settled: list[Asked] = []
        self._mended_at = 0.0

    def hear(self, answer: AnyAnswer) -> None:
        """The outcome of what had to wait."""
        if (asked := self._waiting.pop(answer.id or "", None)) is not None:
            seconds = time.monotonic() - self._mended_at
            self._settled.append(replace(asked, answer=answer, seconds=seconds))

    async def played(self, step: Step, language: str) -> Told:
        match step.line:
            case Act.CUT:
                await self._federation.cut()
            case Act.MEND:
                self._mended_at = time.monotonic()
                await self._federation.mend()
        asked = [await self._ask(command, step) for command in _commands(step)]
        if self._federation.line.is_whole:
            await self._federation.until("demo.outcomes", self._all_settled)
            await self._federation.until("demo.alike", lambda: self._are_alike(*THREE))
        else:
            others = [agency for agency in THREE if agency != FIT]
            await self._federation.until("demo.alike", lambda: self._are_alike(*others))
        settled, self._settled = self._settled, []
        return Told(
            day=step.day,
            sentence=step.say.get(language, step.say["en"]),
            asked=tuple(asked),
            listed=step.listed,
            settled=tuple(settled),
            standing=await self._standing(step.day) if step.standing else None,
        )

    async def _ask(self, raw: dict[str, Any], step: Step) -> Asked:
        known = self._services[FIT].known
        written = {"effective": step.day.isoformat(), **raw}
        command: Any = read_tagged(AnyCommand, written, known, text=True)
        request = Request(
            id=f"demo-{next(self._numbers)}",
            command=command,
            meeting=_meeting(step) or getattr(command, "meeting", None),
        )
        begun = time.monotonic()
        answer = await self._clients[command.by].ask(request)
        asked = Asked(
            asker=command.by,
            owner=request.owner,
            tag=name(command),
            stream=request.stream,
            answer=answer,
            seconds=time.monotonic() - begun,
        )
        cut_apart = not self._federation.line.is_whole and (command.by == FIT) != (
            request.owner == FIT
        )
        if not isinstance(answer, AnswerWaiting if cut_apart else AnswerDone):
            raise StoryRefused(answer, command)
        if cut_apart:
            self._waiting[request.id] = asked
        return asked

    async def _all_settled(self) -> bool:
        return not self._waiting

    async def _are_alike(self, *agencies: Agency) -> bool:
        """Whether they have the same ledgers, each as far as its owner has it."""
        heads = [self._services[agency].store.standing()[1] for agency in agencies]
        return all(each == heads[0] for each in heads)

    async def _standing(self, day: date) -> Standing:
        """With the health of each node, once what its neighbours record has come in."""
        healths = {agency: await self._federation.health(agency) for agency in THREE}
        return standing(self._services, healths, day)


def _commands(step: Step) -> tuple[dict[str, Any], ...]:
    return (*(one for of_year in _of_the_year(step) for one in of_year.commands), *step.commands)


def _meeting(step: Step) -> str | None:
    return next((of_year.meeting for of_year in _of_the_year(step)), None)


def _of_the_year(step: Step) -> list[YearStep]:
    return [one for one in story().steps if one.day == step.of_the_year]
