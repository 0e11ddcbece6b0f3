from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

import pytest
from msgspec.structs import replace

from projections.engine.course import Course, OutOfOrder, begun
from schemas.examples.mission import PUBLISHED
from schemas.recorded_event import RecordedEvent, Told
from tests.projections.recording import recorded

TODAY = date(2026, 9, 24)
NOON = datetime(2026, 9, 24, 10, tzinfo=UTC)
DAY = timedelta(days=1)
Versions: TypeAlias = tuple[int, ...]


def evolve(line: Versions | None, told: Told) -> Versions:
    """All versions that were folded."""
    return (*(line or ()), told.version)


def events(*days: date, time: datetime = NOON) -> list[RecordedEvent]:
    """Of one stream, each in effect from its day."""
    return recorded(*(replace(PUBLISHED, effective=day) for day in days), time=time)


def course_of(told: list[RecordedEvent], skipped: tuple[int, ...] = ()) -> Course[Versions]:
    course: Course[Versions] = begun()
    course.follow(told, evolve, skipped)
    return course


def steps_of(course: Course[Versions]) -> list[tuple[date, Versions | None]]:
    return [(step.holds_from, step.line) for step in course.steps]


def test_before_its_first_event_a_stream_has_no_line() -> None:
    course: Course[Versions] = begun()
    assert steps_of(course) == [(date.min, None)]
    assert (course.version, course.at(TODAY).line, course.at(None).line) == (0, None, None)


def test_what_is_in_effect_by_the_day_it_is_recorded_makes_no_step() -> None:
    course = course_of(events(TODAY, TODAY - 40 * DAY, TODAY))
    assert steps_of(course) == [(date.min, (1, 2, 3))]
    assert course.steps[0].behind == ["awex/1", "awex/2", "awex/3"]


def test_what_takes_effect_later_is_a_step_ahead() -> None:
    course = course_of(events(TODAY, TODAY + 3 * DAY, TODAY + 9 * DAY))
    assert steps_of(course) == [
        (date.min, (1,)),
        (TODAY + 3 * DAY, (1, 2)),
        (TODAY + 9 * DAY, (1, 2, 3)),
    ]
    days = [TODAY + number * DAY for number in (-1, 2, 3, 8, 9)]
    assert [course.at(day).line for day in days] == [(1,), (1,), (1, 2), (1, 2), (1, 2, 3)]
    assert course.at(None).line == (1, 2, 3)


def test_a_later_word_changes_every_step_from_its_day_on() -> None:
    course = course_of(events(TODAY, TODAY + 9 * DAY, TODAY + 3 * DAY, TODAY))
    assert (
        steps_of(course)
        == [
            (date.min, (1,)),
            (TODAY, (1, 4)),
            (TODAY + 3 * DAY, (1, 3, 4)),
            (TODAY + 9 * DAY, (1, 2, 3, 4)),
        ][1:]
    )


def test_two_events_of_one_day_ahead_make_one_step() -> None:
    course = course_of(events(TODAY, TODAY + DAY, TODAY + DAY))
    assert steps_of(course) == [(date.min, (1,)), (TODAY + DAY, (1, 2, 3))]


def test_steps_that_ended_before_anybody_knew_are_dropped() -> None:
    course = course_of(events(TODAY, TODAY + 3 * DAY, TODAY + 9 * DAY))
    [later] = events(TODAY, time=NOON + 5 * DAY)
    course.follow([replace(later, version=4, seq=4)], evolve)
    assert steps_of(course) == [
        (TODAY + 3 * DAY, (1, 2, 4)),
        (TODAY + 9 * DAY, (1, 2, 3, 4)),
    ]
    assert course.settled_on == TODAY + 5 * DAY


def test_the_day_of_brussels_decides_what_has_ended() -> None:
    """At 22:30 in UTC it is the next day there, in summer."""
    ahead = events(TODAY, TODAY + DAY)
    [night] = events(TODAY, time=datetime(2026, 9, 24, 22, 30, tzinfo=UTC))
    course = course_of([*ahead, replace(night, version=3, seq=3)])
    assert steps_of(course) == [(TODAY + DAY, (1, 2, 3))]


def test_a_clock_that_went_back_opens_no_day_again() -> None:
    late = events(TODAY, time=NOON + 9 * DAY)
    early = [replace(one, version=2, seq=2) for one in events(TODAY + 3 * DAY)]
    course = course_of([*late, *early])
    assert steps_of(course) == [(date.min, (1, 2))]
    assert course.recorded_until == NOON + 9 * DAY
    assert course.settled_on == TODAY + 3 * DAY


def test_a_course_knows_its_first_and_last_day() -> None:
    course = course_of(events(TODAY, TODAY - 40 * DAY, TODAY + 3 * DAY))
    assert (course.began_on, course.effective_until) == (TODAY - 40 * DAY, TODAY + 3 * DAY)
    assert (course.version, course.seq, course.recorded_until) == (3, 3, NOON)
    assert course.settled_on == TODAY


def test_an_event_that_changes_nothing_is_not_behind_the_line() -> None:
    course: Course[str] = begun()
    course.follow(events(TODAY, TODAY, TODAY + DAY), lambda line, told: "the same")
    assert [step.behind for step in course.steps] == [["awex/1"], ["awex/1"]]


def test_what_is_skipped_counts_and_changes_nothing_else() -> None:
    course = course_of(events(TODAY, TODAY + 99 * DAY, TODAY), skipped=(2,))
    assert steps_of(course) == [(date.min, (1, 3))]
    assert (course.version, course.seq, course.effective_until) == (3, 3, TODAY)


@pytest.mark.parametrize("ahead", [False, True])
def test_where_the_fold_fails_the_events_before_are_taken_in(ahead: bool) -> None:
    def stumble(line: Versions | None, told: Told) -> Versions:
        if told.version == 3:
            raise ValueError("three")
        return evolve(line, told)

    days = (TODAY, TODAY + DAY * ahead, TODAY, TODAY)
    course: Course[Versions] = begun()
    with pytest.raises(ValueError, match="three"):
        course.follow(events(*days), stumble)
    assert course == course_of(events(*days)[:2])


def test_an_event_out_of_order_is_not_taken_in() -> None:
    first, second, third = events(TODAY, TODAY, TODAY)
    course = course_of([first])
    with pytest.raises(OutOfOrder, match="version 3 after 1"):
        course.follow([third], evolve)
    with pytest.raises(OutOfOrder, match="version 1 after 1"):
        course.follow([first], evolve)
    course.follow([second, third], evolve)
    assert course == course_of([first, second, third])
