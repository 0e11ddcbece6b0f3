"""A federation on one machine: a hub, a server and a node for each agency, with keys of a trial."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from coordination.bus import health
from coordination.bus.keys.environment import array
from coordination.bus.keys.layout import HUB_SERVER
from coordination.bus.keys.making import make
from coordination.bus.keys.trial import Trial
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from coordination.demo.line import LOOPBACK, Line
from coordination.demo.process import Process
from coordination.demo.servers import (
    configuration,
    free_ports,
    is_linked,
    is_ready,
    server_program,
    surroundings,
    variables,
)
from schemas.health import Health
from schemas.vocabulary import THREE, Agency

SLOW = 2.0  # seconds, after which it is told what is waited for
PATIENCE = 90.0  # seconds; after repeated outages a server waits up to a minute itself
PAUSE = 0.1  # seconds between two looks
NODE = (sys.executable, "-c", "from coordination.cli import main; raise SystemExit(main())")

Waits = Callable[[str], object]  # told what is waited for, as a key


class Federation:
    """
    All of it lies in `folder`, which is there; `behind_the_line` is the agency that can be cut off.

    A context manager: leaving it ends everything that was started.
    """

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        now: datetime,
        waits: Waits,
        behind_the_line: Agency,
    ) -> None:
        self.folder, self.keys = folder, folder / "keys"
        self.environ, self.waits = surroundings(environ), waits
        self._now, self._behind = now, behind_the_line
        self._processes: list[Process] = []
        hub, self._link, line, *others = free_ports(3 + 2 * len(THREE) + 1)
        self._hub, self._ports = hub, dict(zip(THREE, others, strict=False))
        self._monitors = dict(zip((HUB_SERVER, *THREE), others[len(THREE) :], strict=True))
        self.line = Line(line, self._link)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The nodes first, and the hub last."""
        with ExitStack() as stack:
            for process in self._processes:
                stack.callback(process.end)
            for process in self._processes[1 + len(THREE) :]:
                process.ask_to_end()
        await self.line.close()

    def make_keys(self) -> None:
        trial = Trial(folder=str(self.keys), agencies=THREE, hub_urls=(f"tls://{LOOPBACK}",))
        make(self.keys, trial, self._now)

    def store(self, agency: Agency) -> Path:
        return self.folder / f"{agency}.sqlite"

    def settings(self, agency: Agency) -> BusSettings:
        """For the programs of an agency."""
        url = f"tls://{LOOPBACK}:{self._ports[agency]}"
        return BusSettings(url=url, credentials=self.keys / agency)

    async def start_servers(self) -> None:
        """Raises BusRefused where one does not run."""
        program = server_program()
        await self.line.lay()
        hub = {
            "HUB_PORT": str(self._hub),
            "HUB_HTTP": self._place(HUB_SERVER),
            "HUB_LINK_PORT": str(self._link),
            # What the hub tells about itself: told its own port, a leaf would go round the line.
            "HUB_LINK_ADDRESS": f"{LOOPBACK}:{self.line.port}",
        }
        self._start_server(program, HUB_SERVER, self.keys / HUB_SERVER, "hub", hub)
        for agency in THREE:
            link = self.line.port if agency == self._behind else self._link
            leaf = {
                "LEAF_PORT": str(self._ports[agency]),
                "LEAF_HTTP": self._place(agency),
                "HUB_LINK_URLS": array([f"tls://{LOOPBACK}:{link}"]),
            }
            self._start_server(program, f"leaf-{agency}", self.keys / agency, "leaf", leaf)
        await self.until("demo.servers", lambda: self._all(is_ready, HUB_SERVER, *THREE))
        await self.until("demo.links", lambda: self._all(is_linked, *THREE))

    def _start_server(
        self, program: str, name: str, at: Path, kind: str, changed: Mapping[str, str]
    ) -> None:
        """By the configuration of deploy/nats, beside its accounts.conf, which it includes."""
        config = at / f"{kind}.conf"
        config.write_bytes(configuration(config.name))
        self._start(name, (program, "-c", str(config)), variables(at / f"{kind}.env"), changed)

    async def start_nodes(self) -> None:
        """Returns once each reaches the hub. Raises BusRefused where one does not run."""
        for agency in THREE:
            changed = {
                "COORDINATION_BUS_URL": self.settings(agency).url,
                "COORDINATION_BUS_MONITORS": f"http://{self._place(HUB_SERVER)},"
                f"http://{self._place(agency)}",
                "SQLITE_DBNAME": str(self.store(agency)),
            }
            given = variables(self.keys / agency / "node.env")
            self._start(f"node-{agency}", (*NODE, "bus", "run"), given, changed)
        for agency in THREE:
            await self.until("demo.nodes", partial(self._node_is_linked, agency))

    def _start(
        self,
        name: str,
        command: tuple[str, ...],
        given: Mapping[str, str],
        changed: Mapping[str, str],
    ) -> None:
        environ = {**self.environ, **given, **changed}
        self._processes.append(Process(name, self.folder, command, environ))

    async def cut(self) -> None:
        """Returns once the server of the agency knows that it is alone."""
        self.line.cut()
        await self.until("demo.cut-off", self._is_cut_off)

    async def mend(self) -> None:
        """Returns once the agency's server has called the hub again."""
        self.line.mend()
        await self.until("demo.links", lambda: self._all(is_linked, self._behind))

    async def health(self, agency: Agency) -> Health:
        """Raises BusRefused where its node does not answer."""
        return await health.asked(self.settings(agency), agency)

    async def _node_is_linked(self, agency: Agency) -> bool:
        try:
            return (await self.health(agency)).linked
        except BusRefused:
            return False

    async def _is_cut_off(self) -> bool:
        return not await self._all(is_linked, self._behind)

    async def _all(self, holds: Callable[[str], bool], *names: str) -> bool:
        pages = [asyncio.to_thread(holds, f"http://{self._place(name)}") for name in names]
        return all(await asyncio.gather(*pages))

    def _place(self, name: str) -> str:
        """Of the monitor of the hub, or of an agency's server."""
        return f"{LOOPBACK}:{self._monitors[name]}"

    async def until(self, what: str, holds: Callable[[], Awaitable[bool]]) -> float:
        """
        The seconds it took. `what` is a key for who waits with us.

        Raises BusRefused where a program has ended meanwhile, or nothing comes of it.
        """
        begun, told = time.monotonic(), False
        while not await holds():
            for process in self._processes:
                process.check()
            waited = time.monotonic() - begun
            if waited > SLOW and not told:
                told = True
                self.waits(what)
            if waited > PATIENCE:
                raise BusRefused("demo.in-vain", seconds=int(waited))
            await asyncio.sleep(PAUSE)
        return time.monotonic() - begun
