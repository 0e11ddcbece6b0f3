"""The pages, served until asked to end; then within five seconds, whoever still listens."""

import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from litestar import Litestar

LAST_ANSWERS = (
    3  # seconds for what is still being answered; without a limit one open stream holds on
)


class AddressTaken(Exception):
    """Nothing can be served there; says why."""


def listening(host: str, port: int) -> socket.socket:
    """Raises AddressTaken."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise AddressTaken(os.strerror(error.errno) if error.errno else str(error)) from error


def serve(application: Litestar, listener: socket.socket, ready: Callable[[], None]) -> None:
    """`ready` is called once somebody can be answered."""
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=LAST_ANSWERS,
        lifespan="on",
    )
    # uvicorn raises the signal that ended it once more: we have then ended as we were asked.
    before = {one: signal.signal(one, _ended) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        Telling(config, ready, application.state.bell.end).run(sockets=[listener])
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


class Telling(uvicorn.Server):
    """`ending` is called before it waits for what is still being answered."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready, self._ending = ready, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


def _ended(number: int, frame: Any) -> None:
    del number, frame
