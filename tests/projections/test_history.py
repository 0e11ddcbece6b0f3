from datetime import UTC, datetime

from projections.history import Entry, History, history
from projections.read_model import Moment
from schemas.recorded_event import AnyEvent
from schemas.vocabulary import AWEX
from tests.projections.planned import (
    APRIL_2028,
    HANOI,
    MAY,
    OCTOBER,
    SEPTEMBER,
    publish,
    reschedule,
)
from tests.projections.recording import AT, recorded

PUBLISHED, MOVED = publish(), reschedule(APRIL_2028, on=OCTOBER)
EARLY = reschedule(APRIL_2028, on=MAY)


def entry(event: AnyEvent, seq: int) -> Entry:
    said = recorded(event)[0]
    return Entry(
        reference=f"awex/{seq}",
        recorded=AT,
        effective=said.data.effective,
        agency=AWEX,
        role="coordinator",
        type=said.type,
        correlation="meeting-2026-september",
        event=said.data,
    )


def test_a_history_tells_who_said_what_when_of_one_stream_only() -> None:
    events = recorded(PUBLISHED, publish("mission-hub-other"), MOVED)
    assert history(events, HANOI, Moment()) == History(
        stream=HANOI, entries=(entry(PUBLISHED, 1), entry(MOVED, 2))
    )


def test_what_was_said_late_about_an_early_day_stands_where_it_was_said() -> None:
    found = history(recorded(PUBLISHED, MOVED, EARLY), HANOI, Moment())
    assert [one.effective for one in found.entries] == [MAY, OCTOBER, MAY]


def test_a_history_knows_what_its_moment_knows() -> None:
    events = recorded(PUBLISHED, MOVED)
    assert len(history(events, HANOI, Moment(as_of=SEPTEMBER)).entries) == 1
    later = recorded(PUBLISHED, time=datetime(2026, 12, 1, tzinfo=UTC))
    assert history(later, HANOI, Moment(known_on=OCTOBER)).entries == ()


def test_versions_order_a_history_whatever_order_they_arrive_in() -> None:
    events = recorded(PUBLISHED, MOVED)
    assert history(events[::-1], HANOI, Moment()) == history(events, HANOI, Moment())
