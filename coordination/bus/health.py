"""How the bus stands: what a person on duty must know, and what a monitor compares."""

import asyncio
from http.client import HTTPException
from typing import Any
from urllib.request import urlopen

import msgspec
from msgspec import Struct
from nats.errors import Error

from coordination.bus.connection import connect, is_unsafe, version_of, written
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from schemas.vocabulary import Agency

PATIENCE = 2.0  # seconds for the page of a server


class ServerHealth(Struct, frozen=True, kw_only=True):
    """
    A server as its monitor shows it. `sync_always` is the setting without which a power cut loses
    what was acknowledged (shared/nats NOTES, 0.3); null where the monitor does not answer.
    """

    monitor: str
    name: str = ""
    version: str = ""
    version_is_safe: bool | None = None
    sync_always: bool | None = None


class LedgerHealth(Struct, frozen=True, kw_only=True):
    """
    `head` is what the own store has; `common` what the hub is known to have, null while it cannot
    be seen; `behind` the events between; `local` what the agency's own server has. `trouble` is
    what goes wrong at the moment, in the words of the program.
    """

    ledger: Agency
    head: int
    common: int | None
    behind: int | None
    local: int | None
    forked: bool = False
    trouble: str = ""


class Health(Struct, frozen=True, kw_only=True):
    """
    `linked`: the hub was reached just now. Cut off is a state a node works in, and no failure.

    `refusals` counts what the own server did not let this node do.
    """

    agency: Agency
    linked: bool
    server: str
    refusals: int
    ledgers: tuple[LedgerHealth, ...]
    servers: tuple[ServerHealth, ...]
    waiting: int
    kept: int
    evidence: int

    @property
    def is_well(self) -> bool:
        """Nothing for anybody to do."""
        servers = not any(map(faults_of, self.servers))
        ledgers = not any(one.forked for one in self.ledgers)
        return servers and ledgers and not (self.kept or self.evidence or self.refusals)


def faults_of(server: ServerHealth) -> list[str]:
    """What is wrong with a server, as keys of the catalogues."""
    if server.sync_always is None:
        return ["bus.server-not-seen"]
    faults = [] if server.sync_always else ["bus.server-loses-on-power-cut"]
    return faults if server.version_is_safe else [*faults, "bus.server-unsafe"]


async def looked_at(monitors: tuple[str, ...]) -> tuple[ServerHealth, ...]:
    return tuple(await asyncio.gather(*(asyncio.to_thread(look, one) for one in monitors)))


def look(monitor: str) -> ServerHealth:
    """One server, by the page `/varz` of its monitor."""
    try:
        with urlopen(f"{monitor.rstrip('/')}/varz", timeout=PATIENCE) as page:
            shown: Any = msgspec.json.decode(page.read())
    except (OSError, HTTPException, ValueError):
        return ServerHealth(monitor=monitor)
    version = version_of(str(shown.get("version", "")))
    settings = shown.get("jetstream", {}).get("config", {})
    return ServerHealth(
        monitor=monitor,
        name=str(shown.get("server_name", "")),
        version=written(version),
        version_is_safe=not is_unsafe(version),
        sync_always=bool(settings.get("sync_always")),
    )


async def asked(settings: BusSettings, me: Agency) -> Health:
    """What the running node says of itself. Raises BusRefused where none runs."""
    client = await connect(settings, "client")
    try:
        answer = await client.request(f"node.{me}.health", b"", timeout=3 * PATIENCE)
        return msgspec.json.decode(answer.data, type=Health)
    except (Error, TimeoutError) as error:
        raise BusRefused("bus.no-node", agency=me) from error
    finally:
        await client.close()
