from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from coordination.service import Service
from coordination.settings import Settings
from coordination.upkeep import (
    BuildStanding,
    BuildState,
    ParkedEvent,
    ParkedList,
    Upkeep,
    Why,
    seconds_left,
    standing,
)
from projections.engine.builds import Build
from projections.engine.parking import NotParked, ParkedStream, Skip, SkippedEvent
from projections.engine.projection import Projection
from projections.engine.read_models import ReadModels
from projections.engine.sqlite import SQLiteDatabase
from projections.tables.missions import MISSIONS
from schemas.action import ActionType
from schemas.mission import ConfirmMission, PublishMission
from schemas.period import Month
from schemas.vocabulary import AWEX, Place, Sector, Title
from tests.coordination.parking import Fault

HANOI = "mission-awex-2027-hanoi"
NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
DAY = NOON.date()
PUBLISH = PublishMission(
    by=AWEX,
    effective=DAY,
    mission=HANOI,
    title=Title(en="Water in Vietnam"),
    action=ActionType.AGENCY_MISSION,
    period=Month(2027, 3),
    places=(Place(country="VN"),),
    sectors=(Sector.ENVIRONMENT,),
)
CONFIRM = ConfirmMission(by=AWEX, effective=DAY, mission=HANOI)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    seconds = count()
    return lambda: NOON + timedelta(seconds=next(seconds))


@pytest.fixture
def service(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Service]:
    environ = {"SQLITE_DBNAME": str(tmp_path / "coordination.sqlite")}
    numbers = count(1)
    with Service(Settings(), environ, clock, lambda: f"id-{next(numbers)}") as opened:
        yield opened


@pytest.fixture
def upkeep(service: Service, tmp_path: Path, fault: Fault) -> Iterator[Upkeep]:
    """Of one read model, whose fold has a fault."""
    projection: Projection[Any] = replace(MISSIONS, evolve=fault.evolve)
    database = SQLiteDatabase(str(tmp_path / "faulty.sqlite"), lock_timeout=5)
    read_models = ReadModels(database, (projection,), service.store, lambda: NOON)
    yield Upkeep(service.store, lambda: read_models, lambda: NOON)
    read_models.close()


@pytest.fixture
def fault() -> Fault:
    return Fault()


WAITS = ParkedEvent(
    projection="missions",
    stream=HANOI,
    version=2,
    reference="awex/2",
    since=NOON,
    why=Why.FOLD,
    reason="ZeroDivisionError: no companies to divide the cost by",
)


@pytest.fixture
def parked(service: Service, upkeep: Upkeep) -> Upkeep:
    for command in (PUBLISH, CONFIRM):
        service.ask(command)
    upkeep.build()
    return upkeep


def test_a_fold_that_fails_parks_its_stream_and_says_why(parked: Upkeep) -> None:
    assert parked.parked() == ParkedList(parked=(WAITS,), skipped=())
    [own] = parked.builds().builds
    assert (own.state, own.parked) == (BuildState.SERVING, (HANOI,))


def test_once_the_fault_is_mended_the_stream_goes_on(parked: Upkeep, fault: Fault) -> None:
    fault.mended = True
    assert parked.fold_again(HANOI) == ()
    assert parked.parked() == ParkedList(parked=(), skipped=())


def test_where_the_fault_is_still_there_the_stream_stops_again(parked: Upkeep) -> None:
    assert parked.fold_again(HANOI) == (WAITS,)
    assert parked.parked() == ParkedList(parked=(WAITS,), skipped=())


def test_an_event_passed_over_keeps_its_reason_and_who_decided(parked: Upkeep) -> None:
    assert parked.fold_again(HANOI, Skip("it takes place anyway", AWEX)) == ()
    skipped = SkippedEvent(
        projection="missions",
        stream=HANOI,
        version=2,
        reason="it takes place anyway",
        agency=AWEX,
        at=NOON,
    )
    assert parked.parked() == ParkedList(parked=(), skipped=(skipped,))


def test_what_is_not_parked_cannot_go_on(parked: Upkeep) -> None:
    with pytest.raises(NotParked):
        parked.fold_again("mission-awex-2027-lima")


