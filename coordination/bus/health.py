"""Asking how the bus stands: the servers by their monitors, the node by its own subject."""

import asyncio
from http.client import HTTPException
from typing import Any
from urllib.request import urlopen

import msgspec
from nats.errors import Error

from coordination.bus.connection import connect, is_unsafe, leave, version_of, written
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from schemas.health import Health, ServerHealth
from schemas.vocabulary import Agency

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
        await leave(client)
