"""The connection to the agency's own server. The link from there to the hub is the server's."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ssl import SSLError
from typing import Any

from nats.aio.client import Client
from nats.errors import ConnectionClosedError, Error, NoServersError

from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings

# CVE-2025-30215: before these, one account could purge another's streams (shared/nats NOTES, 2).
LEAST = (2, 10, 27)
UNSAFE = ((2, 11, 0),)


class _OfTheClient(logging.Filter):
    """Without what asyncio says of every TLS connection that the client ends (nats.py #727)."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("returning true from eof_received()")


logging.getLogger("asyncio").addFilter(_OfTheClient())


LEAVING = 1.0  # seconds


class _Client(Client):
    """With what the client of NATS lacks."""

    async def _process_headers(self, headers: Any) -> dict[str, str] | None:
        """
        Goes on reading after headers that nobody can read.

        By itself it stops reading for good, and says that it is connected: so any program could
        silence a node with one message.
        """
        try:
            return await super()._process_headers(headers)
        except Exception as error:
            await self._error_cb(error)
            return None

    async def _flush_pending(self, force_flush: bool = False) -> Any:
        """A TLS connection that was lost says so as any other does, not by an AttributeError."""
        try:
            return await super()._flush_pending(force_flush)
        except AttributeError as error:
            raise ConnectionClosedError from error

    async def _process_pong(self) -> None:
        """Goes on reading after a pong for which nobody waits any more (shared/nats NOTES, 2)."""
        with suppress(asyncio.InvalidStateError):
            await super()._process_pong()
        self._pings_outstanding = 0


Troubled = Callable[[Exception], Awaitable[None]]


async def _unheard(error: Exception) -> None:
    """What goes wrong later shows where something is asked and not answered."""


async def connect(
    settings: BusSettings, user: str, troubled: Troubled = _unheard, *, inbox: str = ""
) -> Client:
    """
    A connection as one of the users of the server; it comes back by itself for ever. Answers come
    to its `inbox`, or one of the user's name.

    Raises BusRefused where the server is not there, refuses the keys, or is too old.
    """
    patience: Any = 0.25  # seconds; the client takes parts of one, though it says otherwise
    last: list[Exception] = []

    async def heard(error: Exception) -> None:
        last[:] = [error]
        await troubled(error)

    client: Client = _Client()
    try:
        await client.connect(
            settings.url,
            name=f"coordination-{user}",
            tls=settings.tls_of(user),
            inbox_prefix=f"_INBOX_{inbox or user}",
            max_reconnect_attempts=1,  # the first time: else it tries for ever and says nothing
            reconnect_time_wait=patience,
            connect_timeout=2,
            ping_interval=5,
            max_outstanding_pings=2,
            allow_reconnect=False,
            error_cb=heard,
            nkeys_seed_str=settings.seed_of(user),
        )
    except (Error, OSError, SSLError, TimeoutError, NoServersError) as error:
        await leave(client)  # else it keeps its socket
        why = last[0] if last else error
        said = str(why) or type(why).__name__
        raise BusRefused("bus.unreachable", url=_shown(settings.url), reason=said) from error
    client.options |= {"allow_reconnect": True, "max_reconnect_attempts": -1}
    found = version_of(client.connected_server_version)
    if is_unsafe(found):
        await leave(client)
        raise BusRefused("bus.server-too-old", found=written(found), least=written(LEAST))
    return client


async def leave(client: Client) -> None:
    """Close a connection. By itself the client may wait for ever for a server that is gone."""
    closing = asyncio.create_task(client.close())
    done, _ = await asyncio.wait([closing], timeout=LEAVING)
    closing.cancel()
    for one in done:
        one.exception()  # what goes wrong now is nobody's trouble


async def closed(client: Client) -> None:
    """Comes back once the client has given up for good, as it does on an error of the protocol."""
    while not client.is_closed:
        await asyncio.sleep(1)


def version_of(version: object) -> tuple[int, int, int]:
    """Of the client's own structure, or of text such as `2.14.6`."""
    text = version if isinstance(version, str) else ""
    parts = (
        text.partition("-")[0].split(".")
        if text
        else [getattr(version, part, 0) for part in ("major", "minor", "patch")]
    )
    try:
        major, minor, patch = (int(part) for part in parts)
    except ValueError:
        return (0, 0, 0)
    return major, minor, patch


def is_unsafe(version: tuple[int, int, int]) -> bool:
    return version < LEAST or version in UNSAFE


def written(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))


def _shown(url: str) -> str:
    """Without a password."""
    scheme, _, rest = url.rpartition("://")
    place = rest.rpartition("@")[2]
    return f"{scheme}://{place}" if scheme else place
