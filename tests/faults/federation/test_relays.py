"""A relay that is killed at any moment, and two at once: each event is in the stream once."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from time import monotonic, sleep

import nats
import pytest
from msgspec import Struct

from coordination.bus.relay import Relay
from coordination.store.answers import Asked
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import AWEX
from tests.faults.clerk import commands, opened, started
from tests.faults.federation import streams
from tests.faults.federation.evidence import Store, envelope
from tests.faults.federation.marking_relay import MarkingRelay
from tests.faults.federation.relaying import relayed
from tests.faults.killing import killed_after
from tests.servers.nats import Server, free_ports

KILLS = 200
EVENTS = 60  # recorded before each
SHORTEST, LONGEST = 0.02, 0.12  # seconds that a relay is left alone; connecting needs the first
PATIENCE = 60.0  # seconds for the last relay


class Bench(Struct):
    folder: Path
    url: str
    commands: Iterator[AnyCommand]
    ids: Iterator[int]

    @property
    def path(self) -> str:
        return str(self.folder / "store.sqlite")

    def write(self, events: int = EVENTS) -> None:
        store = opened(self.path)
        writer = started(store)
        asked = [
            Asked(command=command, role="coordinator", id=f"c-{next(self.ids)}")
            for command in islice(self.commands, events)
        ]
        writer.ask_together(asked, keep=True)
        writer.close()
        store.close()

    def wanted(self) -> list[tuple[str, bytes]]:
        return [(envelope(raw).id, raw) for raw in Store(Path(self.path)).ledger(AWEX)]

    def length(self) -> int:
        async def last() -> int:
            async with await nats.connect(self.url) as client:
                info = await client.jetstream().streams_info()
                return sum(one.state.messages for one in info)

        return asyncio.run(last())

    def published(self) -> list[tuple[str, bytes]]:
        async def contents() -> list[tuple[str, bytes]]:
            async with await nats.connect(self.url) as client:
                return await streams.contents(client, AWEX)

        return asyncio.run(contents())

    def begun(self, kind: type[Relay]) -> int:
        """A relay in a process of its own, whose number it is."""
        process = os.fork()
        if process == 0:
            try:
                os.chdir(self.folder)
                relayed(self.path, self.url, self.folder, kind)()
            finally:
                os._exit(1)
        return process

    def finish(self, kind: type[Relay]) -> None:
        """By a relay that is left alone until the stream has the length of the ledger."""
        relay, end = self.begun(kind), monotonic() + PATIENCE
        wanted = len(self.wanted())
        while self.length() < wanted and monotonic() < end:
            sleep(0.05)
        sleep(0.3)  # for what it should not send
        ended(relay)


def ended(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    assert status == signal.SIGKILL, "the relay had ended by itself"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    port, monitor = free_ports(2)
    config = f"""
port: {port}
http: "127.0.0.1:{monitor}"
jetstream {{ store_dir: $STORE, sync_interval: always }}
"""
    with Server("one", tmp_path, config, monitor):
        yield Bench(tmp_path, f"nats://127.0.0.1:{port}", commands("one"), count())


def killed(bench: Bench, kind: type[Relay], kills: int) -> int:
    """How many of the relays died amid their work."""
    chance = random.Random(907)
    amid = 0
    for _ in range(kills):
        bench.write()
        before = bench.length()
        ledger = len(bench.wanted())
        work = relayed(bench.path, bench.url, bench.folder, kind)
        killed_after(chance.uniform(SHORTEST, LONGEST), work)
        amid += before < bench.length() < ledger
    return amid


def test_a_relay_that_died_at_any_moment_publishes_each_event_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.folder)
    amid = killed(bench, Relay, KILLS)
    bench.finish(Relay)
    assert bench.published() == bench.wanted()
    assert amid >= KILLS // 20


def test_the_same_kills_show_a_relay_that_marks_before_it_publishes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.folder)
    killed(bench, MarkingRelay, KILLS // 4)
    bench.write()
    relay = bench.begun(MarkingRelay)
    sleep(2)
    ended(relay)
    assert len(bench.published()) < len(bench.wanted())


def test_two_relays_at_once_publish_each_event_once(bench: Bench) -> None:
    bench.write()
    relays = [bench.begun(Relay) for _ in range(2)]
    for _ in range(49):
        bench.write()
        sleep(0.02)
    for relay in relays:
        ended(relay)
    bench.finish(Relay)
    assert bench.published() == bench.wanted()
    assert len(bench.wanted()) == 50 * EVENTS
