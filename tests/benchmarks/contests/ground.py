"""What contenders stand on: workloads, copies of stores, a server, and where figures go."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from msgspec import Struct

from tests.benchmarks import postgres_store
from tests.benchmarks.results import Results
from tests.benchmarks.workload import Next, Workload
from tests.servers.postgres import Server


class Extent(Struct, frozen=True):
    """How much is measured: sizes in events, rounds, and how much of each in a round.

    `reading` is how many answers a round, cut short after `patience` seconds; `streamed` how much
    of a ledger goes over the bus.
    """

    sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    rounds: int = 5
    alone: int = 1_000
    together: int = 4_000
    clients: int = 64
    stock_alone: int = 250
    stock_together: int = 640
    stock_projected: int = 5_000
    reading: int = 200
    seen: int = 40
    streamed: int = 30_000
    patience: float = 3.0
    peers: bool = False

    @property
    def smallest(self) -> int:
        return min(self.sizes)

    @property
    def largest(self) -> int:
        return max(self.sizes)

    @property
    def upcoming(self) -> dict[int, int]:
        """How many commands each size needs."""
        return dict.fromkeys(self.sizes, self.rounds * (self.alone + self.together) + 1)


QUICK = Extent(
    sizes=(10_000,),
    rounds=3,
    alone=100,
    together=400,
    stock_alone=20,
    stock_together=64,
    stock_projected=500,
    reading=2,
    seen=2,
    streamed=1_000,
    patience=0.5,
)


class Contender(Struct, frozen=True):
    """`run` is called once a round."""

    name: str
    run: Callable[[], None]


class Ground:
    """`stack` closes, at the end of the run, what contenders keep open between rounds."""

    def __init__(
        self,
        *,
        folder: Path,
        extent: Extent,
        workloads: Mapping[int, Workload],
        server: Server,
        results: Results,
        stack: ExitStack,
    ) -> None:
        self.folder, self.extent, self.workloads = folder, extent, workloads
        self.server, self.results, self.stack = server, results, stack

    @property
    def small(self) -> Workload:
        return self.workloads[self.extent.smallest]

    @property
    def large(self) -> Workload:
        return self.workloads[self.extent.largest]

    def copy(self, size: int, name: str) -> Path:
        """A copy of a store, for one contender to write to."""
        target = self.folder / f"{name}-{size}.sqlite"
        shutil.copyfile(self.workloads[size].store, target)
        return target

    def on_postgres(self, size: int) -> Mapping[str, str]:
        """A schema with the store of that size, loaded anew for each who asks."""
        return postgres_store.loaded(self.server, self.workloads[size].store)


class Supply:
    """Commands that follow on a store; each is handed out once."""

    def __init__(self, upcoming: Sequence[Next]) -> None:
        self._left = iter(upcoming)

    def take(self, count: int) -> list[Next]:
        taken = list(islice(self._left, count))
        assert len(taken) == count, "the workload has too few upcoming commands"
        return taken
