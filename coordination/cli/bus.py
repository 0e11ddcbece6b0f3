"""`coordination bus`: the node on the bus, its streams, its keys, and how it stands."""

import asyncio
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from msgspec import Meta, Struct

from coordination.cli.options import written
from coordination.cli.other_commands import Language
from coordination.cli.showing import Showing, show
from coordination.cli.terminal import ExitCode, Terminal
from schemas.vocabulary import Words

if TYPE_CHECKING:
    from coordination.bus.settings import BusSettings
    from schemas.vocabulary import Agency

Replicas = Annotated[
    str | None,
    Parameter(
        name="--replicas", help="how many servers of the hub keep each stream: 1, or 3 on a cluster"
    ),
]
Agencies = Annotated[
    str | None,
    Parameter(name="--agencies", help="their codes, comma-separated; else all that are known"),
]
HubUrls = Annotated[
    str | None,
    Parameter(
        name="--hub-urls",
        help="where leaves call the hub, comma-separated; else tls://127.0.0.1:7422",
    ),
]
Hosts = Annotated[
    str | None,
    Parameter(name="--hosts", help="other names and addresses of the servers, comma-separated"),
]
SeenAs = Annotated[
    str | None, Parameter(name="--seen-as", help="the folder as the servers see it; else FOLDER")
]
Days = Annotated[str | None, Parameter(name="--days", help="how long certificates hold; else 365")]
Form = Annotated[str | None, Parameter(name="--format", help="table, json or csv")]


class Shaping(Struct, frozen=True, kw_only=True):
    replicas: Annotated[int, Meta(ge=1, le=5)] = 1


class Keys(Struct, frozen=True, kw_only=True):
    folder: Words
    days: Annotated[int, Meta(ge=1, le=3650)] = 365


class BusCommands:
    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def run(self, *, replicas: Replicas = None, language: Language = None) -> int:
        """Run this agency's node: send what it records, take in what others do, decide, ask."""
        del language  # already that of the terminal
        shaping = self.terminal.read(Shaping, {"replicas": replicas}, written)
        if shaping is None:
            return ExitCode.MALFORMED
        from coordination.bus.node import Node
        from coordination.bus.stream import Shape

        terminal, (_, settings) = self.terminal, self._bus()
        with terminal.service() as service, terminal.mailroom(service.store) as mailroom:
            shape = Shape(shaping.replicas)
            node = Node(service, mailroom, settings, shape=shape, told=self._tell)
            asyncio.run(until_asked_to_end(node.run()))
        return ExitCode.DONE

    def setup(self, *, replicas: Replicas = None, language: Language = None) -> int:
        """Make the streams, or bring them to what is wanted; once or often."""
        del language
        shaping = self.terminal.read(Shaping, {"replicas": replicas}, written)
        if shaping is None:
            return ExitCode.MALFORMED
        from coordination.bus.setup import setup
        from coordination.bus.stream import Shape

        known, (me, settings) = self.terminal.settings.known, self._bus()
        streams = asyncio.run(setup(settings, me, known, Shape(shaping.replicas)))
        for stream in streams:
            self.terminal.write(
                self.terminal.say(
                    "bus.stream-on-hub" if stream.copy.on_the_hub else "bus.stream-here",
                    stream=stream.copy.name,
                    count=stream.messages,
                )
            )
        return ExitCode.DONE

    def keys(
        self,
        folder: str | None = None,
        /,
        *,
        agencies: Agencies = None,
        hub_urls: HubUrls = None,
        hosts: Hosts = None,
        seen_as: SeenAs = None,
        days: Days = None,
        language: Language = None,
    ) -> int:
        """
        Make all keys and certificates of a federation, for a trial.

        In production each agency makes its own: deploy/OPERATING.md.
        """
        del language
        terminal = self.terminal
        asked = terminal.read(Keys, {"folder": folder, "days": days}, _shown)
        if asked is None:
            return ExitCode.MALFORMED
        from coordination.bus.keys.layout import HUB_SERVER
        from coordination.bus.keys.making import make
        from coordination.bus.keys.trial import HUB_URL, Trial

        at = Path(asked.folder).absolute()
        trial = Trial(
            folder=seen_as or str(at),
            agencies=_parts(agencies) or terminal.settings.known,
            hub_urls=_parts(hub_urls) or (HUB_URL,),
            hosts=_parts(hosts),
            days=asked.days,
        )
        make(at, trial, terminal.surroundings.clock())
        terminal.write(terminal.say("bus.keys-of-hub", path=str(at / HUB_SERVER)))
        for agency in trial.agencies:
            path = str(at / agency)
            terminal.write(terminal.say("bus.keys-of-agency", agency=agency, path=path))
        terminal.write(terminal.say("bus.keys-travel"))
        return ExitCode.DONE

    def health(self, *, shape: Form = None, language: Language = None) -> int:
        """How the node stands; exit code 1 where somebody has to do something."""
        del language
        showing = self.terminal.read(Showing, {"format": shape}, written)
        if showing is None:
            return ExitCode.MALFORMED
        from coordination.bus.health import asked, is_well

        me, settings = self._bus()
        health = asyncio.run(asked(settings, me))
        show(self.terminal, health, showing.format)
        return ExitCode.DONE if is_well(health) else ExitCode.REJECTED

    def _bus(self) -> "tuple[Agency, BusSettings]":
        from coordination.bus.settings import agency_on_the_bus

        return agency_on_the_bus(self.terminal.surroundings.environ, self.terminal.settings)

    def _tell(self, key: str, /, **parameters: str | int) -> None:
        self.terminal.write(self.terminal.say(key, **parameters))
        self.terminal.surroundings.output.flush()


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _shown(field: str) -> str:
    return {"folder": "FOLDER"}.get(field, written(field))


async def until_asked_to_end(work: Coroutine[Any, Any, None]) -> bool:
    """Runs, and ends what was begun when the process is asked to end: then this is true."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(one, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False
