"""A hub whose program somebody replaced: it applies no list, and sends a leaf what it likes."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from coordination.bus.keys.environment import LOOPBACK
from coordination.bus.keys.layout import HUB_SERVER
from schemas.vocabulary import Agency


class OtherHub:
    """It has the hub's certificate, and speaks as much of the protocol as a leaf asks for."""

    def __init__(self, folder: Path, port: int, agency: Agency) -> None:
        self._folder, self._port, self._agency = folder / HUB_SERVER, port, agency
        self.linked = asyncio.Event()
        self.told: list[str] = []  # what the leaf listens to over the link
        self._leaf: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def send(self, subject: str, content: bytes) -> None:
        assert self._leaf is not None
        self._leaf.write(
            b"LMSG %s _R_.x.y %d\r\n%s\r\n" % (subject.encode(), len(content), content)
        )
        await self._leaf.drain()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._take, LOOPBACK, self._port)
        try:
            yield
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.append(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        about = {
            "server_id": "NOTHER",
            "server_name": HUB_SERVER,
            "version": "2.14.6",
            "proto": 1,
            "client_id": 7,
            "auth_required": True,
            "tls_required": True,
            "tls_verify": True,
            "headers": True,
            "jetstream": True,
            "domain": "common",
            "max_payload": 262_144,
            "leafnode_urls": [f"{LOOPBACK}:{self._port}"],
            "nonce": "not-so-secret",
        }
        with suppress(ConnectionError):
            await _say(writer, about)
            await writer.start_tls(self._tls())
            while line := await reader.readline():
                if line.startswith(b"CONNECT"):
                    account = self._agency.upper()
                    await _say(writer, {**about, "connect_info": True, "remote_account": account})
                    self._leaf = writer
                    self.linked.set()
                elif line.startswith(b"LS+"):
                    self.told.append(line.split()[1].decode())
                elif line.startswith(b"PING"):
                    writer.write(b"PONG\r\n")

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(
            ssl.Purpose.CLIENT_AUTH, cafile=self._folder / "ca.pem"
        )
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")
        return context


async def _say(writer: asyncio.StreamWriter, about: dict[str, object]) -> None:
    writer.write(b"INFO " + json.dumps(about).encode() + b"\r\n")
    await writer.drain()
