"""(a) Durable commands: one client and many, against the bare database and the stock library."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial

from schemas.upcasting import read
from tests.benchmarks import node
from tests.benchmarks.baselines import raw, stock
from tests.benchmarks.baselines.stock_mission import Call, call_of
from tests.benchmarks.clients import Timed, dealt, one_by_one, side_by_side
from tests.benchmarks.contests.ground import Contender, Ground, Supply
from tests.benchmarks.workload import Next, Workload

Commits = Callable[[Sequence[Next]], Timed]


def contenders(ground: Ground) -> Iterator[Contender]:
    sizes = dict.fromkeys((ground.extent.smallest, ground.extent.largest))
    for size in sizes:
        workload = ground.workloads[size]
        environ = node.environ_of(ground.copy(size, "commands"))
        yield ours(ground, f"commands/sqlite/{size}", environ, workload)
        bare = ground.copy(size, "raw")
        yield commits(
            ground,
            f"commands/sqlite/{size}",
            workload,
            partial(raw.sqlite_commits, bare),
        )
    small = ground.extent.smallest
    on_sqlite = stock.on_sqlite(ground.folder / "stock.sqlite")
    yield stock_application(ground, f"commands/sqlite/{small}", on_sqlite)
    yield ours(ground, f"commands/postgres/{small}", ground.on_postgres(small), ground.small)
    bare_schema = ground.on_postgres(small)
    yield commits(
        ground,
        f"commands/postgres/{small}",
        ground.small,
        lambda rows: raw.postgres_commits(bare_schema, rows),
    )
    on_postgres = stock.on_postgres(ground.server.environ())
    yield stock_application(ground, f"commands/postgres/{small}", on_postgres)


def ours(ground: Ground, name: str, environ: Mapping[str, str], workload: Workload) -> Contender:
    """A service that stays open, as in production; its first command opens the writer."""
    extent, supply = ground.extent, Supply(workload.upcoming)
    service = ground.stack.enter_context(node.opened(environ, workload.ends))
    node.ask(service, *supply.take(1))

    ask = partial(node.ask, service)

    def run() -> None:
        alone = one_by_one(supply.take(extent.alone), ask)
        ground.results.add_timed(f"{name}/1/ours", alone)
        hands = dealt(supply.take(extent.together), extent.clients)
        ground.results.add_timed(f"{name}/{extent.clients}/ours", side_by_side(hands, ask))

    return Contender(f"{name}/ours", run)


def commits(ground: Ground, name: str, workload: Workload, commit: Commits) -> Contender:
    supply = Supply(workload.upcoming)

    def run() -> None:
        timed = commit(supply.take(ground.extent.alone))
        ground.results.add_timed(f"{name}/1/raw", timed)

    return Contender(f"{name}/raw", run)


def stock_application(ground: Ground, name: str, environ: Mapping[str, str]) -> Contender:
    """On the missions of the store, with the commands that follow on them."""
    extent, supply = ground.extent, Supply(ground.small.upcoming)
    stock.fill(environ, calls_of(ground.small))

    def calls(count: int) -> list[Call]:
        return [call_of(read(bytes(one.state)).data) for one in supply.take(count)]

    def run() -> None:
        results, again = ground.results, 0
        for clients, count in ((1, extent.stock_alone), (extent.clients, extent.stock_together)):
            timed, more = stock.commands(environ, dealt(calls(count), clients))
            results.add_timed(f"{name}/{clients}/stock", timed)
            again += more
        if again:
            results.notes[f"{name}/{extent.clients}/stock"] = f"{again} tries found no connection"

    return Contender(f"{name}/stock", run)


def calls_of(workload: Workload) -> list[Call]:
    """All that the missions of a store went through."""
    with closing(sqlite3.connect(workload.store)) as connection:
        rows = connection.execute(
            "SELECT state FROM stored_events WHERE topic LIKE 'mission.%' ORDER BY rowid"
        )
        return [call_of(read(state).data) for (state,) in rows]
