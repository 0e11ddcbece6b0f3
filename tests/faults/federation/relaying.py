"""One relay by itself, from a store to a stream of a server without keys, to be killed."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from coordination.bus.connection import connect
from coordination.bus.relay import Relay
from coordination.bus.settings import BusSettings
from coordination.bus.stream import Copy, Shape
from coordination.store.ledger_reading import LedgerReader
from schemas.vocabulary import AWEX
from tests.faults.clerk import opened

COPY = Copy(AWEX, False, Shape(duplicate_window=1.0))


def relayed(store: str, url: str, folder: Path, kind: type[Relay] = Relay) -> Callable[[], None]:
    """Work for a process of its own, for ever."""

    async def run() -> None:
        events = opened(store)
        client = await connect(BusSettings(url=url, credentials=folder), "node")
        await kind(client, COPY, lambda: LedgerReader(events, AWEX), consumer="node").run()

    return lambda: asyncio.run(run())
