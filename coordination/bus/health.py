"""Asking how the bus stands: the servers by their monitors, the node by its own subject."""

import asyncio
from http.client import HTTPException
from urllib.request import urlopen

import msgspec
from msgspec import Struct, field
from nats.errors import Error

from coordination.bus.connection import connect, is_unsafe, leave, version_of, written
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from schemas.health import Health, ServerHealth
from schemas.vocabulary import Agency

# Before, a leaf left its deny lists to the hub's server (deploy/OPERATING.md).
KEEPS_ITS_LIST = (2, 12, 8)
PATIENCE = 2.0  # seconds for the page of a server


def is_well(health: Health) -> bool:
    """Nothing for anybody to do."""
    servers = not any(map(faults_of, health.servers))
    ledgers = not any(one.forked for one in health.ledgers)
    return servers and ledgers and not (health.kept or health.evidence or health.refusals)


def faults_of(server: ServerHealth) -> list[str]:
    """What is wrong with a server, as keys of the catalogues."""
    if server.sync_always is None:
        return ["bus.server-not-seen"]
    faults = [] if server.sync_always else ["bus.server-loses-on-power-cut"]
    if not server.version_is_safe:
        return [*faults, "bus.server-unsafe"]
    if version_of(server.version) < KEEPS_ITS_LIST and server.name.startswith("leaf-"):
        return [*faults, "bus.server-trusts-hub"]
    return faults


async def looked_at(monitors: tuple[str, ...]) -> tuple[ServerHealth, ...]:
    return tuple(await asyncio.gather(*(asyncio.to_thread(look, one) for one in monitors)))


class _Config(Struct):
    sync_always: bool = False


class _JetStream(Struct):
    config: _Config = field(default_factory=_Config)


class _Varz(Struct):
    """As much of the page `/varz` of a server as is looked at."""

    version: str
    server_name: str
    jetstream: _JetStream = field(default_factory=_JetStream)


def look(monitor: str) -> ServerHealth:
    """One server, by its monitor."""
    try:
        with urlopen(f"{monitor.rstrip('/')}/varz", timeout=PATIENCE) as page:
            shown = msgspec.json.decode(page.read(), type=_Varz)
    except (OSError, HTTPException, ValueError):
        return ServerHealth(monitor=monitor)
    version = version_of(shown.version)
    return ServerHealth(
        monitor=monitor,
        name=shown.server_name,
        version=written(version),
        version_is_safe=not is_unsafe(version),
        sync_always=shown.jetstream.config.sync_always,
    )


async def asked(settings: BusSettings, me: Agency) -> Health:
    """What the running node says of itself. Raises BusRefused where none runs."""
    client = await connect(settings, "client")
    try:
        answer = await client.request(f"node.{me}.health", b"", timeout=3 * PATIENCE)
        return msgspec.json.decode(answer.data, type=Health)
    except (Error, TimeoutError, msgspec.DecodeError) as error:  # or it cannot say how it stands
        raise BusRefused("bus.no-node", agency=me) from error
    finally:
        await leave(client)
