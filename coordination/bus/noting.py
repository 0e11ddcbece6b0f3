"""Noting answers in the mailroom: those that come while one transaction is on its way share the
next, as commands share a commit."""

import asyncio
from collections.abc import Callable, Sequence

from coordination.mailroom.answered import Given


class Noting:
    """`note` keeps several answers, durably, in a thread of its own."""

    def __init__(self, note: Callable[[Sequence[Given]], Sequence[bytes | None]]) -> None:
        self._note = note
        self._waiting: list[tuple[Given, asyncio.Future[bytes | None]]] = []
        self._at_work: asyncio.Task[None] | None = None

    async def noted(self, given: Given) -> bytes | None:
        """What is kept, once it is durable; None where the id was used for another command."""
        kept: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, kept))
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.create_task(self._work())
        return await kept

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                noted = await asyncio.to_thread(self._note, [given for given, _ in batch])
            except Exception as error:
                for _, kept in batch:
                    if not kept.done():
                        kept.set_exception(error)
                continue
            for (_, kept), answer in zip(batch, noted, strict=True):
                if not kept.done():
                    kept.set_result(answer)
