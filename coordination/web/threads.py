"""A handler that reads the disk or hashes a password answers from a thread of its own.

Litestar's `sync_to_thread` does the same once too often where two handlers share a path (2.25.0).
"""

from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from anyio.to_thread import run_sync

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def in_a_thread(
    handler: Callable[Arguments, Answer],
) -> Callable[Arguments, Coroutine[Any, Any, Answer]]:
    @wraps(handler)
    async def answered(*values: Arguments.args, **named: Arguments.kwargs) -> Answer:
        return await run_sync(partial(handler, *values, **named))

    return answered
