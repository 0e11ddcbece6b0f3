"""The line between a leaf and the hub: it can be cut, and each direction can be held up."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


class Way(StrEnum):
    UP = "up"  # from the leaf to the hub
    DOWN = "down"


class Link:
    """
    Forwards each of its `ports` to the target of the same place, in a thread of its own.

    A context manager: leaving it ends all connections. Its methods return once they hold.
    """

    def __init__(self, ports: Sequence[int], targets: Sequence[int]) -> None:
        self.ports = ports
        self._targets = dict(zip(ports, targets, strict=True))
        self._listening: list[asyncio.Server] = []
        self._ends: set[_End] = set()
        self._held: set[Way] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="link", daemon=True)

    def cut(self) -> None:
        """All connections end at once, and new ones are refused."""
        self._run(self._cut)

    def heal(self) -> None:
        """New connections are let through, and what was held goes on."""
        self._run(self._heal)

    def hold(self, *ways: Way) -> None:
        """Nothing arrives in these directions, and nobody is told: bytes wait, none is lost."""
        self._run(self._hold, *ways)

    def flap(self, times: int, seconds: float) -> None:
        """Cut and whole in turn, each for so long; whole at the end."""
        for _ in range(times):
            self.cut()
            self._run(asyncio.sleep, seconds)
            self.heal()
            self._run(asyncio.sleep, seconds)

    def holds(self, way: Way) -> bool:
        return way in self._held

    async def _cut(self) -> None:
        listening, self._listening = self._listening, []
        for server in listening:
            server.close()
        for end in list(self._ends):
            end.abort()
        while self._ends:
            await asyncio.sleep(0)

    async def _heal(self) -> None:
        self._held.clear()
        for end in list(self._ends):
            end.read_or_not()
        if not self._listening:
            loop = asyncio.get_running_loop()
            for port, target in self._targets.items():
                server = await loop.create_server(_accepting(self, target), "127.0.0.1", port)
                self._listening.append(server)

    async def _hold(self, *ways: Way) -> None:
        self._held.update(ways)
        for end in list(self._ends):
            end.read_or_not()

    def begun(self, end: "_End") -> None:
        self._ends.add(end)

    def ended(self, end: "_End") -> None:
        self._ends.discard(end)

    def _run(self, work: Callable[..., Awaitable[T]], *arguments: object) -> T:
        async def awaited() -> T:
            return await work(*arguments)

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result()

    def __enter__(self) -> "Link":
        self._thread.start()
        self.heal()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _End(asyncio.Protocol):
    """One of the two sockets of a connection; it reads while the other can write."""

    transport: asyncio.Transport

    def __init__(self, link: Link, way: Way) -> None:
        self.link, self.way = link, way
        self.other: _End | None = None
        self.full = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.link.begun(self)
        self.read_or_not()

    def read_or_not(self) -> None:
        if self.other is None or self.other.full or self.link.holds(self.way):
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        assert self.other is not None
        self.other.transport.write(data)

    def pause_writing(self) -> None:
        self.full = True
        if self.other is not None:
            self.other.read_or_not()

    def resume_writing(self) -> None:
        self.full = False
        if self.other is not None:
            self.other.read_or_not()

    def connection_lost(self, error: Exception | None) -> None:
        self.link.ended(self)
        if self.other is not None:
            self.other.transport.close()  # what was read before still arrives

    def abort(self) -> None:
        self.transport.abort()


def _accepting(link: Link, target: int) -> Callable[[], _End]:
    return lambda: _Accepted(link, target)


class _Accepted(_End):
    """The leaf's side, which calls the hub's."""

    def __init__(self, link: Link, target: int) -> None:
        super().__init__(link, Way.UP)
        self.target = target

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._calling = asyncio.get_running_loop().create_task(self._call())

    async def _call(self) -> None:
        calling = _End(self.link, Way.DOWN)
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: calling, "127.0.0.1", self.target
            )
        except OSError:
            self.abort()
            return
        if self.transport.is_closing():
            calling.abort()
            return
        self.other, calling.other = calling, self
        self.read_or_not()
        calling.read_or_not()
