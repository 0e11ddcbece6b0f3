"""Emmett, a Node library, at the same commands and the same projection; by a process a round."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from schemas.recorded_event import AnyEvent
from schemas.upcasting import read
from tests.benchmarks.clients import Timed, dealt
from tests.benchmarks.contests.ground import Contender, Ground, Supply
from tests.benchmarks.workload import Next, Workload

HERE = Path(__file__).parents[1] / "peers"
LONGEST = 120  # seconds a round
ABSENT = "`make bench-peers` measures it"


class Event(Struct, frozen=True):
    """As Emmett wants it: our tag is its type."""

    type: str
    data: dict[str, Any]


class Before(Struct, frozen=True):
    stream: str
    events: list[Event]


class Asked(Struct, frozen=True):
    stream: str
    event: Event


class Work(Struct, frozen=True):
    """What happened before to the missions that are asked about, and what is asked."""

    before: list[Before]
    alone: list[Asked]
    hands: list[list[Asked]]


class Waited(Struct, frozen=True):
    waited: list[float] = []
    seconds: float = 0.0
    failed: str | None = None


class Rebuilt(Struct, frozen=True):
    events: int = 0
    seconds: float = 0.0
    failed: str | None = None


class Said(Struct, frozen=True):
    alone: Waited
    together: Waited
    rebuilt: Rebuilt
    settings: dict[str, Any]


def contenders(ground: Ground) -> Iterator[Contender]:
    """None where they were not asked for; the table says so then."""
    if not ground.extent.peers:
        ground.results.absent["emmett"] = ABSENT
        return
    node = shutil.which("node")
    assert node is not None, "the peers need Node 20 or newer"
    work = ground.folder / "peers.json"
    work.write_bytes(msgspec.json.encode(work_of(ground)))
    numbers = count(1)

    def sqlite() -> str:
        return str(ground.folder / f"peers-{next(numbers)}.sqlite")

    def postgres() -> str:
        name = f"peers_{next(numbers)}"
        with ground.server.connection() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        variables = ground.server.variables("public")
        host, port = variables["POSTGRES_HOST"], variables["POSTGRES_PORT"]
        return f"postgresql://{variables['POSTGRES_USER']}@/{name}?host={host}&port={port}"

    for kind, database in (("sqlite", sqlite), ("postgres", postgres)):

        def run(kind: str = kind, database: Any = database) -> None:
            add(ground, kind, said(node, kind, database(), work))

        yield Contender(f"{kind}/emmett", run)


def work_of(ground: Ground) -> Work:
    extent, supply = ground.extent, Supply(ground.small.upcoming)
    alone, together = supply.take(extent.stock_alone), supply.take(extent.stock_together)
    streams = dict.fromkeys(one.stream for one in (*alone, *together))
    return Work(
        before=list(_before(ground.small, streams)),
        alone=[_asked(one) for one in alone],
        hands=[[_asked(one) for one in hand] for hand in dealt(together, extent.clients)],
    )


def _before(workload: Workload, streams: Mapping[str, None]) -> Iterator[Before]:
    with closing(sqlite3.connect(workload.store)) as connection:
        for stream in streams:
            rows = connection.execute(
                "SELECT state FROM stored_events WHERE originator_id=? ORDER BY rowid", (stream,)
            )
            if events := [_event(read(state).data) for (state,) in rows]:
                yield Before(stream, events)


def _asked(one: Next) -> Asked:
    return Asked(one.stream, _event(read(bytes(one.state)).data))


def _event(data: AnyEvent) -> Event:
    fields = msgspec.to_builtins(data)
    return Event(fields.pop("event"), fields)


def said(node: str, kind: str, database: str, work: Path) -> Said:
    output = work.with_name("peers-said.json")
    subprocess.run(
        [node, str(HERE / "emmett.mjs"), kind, str(work), str(output)],
        env={**os.environ, "PEERS_DATABASE": database},
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=LONGEST,
    )
    return msgspec.json.decode(output.read_bytes(), type=Said)


def add(ground: Ground, kind: str, peer: Said) -> None:
    results, size = ground.results, ground.extent.smallest
    for clients, waited in ((1, peer.alone), (ground.extent.clients, peer.together)):
        name = f"commands/{kind}/{size}/{clients}/emmett"
        if waited.failed is not None:
            results.absent[name] = f"it failed: {waited.failed}"
        else:
            results.add_timed(name, Timed(waited.waited, waited.seconds))
    name = f"rebuild/{kind}/{size}/emmett"
    if peer.rebuilt.failed is not None:
        results.absent[name] = f"it failed: {peer.rebuilt.failed}"
    else:
        results.add(name, peer.rebuilt.events / peer.rebuilt.seconds)
    settings = ", ".join(f"{setting} {value}" for setting, value in peer.settings.items())
    results.notes[f"{kind}/emmett"] = f"{settings}; {peer.rebuilt.events:,} events rebuilt"
