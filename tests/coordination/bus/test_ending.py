"""Tasks that are ended are over, also those that did not hear it the first time."""

import asyncio

from coordination.bus.ending import ended


async def test_a_task_that_missed_it_is_told_again() -> None:
    missed = 0

    async def misses() -> None:
        nonlocal missed
        while missed < 2:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                missed += 1
        await asyncio.sleep(60)

    async def fails() -> None:
        raise ValueError

    tasks = [asyncio.create_task(misses()), asyncio.create_task(fails())]
    await asyncio.sleep(0)
    await ended(tasks)
    assert (missed, [task.done() for task in tasks]) == (2, [True, True])


async def test_nothing_is_ended_at_once() -> None:
    await ended([])
