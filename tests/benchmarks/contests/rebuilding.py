"""(b) The read models made anew from the whole history, and (g) the memory that takes."""

from collections.abc import Iterator, Mapping

from tests.benchmarks import child, node
from tests.benchmarks.baselines import raw, stock, stock_projection
from tests.benchmarks.contests.commands import calls_of
from tests.benchmarks.contests.ground import Contender, Ground
from tests.benchmarks.workload import Workload


def contenders(ground: Ground) -> Iterator[Contender]:
    results = ground.results
    for size, workload in ground.workloads.items():
        environ = node.environ_of(ground.copy(size, "rebuild"))
        yield ours(ground, f"sqlite/{size}", environ, workload)
        name = f"rebuild/sqlite/{size}/raw"
        yield Contender(
            name,
            lambda name=name, store=workload.store: results.add(  # type: ignore[misc]
                name, raw.sqlite_decoding(store)
            ),
        )
    largest = ground.extent.largest
    environ = ground.on_postgres(largest)
    yield ours(ground, f"postgres/{largest}", environ, ground.large)
    name = f"rebuild/postgres/{largest}/raw"
    yield Contender(name, lambda: results.add(name, raw.postgres_decoding(environ)))
    yield from stock_projections(ground)


def ours(ground: Ground, name: str, environ: Mapping[str, str], workload: Workload) -> Contender:
    """In a process of its own, so that its memory is its own."""

    def run() -> None:
        rebuilt = child.rebuilt(environ, workload.ends)
        ground.results.add(f"rebuild/{name}/ours", rebuilt.per_second)
        ground.results.add(f"memory/{name}/ours", rebuilt.peak_bytes)

    return Contender(f"rebuild/{name}/ours", run)


def stock_projections(ground: Ground) -> Iterator[Contender]:
    """On the missions of the smallest store: at the pace of the library no larger one is needed."""
    size = ground.extent.smallest
    calls = calls_of(ground.small)[: ground.extent.stock_projected]
    on_sqlite = stock.on_sqlite(ground.folder / "stock-projected.sqlite")
    on_postgres = stock.on_postgres(ground.server.environ())
    for environ in (on_sqlite, on_postgres):
        stock.fill(environ, calls)

    def sqlite() -> None:
        view = ground.folder / "stock-view.sqlite"
        for left in ground.folder.glob(f"{view.name}*"):
            left.unlink()
        pace = stock_projection.rebuilt_on_sqlite(on_sqlite, str(view))
        ground.results.add(f"rebuild/sqlite/{size}/stock", pace)

    def postgres() -> None:
        schema = ground.server.environ()["POSTGRES_SCHEMA"]
        pace = stock_projection.rebuilt_on_postgres(on_postgres, schema)
        ground.results.add(f"rebuild/postgres/{size}/stock", pace)

    yield Contender(f"rebuild/sqlite/{size}/stock", sqlite)
    yield Contender(f"rebuild/postgres/{size}/stock", postgres)