def test_looking_builds_nothing(service: Service, upkeep: Upkeep) -> None:
    service.ask(PUBLISH)
    [before] = upkeep.builds().builds
    [still] = upkeep.builds().builds
    assert (before.state, before.position, before.behind) == (BuildState.TO_BUILD, 0, 1)
    assert still == before
    upkeep.build()
    [built] = upkeep.builds().builds
    assert (built.state, built.position, built.behind) == (BuildState.SERVING, 1, 0)


BUILD = Build(
    projection="missions",
    fingerprint="a25c19a5e414",
    position=300,
    changes=3,
    ready=False,
    serving=False,
    began_at=NOON,
    moved_at=NOON + timedelta(seconds=30),
    same_as_before=None,
    unlike_before=None,
)
SERVING = replace(BUILD, position=1000, ready=True, serving=True, same_as_before=7, unlike_before=0)
SOON = NOON + timedelta(seconds=40)


def test_a_build_at_work_says_how_long_it_will_take() -> None:
    """30 seconds for 300 events: 70 for the other 700, of which 10 have passed."""
    assert standing(BUILD, 1000, SOON, BUILD.fingerprint, []) == BuildStanding(
        projection="missions",
        fingerprint="a25c19a5e414",
        own=True,
        state=BuildState.BUILDING,
        position=300,
        end=1000,
        behind=700,
        progress=30,
        seconds_left=60,
        parked=(),
        same_as_before=None,
        unlike_before=None,
    )


def test_a_build_that_serves_is_compared_with_the_one_before() -> None:
    waiting = [
        ParkedStream(
            projection=projection,
            fingerprint=BUILD.fingerprint,
            stream=stream,
            version=1,
            seq=1,
            reason="",
            since=NOON,
        )
        for projection, stream in (("missions", HANOI), ("posts", "post-hub-oslo"))
    ]
    assert standing(SERVING, 1000, SOON, BUILD.fingerprint, waiting) == BuildStanding(
        projection="missions",
        fingerprint="a25c19a5e414",
        own=True,
        state=BuildState.SERVING,
        position=1000,
        end=1000,
        behind=0,
        progress=100,
        seconds_left=None,
        parked=(HANOI,),
        same_as_before=7,
        unlike_before=0,
    )
    other = standing(SERVING, 1000, SOON, "of-this-program", waiting)
    assert (other.own, other.parked) == (False, ())


@pytest.mark.parametrize(
    "build, now",
    [
        (replace(BUILD, position=0), SOON),
        (replace(BUILD, moved_at=NOON), SOON),
        (replace(BUILD, ready=True), SOON),
        (BUILD, NOON + timedelta(seconds=91)),
    ],
    ids=["not begun", "not moved", "done", "nobody works on it"],
)
def test_where_nothing_tells_nothing_is_said_of_the_time_left(build: Build, now: datetime) -> None:
    assert seconds_left(build, 1000, now) is None


def test_a_build_that_takes_longer_than_it_should_is_never_late() -> None:
    assert seconds_left(replace(BUILD, position=900), 1000, NOON + timedelta(seconds=60)) == 0


@pytest.mark.parametrize(
    "build, state",
    [
        (replace(BUILD, position=0), BuildState.TO_BUILD),
        (BUILD, BuildState.BUILDING),
        (replace(BUILD, ready=True), BuildState.KEPT),
        (SERVING, BuildState.SERVING),
    ],
)
def test_a_build_is_in_one_state(build: Build, state: BuildState) -> None:
    assert standing(build, 1000, NOON, None, []).state == state


def test_before_the_first_event_everything_is_done() -> None:
    assert standing(replace(BUILD, position=0), 0, NOON, None, []).progress == 100


def test_a_build_without_one_before_is_compared_with_nothing() -> None:
    first = replace(SERVING, same_as_before=0, unlike_before=0)
    found = standing(first, 1000, NOON, None, [])
    assert (found.same_as_before, found.unlike_before) == (None, None)


def test_how_long_a_build_takes_counts_from_its_first_event(
    service: Service, clock: Callable[[], datetime]
) -> None:
    """Rows of a build may wait for long until somebody asks for it."""
    service.upkeep.builds()
    service.ask(PUBLISH)
    before = clock()
    service.upkeep.build()
    [began_at] = {
        one.began_at
        for one in service.read_models.opened.all_builds()
        if one.projection == "missions"
    }
    assert began_at > before
