"""Courses are kept as rows, and read from them as they were."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from projections.engine.course import Course, begun
from projections.engine.kept import SNAPSHOT_EVERY, Folded, Kept
from projections.engine.parking import Parked
from projections.engine.projection import Projection
from projections.engine.read_models import ReadModels
from projections.read_model import Moment, fold
from projections.tables import ALL
from projections.tables.missions import MISSIONS
from schemas.examples import EVENTS
from schemas.examples.mission import CANCELLED, PUBLISHED, RESCHEDULED
from schemas.message import stream_of, subject_of
from schemas.recorded_event import AnyEvent, RecordedEvent
from tests.projections.engine.conftest import Place
from tests.projections.engine.rows import rows_of
from tests.projections.recording import AT, recorded

TODAY = AT.date()
DAY = timedelta(days=1)


def kept_in(place: Place, projection: Projection[Any]) -> tuple[ReadModels, Kept]:
    read_models = place.opened(projection)
    [build] = read_models.all_builds()
    return read_models, Kept(projection, build.table)


def folded(kept: Kept, stream: str, course: Course[Any]) -> Folded:
    return Folded(list(kept.rows(stream, course)), [], [], [], {})


def course_of(projection: Projection[Any], events: list[RecordedEvent]) -> Course[Any]:
    course: Course[Any] = begun()
    course.follow(events, projection.evolve)
    return course


@pytest.mark.parametrize("projection", ALL, ids=[one.name for one in ALL])
def test_a_course_is_read_as_it_was_written(place: Place, projection: Projection[Any]) -> None:
    """With steps ahead, and every kind of event of its subject."""
    events: list[AnyEvent] = [
        replace(one, effective=TODAY + number % 5 * DAY)
        for number, one in enumerate(EVENTS)
        if subject_of(stream_of(one)) == projection.subject
    ]
    told = recorded(*events)
    course = course_of(projection, told)
    read_models, kept = kept_in(place, projection)
    with read_models.database.writing() as transaction:
        kept.write(transaction, folded(kept, told[0].stream, course))
        found = kept.course(transaction, told[0].stream)
    first, *others = course.steps
    first = replace(first, holds_from=course.settled_on)  # no row answers for an earlier day
    assert found == replace(course, steps=[first, *others], kept_steps=len(course.steps))
    if len(events) > 1:
        assert len(course.steps) > 1


def test_a_stream_without_rows_is_before_its_first_event(place: Place) -> None:
    read_models, kept = kept_in(place, MISSIONS)
    with read_models.database.reading() as transaction:
        assert kept.course(transaction, "mission-hub-nobody") == begun()


def test_rows_hold_from_day_to_day_for_whoever_reads_the_table(place: Place) -> None:
    told = recorded(
        replace(PUBLISHED, effective=TODAY),
        replace(RESCHEDULED, effective=TODAY + 3 * DAY),
        replace(CANCELLED, effective=TODAY + 9 * DAY),
    )
    read_models, kept = kept_in(place, MISSIONS)
    with read_models.database.writing() as transaction:
        kept.write(transaction, folded(kept, told[0].stream, course_of(MISSIONS, told)))
        rows = transaction.select(
            f"SELECT step, holds_from, holds_until, ended_on, version FROM {kept.table} "
            "ORDER BY step"
        )
    days = [[cell and str(cell) for cell in row[1:4]] for row in rows]
    third, ninth = str(TODAY + 3 * DAY), str(TODAY + 9 * DAY)
    assert days == [
        [str(TODAY), third, None],
        [third, ninth, None],
        [ninth, None, ninth],
    ]
    assert [(row[0], row[4]) for row in rows] == [(0, 3), (1, 3), (2, 3)]


def test_rows_of_steps_that_ended_go(place: Place) -> None:
    place.history.now = AT
    mission = PUBLISHED.mission
    place.history.record(
        [replace(PUBLISHED, effective=TODAY), replace(RESCHEDULED, effective=TODAY + 3 * DAY)]
    )
    read_models = place.opened(MISSIONS)
    read_models.catch_up()
    assert len(rows_of(read_models)["missions"]) == 2
    place.history.now += 5 * DAY
    place.history.record([replace(CANCELLED, effective=TODAY + 4 * DAY)])
    read_models.catch_up()
    assert [row[:2] for row in rows_of(read_models)["missions"]] == [(mission, 0)]
    assert rows_of(read_models) == place.fresh(MISSIONS)


@pytest.mark.parametrize("batch", [1, 10, 1000])
def test_each_so_many_events_of_a_stream_there_is_a_snapshot(place: Place, batch: int) -> None:
    again: list[AnyEvent] = [RESCHEDULED, CANCELLED]
    events = [PUBLISHED, *again * SNAPSHOT_EVERY]
    place.history.record(events)
    read_models = place.opened(MISSIONS, batch=batch)
    read_models.catch_up()
    found = rows_of(read_models)["missions_snapshots"]
    assert [row[1:3] for row in found] == [(32, 32), (64, 64)]
    _, kept = kept_in(place, MISSIONS)
    for row in found:
        before = fold(MISSIONS.evolve, place.history.events[: row[1]], Moment())
        assert kept.line(row[-1]) == before.lines[PUBLISHED.mission]
        assert tuple(kept.behind(row[-2])) == before.behind[PUBLISHED.mission]


def test_what_two_fold_of_different_streams_is_joined() -> None:
    first, second = Parked(1, 1, "one"), Parked(2, 2, "two")
    one = Folded([("a",)], [("a", 1)], [("a", 32)], [(2027, "a")], {"a": first})
    two = Folded([("b",)], [], [], [(2026, "b")], {"b": second})
    assert one.joined(two) == Folded(
        [("a",), ("b",)],
        [("a", 1)],
        [("a", 32)],
        [(2027, "a"), (2026, "b")],
        {"a": first, "b": second},
    )


def test_a_mission_is_found_under_every_year_it_was_planned_for(place: Place) -> None:
    place.history.record([replace(PUBLISHED, effective=date(2026, 9, 24)), RESCHEDULED])
    read_models = place.opened(MISSIONS)
    read_models.catch_up()
    assert [row[0] for row in rows_of(read_models)["missions_years"]] == [2027]
    with read_models.reading([MISSIONS]) as view:
        found = [list(view.lines(MISSIONS, Moment(), years=(year,)).lines) for year in (2026, 2027)]
    assert found == [[], [PUBLISHED.mission]]
