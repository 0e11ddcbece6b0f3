"""(b) Read models made anew from the whole history, and (g) the memory that takes."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from tests.benchmarks import child, node, postgres_store
from tests.benchmarks.baselines import raw, stock, stock_projection
from tests.benchmarks.contests.commands import calls_of
from tests.benchmarks.contests.ground import Contender, Ground
from tests.benchmarks.results import middle_of
from tests.benchmarks.workload import Workload


def contenders(ground: Ground) -> Iterator[Contender]:
    for size, workload in ground.workloads.items():
        store = ground.copy(size, "rebuild")
        environ, forget = node.environ_of(store), partial(node.forget_read_models, store)
        for what in child.BUILDS:
            yield ours(ground, f"sqlite/{size}/{what}", environ, workload, forget)
        yield decoding(ground, f"sqlite/{size}", partial(raw.sqlite_decoding, workload.store))
    middle = middle_of(ground.extent.sizes)
    environ = ground.on_postgres(middle)
    forget = partial(postgres_store.forget_read_models, environ)
    for what in child.BUILDS:
        yield ours(ground, f"postgres/{middle}/{what}", environ, ground.workloads[middle], forget)
    yield decoding(ground, f"postgres/{middle}", partial(raw.postgres_decoding, environ))
    yield from stock_projections(ground)


def ours(
    ground: Ground,
    name: str,
    environ: Mapping[str, str],
    workload: Workload,
    forget: Callable[[], None],
) -> Contender:
    """In a process of its own, so that its memory is its own."""
    what = name.rpartition("/")[2]

    def run() -> None:
        if what == "first":
            forget()
        built, peak_bytes = child.built(what, environ, workload.ends)
        ground.results.add(f"rebuild/{name}", built.per_second)
        ground.results.add(f"memory/{name}", peak_bytes)

    return Contender(f"rebuild/{name}", run)


def decoding(ground: Ground, name: str, decode: Callable[[], float]) -> Contender:
    return Contender(
        f"rebuild/{name}/raw", lambda: ground.results.add(f"rebuild/{name}/raw", decode())
    )


def stock_projections(ground: Ground) -> Iterator[Contender]:
    """On missions of the smallest store: at the pace of the library no larger one is needed."""
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
