"""(c) A command seen by another reader, (d) plan and joint list, (e) earlier days, (f) a start."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from coordination.service import Service
from schemas.asking import AnyQuestion
from tests.benchmarks import child, node, reading
from tests.benchmarks.contests.ground import Contender, Ground
from tests.benchmarks.workload import Workload

AGAIN = "plan-again"  # the others are answered from the rows each time, as after a change
Questions = Callable[[date], Iterator[AnyQuestion]]
QUESTIONS: Mapping[str, Questions] = {
    "plan": reading.plans,
    "joint-list": reading.joint_lists,
    "as-of": reading.earlier_plans,
    "known-on": reading.plans_as_known,
    AGAIN: reading.plans,
}


def contenders(ground: Ground) -> Iterator[Contender]:
    """At every size: a node that only reads, and one that is written to while another reads."""
    for size, workload in ground.workloads.items():
        environ = node.environ_of(ground.copy(size, "reading"))
        service = ground.stack.enter_context(node.opened(environ, workload.ends))
        node.build(service)
        for name, questions in QUESTIONS.items():
            yield answers(ground, f"{name}/{size}", service, questions)
        yield start(ground, f"ready/{size}", environ, workload)
    for size in dict.fromkeys((ground.extent.smallest, ground.extent.largest)):
        yield seen(ground, size)


def answers(ground: Ground, name: str, service: Service, questions: Questions) -> Contender:
    extent, asked = ground.extent, questions(service.today())

    def run() -> None:
        fresh = not name.startswith(AGAIN)
        if not fresh:
            reading.answered(service, asked, reading.DIFFERENT, extent.patience, fresh=False)
        timed = reading.answered(service, asked, extent.reading, extent.patience, fresh=fresh)
        ground.results.add_timed(name, timed)

    return Contender(name, run)


def start(ground: Ground, name: str, environ: Mapping[str, str], workload: Workload) -> Contender:
    def run() -> None:
        ground.results.add(name, child.seconds_to_ready(environ, workload.ends))

    return Contender(name, run)


def seen(ground: Ground, size: int) -> Contender:
    extent, workload = ground.extent, ground.workloads[size]
    environ = node.environ_of(ground.copy(size, "seen"))
    service, reader = (
        ground.stack.enter_context(node.opened(environ, workload.ends)) for _ in range(2)
    )
    node.build(reader)
    revisions = reading.revisions(workload.upcoming)

    def run() -> None:
        timed = reading.visible(service, reader, revisions, extent.seen, extent.patience)
        ground.results.add_timed(f"visible/{size}", timed)

    return Contender(f"visible/{size}", run)
