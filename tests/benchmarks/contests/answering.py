"""(c) A command seen by another reader, (d) plan and joint list, (e) earlier days, (f) a start."""

from collections.abc import Callable, Iterator, Mapping

from coordination.service import Service
from tests.benchmarks import child, node, reading
from tests.benchmarks.contests.ground import Contender, Ground
from tests.benchmarks.workload import Workload

Read = Callable[[Service], reading.Reading]
READINGS: Mapping[str, Read] = {
    "plan": reading.plans_after_a_change,
    "plan-of-any-year": reading.plans_of_any_year,
    "plan-again": reading.plans_again,
    "joint-list": reading.joint_lists_after_a_change,
    "joint-list-again": reading.joint_lists_again,
    "as-of": reading.plans_as_of,
    "known-on": reading.plans_as_known,
}


def contenders(ground: Ground) -> Iterator[Contender]:
    """At every size a node with its read models built, and a second one that only reads."""
    for size, workload in ground.workloads.items():
        environ = node.environ_of(ground.copy(size, "reading"))
        service, reader = (
            ground.stack.enter_context(node.opened(environ, workload.ends)) for _ in range(2)
        )
        node.build(service)
        for name, read in READINGS.items():
            yield answers(ground, f"{name}/{size}", service, read)
        yield seen(ground, f"visible/{size}", service, reader)
        yield start(ground, f"ready/{size}", environ, workload)


def answers(ground: Ground, name: str, service: Service, read: Read) -> Contender:
    extent, asked = ground.extent, read(service)
    reading.answered(service, asked, 1, 0.0)

    def run() -> None:
        timed = reading.answered(service, asked, extent.reading, extent.patience)
        ground.results.add_timed(name, timed)

    return Contender(name, run)


def seen(ground: Ground, name: str, service: Service, reader: Service) -> Contender:
    extent = ground.extent

    def run() -> None:
        timed = reading.visible(service, reader, extent.seen, extent.patience)
        ground.results.add_timed(name, timed)

    return Contender(name, run)


def start(ground: Ground, name: str, environ: Mapping[str, str], workload: Workload) -> Contender:
    """Of a program that comes later: the read models are there."""

    def run() -> None:
        ground.results.add(name, child.seconds_to_ready(environ, workload.ends))

    return Contender(name, run)
