"""Several processes write one PostgreSQL store, on the same streams."""

import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from coordination.store.answers import Asked, Done
from coordination.store.event_store import EventStore
from coordination.store.writer import Writer
from schemas.mission import ActionPromised, PromiseAction
from schemas.period import Undated
from tests.faults.clerk import commands, opened_by, started
from tests.servers.postgres import Server

PROCESSES, COMMANDS, STREAMS = 8, 2_000, 10
MISSIONS = [f"mission-awex-shared-{number}" for number in range(STREAMS)]


def published(environ: Mapping[str, str]) -> EventStore:
    """A store with the missions that all of them will work on."""
    store = opened_by(environ)
    writer = started(store)
    publish: Any = next(commands("x"))
    asked = [
        Asked(command=replace(publish, mission=mission), role="coordinator", id=mission)
        for mission in MISSIONS
    ]
    writer.ask_together(asked, keep=True)
    writer.close()
    return store


def promise(clerk: str, number: int) -> PromiseAction:
    """Something new on a stream that the others work on too."""
    return PromiseAction(
        by="awex",
        effective=date(2026, 9, 24),
        mission=MISSIONS[number % STREAMS],
        promise=f"{clerk}-{number}",
        period=Undated(),
    )


def working(environ: Mapping[str, str], clerk: str, count: int, window: int) -> int:
    """A process that keeps a window of commands under way and notes each answer."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        os.set_inheritable(reading, False)
        PIPES[process] = reading
        return process
    try:
        work(environ, clerk, count, window, writing)
        os._exit(0)
    finally:
        os._exit(1)  # whatever went wrong, the child runs no test of its own


def work(environ: Mapping[str, str], clerk: str, count: int, window: int, notes: int) -> None:
    writer: Writer = started(opened_by(environ))
    under_way = []
    for number in range(count):
        command = promise(clerk, number)
        asked = Asked(command=command, role="coordinator", id=str(uuid4()))
        under_way.append((command.promise, writer.ask(asked)))
        if len(under_way) == window or number == count - 1:
            for name, future in under_way:
                answer = future.result()
                assert isinstance(answer, Done)
                os.write(notes, f"{name}\n".encode())
            under_way.clear()
    writer.close()


PIPES: dict[int, int] = {}


def noted(process: int) -> list[str]:
    """What a process noted, until it ends."""
    said = b""
    while more := os.read(PIPES[process], 65_536):
        said += more
    os.close(PIPES.pop(process))
    os.waitpid(process, 0)
    return said.decode().split()


def held(store: EventStore) -> Counter[str]:
    return Counter(
        one.data.promise for one in store.events() if isinstance(one.data, ActionPromised)
    )


def test_eight_processes_on_shared_streams_lose_and_double_nothing(postgres: Server) -> None:
    environ = postgres.environ()
    store = published(environ)
    processes = [
        working(environ, f"clerk{clerk}", COMMANDS, window=16) for clerk in range(PROCESSES)
    ]
    acknowledged = [name for process in processes for name in noted(process)]
    assert len(acknowledged) == PROCESSES * COMMANDS
    assert held(store) == Counter(acknowledged)
    assert list(store.verify()) == []
    versions = Counter(
        (stream, version) for _, stream, version, *_ in store.rows(0, store.position())
    )
    assert set(versions.values()) == {1}
    assert [head.seq for head in store.heads()] == [STREAMS + PROCESSES * COMMANDS]
    store.close()


def test_a_process_that_dies_or_hangs_holds_nobody_up(postgres: Server) -> None:
    environ = postgres.environ(POSTGRES_IDLE_IN_TRANSACTION_SESSION_TIMEOUT="1")
    store = published(environ)
    doomed = [working(environ, f"doomed{clerk}", 100_000, window=4) for clerk in range(2)]
    time.sleep(0.5)
    os.kill(doomed[0], signal.SIGKILL)
    os.kill(doomed[1], signal.SIGSTOP)
    acknowledged = noted(working(environ, "survivor", 200, window=4))
    assert len(acknowledged) == 200
    os.kill(doomed[1], signal.SIGKILL)
    acknowledged += [name for process in doomed for name in noted(process)]
    found = held(store)
    assert [name for name in acknowledged if found[name] != 1] == []
    assert [name for name, times in found.items() if times > 1] == []
    assert list(store.verify()) == []
    store.close()
