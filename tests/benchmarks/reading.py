"""What readers wait for: the plan and the joint list, earlier days, and a line just changed."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, cycle, islice
from random import Random
from time import perf_counter
from uuid import uuid4

from msgspec import Struct

from coordination.service import Service
from coordination.store.answers import Done
from projections.explanation import Explanation
from projections.mission_plan import Plan, PlanRow
from projections.offices import JointList
from projections.post_line import PostState
from projections.read_model import Reference
from schemas.action import MissionChanges, MissionId, MissionState
from schemas.asking import AnyQuestion, AskExplanation, AskOffices, AskPlan
from schemas.message import owner_of
from schemas.mission import ReviseMission
from schemas.period import Year
from schemas.post import StaffPost, VacatePost
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import THREE
from tests.benchmarks.clients import Timed
from tests.benchmarks.model.history import FIRST_YEAR

AHEAD = (MissionState.PLANNED, MissionState.CONFIRMED)


class Reading(Struct, frozen=True):
    """Questions, and the commands that come between them, so that no answer can be handed out
    again; or so many questions asked before, so that every answer can."""

    questions: Iterator[AnyQuestion]
    changes: Iterator[AnyCommand] | None = None
    before: int = 0


def plans_after_a_change(service: Service) -> Reading:
    """The plans that people look at: of this year and the next, whole or of an agency."""
    return Reading(_plans(service), revisions(service))


def plans_again(service: Service) -> Reading:
    return Reading(_plans(service), before=8)


def plans_of_any_year(service: Service) -> Reading:
    """Nobody has asked for it since the start, or long ago."""
    last, random = service.today().year + 1, Random(2027)
    years = (random.randint(FIRST_YEAR + 1, last) for _ in count())
    return Reading((AskPlan(year=year) for year in years), revisions(service))


def joint_lists_after_a_change(service: Service) -> Reading:
    return Reading(_joint_lists(), staffings(service))


def joint_lists_again(service: Service) -> Reading:
    return Reading(_joint_lists(), before=4)


def plans_as_of(service: Service) -> Reading:
    """The plan of the year after some day of the history, as it held on that day."""
    return Reading(AskPlan(year=day.year + 1, as_of=day) for day in _days(service))


def plans_as_known(service: Service) -> Reading:
    """The plan of the year after some day, as it was known on that day."""
    return Reading(AskPlan(year=day.year + 1, known_on=day) for day in _days(service))


def _plans(service: Service) -> Iterator[AnyQuestion]:
    this = service.today().year
    years = (this, this + 1)
    return cycle([AskPlan(year=year, agency=agency) for year in years for agency in (None, *THREE)])


def _joint_lists() -> Iterator[AnyQuestion]:
    return cycle([AskOffices(seen_by=agency) for agency in (None, *THREE)])


def _days(service: Service) -> Iterator[date]:
    first, random = date(FIRST_YEAR, 1, 1), Random(2027)
    while True:
        yield first + timedelta(days=random.randrange(1, (service.today() - first).days))


def revisions(service: Service) -> Iterator[ReviseMission]:
    """Of missions to come, each changed anew; asked for when they are needed."""
    this = service.today().year
    missions = [
        row.line.mission
        for year in (this, this + 1)
        for row in rows_of(service, year)
        if row.state in AHEAD
    ]
    for mission in cycle(missions):
        yield ReviseMission(
            by=owner_of(mission),
            effective=service.today(),
            mission=mission,
            changes=MissionChanges(themes=(f"theme {uuid4()}",)),
        )


def staffings(service: Service) -> Iterator[StaffPost | VacatePost]:
    """Posts about which nothing is decided become vacant, and then staffed again."""
    listed: JointList = service.answer(AskOffices())
    decided = {change.post for change in listed.decided}
    posts = [
        row.post for row in listed.posts if row.state is PostState.OPEN and row.post not in decided
    ]
    for command in cycle((VacatePost, StaffPost)):
        for post in posts:
            yield command(by=owner_of(post), effective=service.today(), post=post)


def rows_of(service: Service, year: Year) -> tuple[PlanRow, ...]:
    plan: Plan = service.answer(AskPlan(year=year))
    return (*plan.missions, *plan.undated, *plan.moved_away, *plan.ended)


def answered(service: Service, reading: Reading, count: int, seconds: float) -> Timed:
    """So many answers, or as many as come in a time; one at least. Only the answers are timed."""
    for question in islice(reading.questions, reading.before):
        service.answer(question)
    waited, began = list[float](), perf_counter()
    for question in islice(reading.questions, count):
        if reading.changes is not None:
            changed(service, next(reading.changes))
        before = perf_counter()
        service.answer(question)
        waited.append(perf_counter() - before)
        if perf_counter() - began > seconds:
            break
    return Timed(waited, sum(waited))


def visible(service: Service, reader: Service, count: int, seconds: float) -> Timed:
    """From a command until another reader of the store sees its event behind the line."""
    waited, began = list[float](), perf_counter()
    for revision in islice(revisions(service), count):
        before = perf_counter()
        [recorded] = changed(service, revision).events
        reference = f"{recorded.ledger}/{recorded.seq}"
        while reference not in behind(reader, revision.mission):
            pass
        waited.append(perf_counter() - before)
        if perf_counter() - began > seconds:
            break
    return Timed(waited, sum(waited))


def changed(service: Service, command: AnyCommand) -> Done:
    done = service.ask(command)
    assert isinstance(done, Done), done
    assert done.events, f"{command} changed nothing"
    return done


def behind(reader: Service, mission: MissionId) -> tuple[Reference, ...]:
    """What is behind the line of a mission."""
    explained: Explanation = reader.answer(AskExplanation(stream=mission))
    return tuple(entry.reference for entry in explained.behind)
