"""One run: every contender in its turn, round after round, so that noise falls on all alike."""

import gc
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tests.benchmarks import workload
from tests.benchmarks.contests import answering, asking, commands, peers, rebuilding, streaming
from tests.benchmarks.contests.ground import Contender, Extent, Ground
from tests.benchmarks.machine import fsync_seconds, this_machine
from tests.benchmarks.results import Results
from tests.servers import postgres

CONTESTS = (commands, peers, rebuilding, answering, asking, streaming)


def measured(folder: Path, extent: Extent, console: Console) -> Results:
    """All figures of one run. Workloads are made in the folder, and kept there for the next."""
    began = perf_counter()
    with _progress(console) as progress, ExitStack() as stack:
        making = progress.add_task("the model’s events", total=extent.largest)
        workloads = workload.made(
            folder, extent.upcoming, lambda count: progress.update(making, completed=count)
        )
        progress.update(making, completed=extent.largest)
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        server = stack.enter_context(postgres.running())
        with server.connection() as connection:
            machine = this_machine(connection)
        results = Results(datetime.now(UTC), machine, extent.sizes, extent.clients, extent.rounds)
        ground = Ground(
            folder=place,
            extent=extent,
            workloads=workloads,
            server=server,
            results=results,
            stack=stack,
        )
        preparing = progress.add_task("stores and databases", total=None)
        contenders = []
        for contest in CONTESTS:
            for contender in contest.contenders(ground):
                contenders.append(contender)
                progress.update(preparing, advance=1, description=f"for {contender.name}")
        progress.update(preparing, total=len(contenders), description="stores and databases")
        gc.collect()
        gc.freeze()  # what the run itself holds is no garbage that a contender has to look through
        rounds = progress.add_task("rounds", total=extent.rounds * len(contenders))
        for turn in range(extent.rounds):
            if not console.is_terminal:
                console.print(f"round {turn + 1} of {extent.rounds}")
            results.add("fsync", fsync_seconds(place))
            for contender in _in_turn(contenders, turn):
                told = f"round {turn + 1}: {contender.name}"
                progress.update(rounds, description=told)
                contender.run()
                progress.update(rounds, advance=1)
    results.seconds = perf_counter() - began
    return results


def _in_turn(contenders: Sequence[Contender], turn: int) -> Sequence[Contender]:
    """In one order, then in the other: nobody is always first."""
    return contenders if turn % 2 == 0 else contenders[::-1]


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield progress
