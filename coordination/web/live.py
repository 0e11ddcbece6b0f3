"""What changes while somebody looks, sent to the page as it happens.

A bell rings after each commit; who hears it looks for what is new. So no hint is needed to be
complete, and many commits that come together are looked at once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from litestar import Litestar
from litestar.response.sse import ServerSentEvent, ServerSentEventMessage

from coordination.service import Service
from coordination.store.refusal import StoreRefused
from coordination.web.threads import in_a_thread

LOOK = 1.0  # seconds between looks for what another process recorded
GATHER = 0.2  # seconds in which changes gather for one message
QUIET = 15.0  # seconds after which a silent stream says that it is there, for what lies between


class Bell:
    """Rung in any thread, heard in the loop of the server. `rings` counts them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.rings = 0
        self.ended = False
        self._next: asyncio.Event | None = None

    @asynccontextmanager
    async def hung(self, application: Litestar) -> AsyncIterator[None]:
        """As long as the application is served."""
        del application
        self._next = asyncio.Event()
        loop = asyncio.get_running_loop()

        def heard() -> None:
            loop.call_soon_threadsafe(self._ring)

        end = self._service.listen(heard)
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            end()
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    def end(self) -> None:
        """Lets all who listen go."""
        self.ended = True
        self._ring()

    async def heard(self, since: int) -> None:
        """Returns once the bell has rung more often."""
        while self.rings == since and not self.ended:
            assert self._next is not None, "the bell hangs as long as the application is served"
            await self._next.wait()

    def _ring(self) -> None:
        self.rings += 1
        if self._next is not None:
            self._next.set()
            self._next = asyncio.Event()

    async def _look(self) -> None:
        """Other processes may write to the same store."""
        position = in_a_thread(self._service.store.position)
        known = await position()
        while True:
            await asyncio.sleep(LOOK)
            with suppress(StoreRefused):  # told to whoever asks a question
                now = await position()
                if now != known:
                    known = now
                    self._ring()


def stream(
    bell: Bell, look: Callable[[int], Coroutine[Any, Any, tuple[str, str]]]
) -> ServerSentEvent:
    """`look` says what is new by so many rings, empty where nothing is, and a mark of what the page
    shows then, which a browser names when it comes again."""

    async def messages() -> AsyncIterator[ServerSentEventMessage]:
        while not bell.ended:
            rings = bell.rings
            new, mark = await look(rings)
            if new:
                yield ServerSentEventMessage(data=new, id=mark)
            while not bell.ended and bell.rings == rings:
                try:
                    await asyncio.wait_for(bell.heard(rings), QUIET)
                except TimeoutError:
                    yield ServerSentEventMessage(data=None, comment="")
            await asyncio.sleep(GATHER)

    return ServerSentEvent(messages())
