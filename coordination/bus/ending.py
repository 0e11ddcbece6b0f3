"""Ending tasks, also those that miss that they were told to.

In Python 3.11, who is cancelled in the moment in which `asyncio.wait_for` has its answer does not
hear it, and the client of NATS asks so. Therefore it is said until it is heard.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN = 0.5  # seconds until it is said once more


async def ended(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    """Cancelled and over, whatever came of them."""
    going_on = set(tasks)
    while going_on:
        for task in going_on:
            task.cancel()
        over, going_on = await asyncio.wait(going_on, timeout=AGAIN)
        for task in over:
            if not task.cancelled():
                task.exception()  # it was told where it was raised
