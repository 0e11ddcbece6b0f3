"""What readers wait for: the plan, the joint list, an earlier day, and a line just decided."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random
from time import perf_counter

from coordination.service import Service
from projections.mission_plan import Plan
from projections.read_model import Reference
from schemas.action import MissionId
from schemas.asking import AnyQuestion, AskOffices, AskPlan
from schemas.mission import ReviseMission
from schemas.vocabulary import THREE
from tests.benchmarks import node
from tests.benchmarks.clients import Timed
from tests.benchmarks.model.history import FIRST_YEAR
from tests.benchmarks.workload import Next

DIFFERENT = 8  # plans that people look at


def plans(today: date) -> Iterator[AnyQuestion]:
    """The plans that people look at: of this year and the next, whole or of an agency."""
    questions = [
        AskPlan(year=year, agency=agency)
        for year in (today.year, today.year + 1)
        for agency in (None, *THREE)
    ]
    return cycle(questions)


def joint_lists(today: date) -> Iterator[AnyQuestion]:
    return cycle([AskOffices(seen_by=agency) for agency in (None, *THREE)])


def earlier_plans(today: date) -> Iterator[AnyQuestion]:
    """The plan of some year as it held on some day of the history."""
    first, random = date(FIRST_YEAR, 1, 1), Random(today.toordinal())
    while True:
        day = first + timedelta(days=random.randrange(1, (today - first).days))
        yield AskPlan(year=day.year, as_of=day)


def plans_as_known(today: date) -> Iterator[AnyQuestion]:
    """The plan of some year as it was known on some day."""
    for question in earlier_plans(today):
        assert isinstance(question, AskPlan)
        yield AskPlan(year=question.year, known_on=question.as_of)


def answered(
    service: Service,
    questions: Iterator[AnyQuestion],
    count: int,
    seconds: float,
    *,
    fresh: bool,
) -> Timed:
    """So many answers, or as many as come in a time; one at least. `fresh`: each from the rows,
    none because it was asked before."""
    waited, began = [], perf_counter()
    for question in islice(questions, count):
        if fresh:
            node.forget_answers(service)
        before = perf_counter()
        service.answer(question)
        waited.append(perf_counter() - before)
        if perf_counter() - began > seconds:
            break
    return Timed(waited, perf_counter() - began)


def visible(
    service: Service, reader: Service, revisions: Iterator[Next], count: int, seconds: float
) -> Timed:
    """From a command until another reader of the store sees its event behind the line in the
    plan."""
    waited, began = list[float](), perf_counter()
    while len(waited) < count:
        one = next(revisions)
        if not _behind(reader, one.stream):
            continue  # not in the plan of that year, such as what was published without a date
        before = perf_counter()
        for recorded in node.ask(service, one).events:
            while f"{recorded.ledger}/{recorded.seq}" not in _behind(reader, one.stream):
                pass
            waited.append(perf_counter() - before)
        if waited and perf_counter() - began > seconds:
            break
    return Timed(waited, perf_counter() - began)


def revisions(upcoming: Iterable[Next]) -> Iterator[Next]:
    """Those commands that can be asked though the others are left out."""
    return (one for one in upcoming if isinstance(one.command, ReviseMission))


def _behind(reader: Service, mission: MissionId) -> tuple[Reference, ...]:
    """What is behind the line of a mission in the plan of the year that its name tells."""
    plan: Plan = reader.answer(AskPlan(year=int(mission.split("-")[2])))
    for row in (*plan.missions, *plan.undated, *plan.moved_away, *plan.ended):
        if row.line.mission == mission:
            return row.behind
    return ()
