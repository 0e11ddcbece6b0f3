"""The line between an agency's server and the hub, which the demonstration cuts."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

PIECE = 65_536  # bytes read at once
LOOPBACK = "127.0.0.1"


class Line:
    """Carries what comes to `port` on to `target`, both on this machine, while it is whole."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self.is_whole = True
        self._open: set[asyncio.StreamWriter] = set()
        self._listening: asyncio.Server | None = None

    def cut(self) -> None:
        """Every connection ends at once, and so does each new one."""
        self.is_whole = False
        for writer in self._open:
            writer.transport.abort()

    def mend(self) -> None:
        self.is_whole = True

    async def lay(self) -> None:
        self._listening = await asyncio.start_server(self._carry, LOOPBACK, self.port)

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.close()
        self.cut()
        while self._open:
            await asyncio.sleep(0)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._one(writer):
            if not self.is_whole:
                return
            try:
                back, onward = await asyncio.open_connection(LOOPBACK, self.target)
            except OSError:  # the hub is not there: who called sees a line that ends
                return
            with self._one(onward):
                ways = [_pass_on(reader, onward), _pass_on(back, writer)]
                if not self.is_whole:
                    writer.transport.abort()
                    onward.transport.abort()
                await asyncio.gather(*ways)

    @contextmanager
    def _one(self, writer: asyncio.StreamWriter) -> Iterator[None]:
        self._open.add(writer)
        try:
            yield
        finally:
            writer.transport.abort()
            self._open.discard(writer)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until either end is gone; then the other goes, once it has got everything."""
    try:
        while data := await reader.read(PIECE):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
