from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.missions import evolve
from projections.read_model import Moment, ReadModel, canonical, civil_day, counted, fold
from schemas.cycle import Head
from schemas.mission import MissionConfirmed
from schemas.period import Month
from schemas.recorded_event import RecordedEvent
from schemas.vocabulary import FIT
from tests.projections.planned import (
    APRIL_2028,
    HANOI,
    JUNE,
    LIMA,
    MAY,
    OCTOBER,
    SAIGON,
    SEPTEMBER,
    accept,
    cancel,
    counter,
    plan_of,
    publish,
    request,
    reschedule,
    withdraw,
)
from tests.projections.recording import recorded

CONFIRMED = MissionConfirmed(effective=SEPTEMBER, mission=HANOI)


def test_a_line_keeps_the_events_that_made_it() -> None:
    found = plan_of(publish(), publish(SAIGON), request(), CONFIRMED)
    assert dict(found.behind) == {HANOI: ("awex/1", "awex/2", "awex/3"), SAIGON: ("hub/1",)}


def test_an_event_that_changed_nothing_is_not_behind_the_line() -> None:
    assert plan_of(publish(), publish(), CONFIRMED).behind == {HANOI: ("awex/1", "awex/3")}
    assert plan_of(publish(), CONFIRMED, CONFIRMED).behind == {HANOI: ("awex/1", "awex/2")}


def test_an_event_without_a_line_makes_none() -> None:
    found = plan_of(CONFIRMED)
    assert (found.lines, found.behind) == ({}, {})


def test_as_of_a_day_holds_what_had_taken_effect() -> None:
    events = (publish(on=MAY), reschedule(APRIL_2028, on=OCTOBER))
    lines = [plan_of(*events, moment=Moment(as_of=day)).lines for day in (MAY, OCTOBER)]
    assert [line[HANOI].period for line in lines] == [events[0].period, APRIL_2028]
    assert plan_of(*events, moment=Moment(as_of=date(2026, 4, 30))).lines == {}


def test_what_has_not_taken_effect_hides_nothing_after_it() -> None:
    later, early = recorded(publish(SAIGON, on=OCTOBER)), recorded(publish(on=MAY))
    assert list(counted([*later, *early], Moment(as_of=MAY))) == early


def test_the_last_word_prevails_whatever_day_an_earlier_one_named() -> None:
    """As the decider has it: a move named for October gives way to one decided after it."""
    later = reschedule(Month(2027, 6), on=JUNE)
    found = plan_of(publish(on=MAY), reschedule(APRIL_2028, on=OCTOBER), later)
    assert [one.until for one in found.lines[HANOI].chain] == [OCTOBER, JUNE]
    assert found.lines[HANOI].period == Month(2027, 6)
    assert found.behind[HANOI] == ("awex/1", "awex/2", "awex/3")


def test_on_one_day_what_was_said_later_prevails() -> None:
    again = publish().period
    found = plan_of(
        publish(on=MAY), reschedule(APRIL_2028, on=OCTOBER), reschedule(again, on=OCTOBER)
    )
    assert found.lines[HANOI].period == again


@pytest.mark.parametrize(
    "time, day",
    [
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_days_begin_in_brussels(time: datetime, day: date) -> None:
    assert civil_day(time) == day


def test_known_on_a_day_counts_what_was_recorded_by_its_end() -> None:
    evening = recorded(publish(), time=datetime(2026, 6, 30, 21, 59, tzinfo=UTC))
    night = recorded(publish(SAIGON), time=datetime(2026, 6, 30, 22, 0, tzinfo=UTC))
    moment = Moment(known_on=date(2026, 6, 30))
    assert list(counted([*night, *evening], moment)) == evening


def test_heads_count_what_the_ledgers_held() -> None:
    events = recorded(publish(), CONFIRMED, publish(SAIGON), publish(LIMA))
    moment = Moment(heads=(Head("awex", 1), Head("hub", 1)))
    assert [one.seq for one in counted(events, moment)] == [1, 1]
    assert [one.ledger for one in counted(events, moment)] == ["awex", "hub"]
    assert list(counted(events, Moment(heads=()))) == []
    assert [one.ledger for one in counted(events, Moment(heads=(Head("fit", 1),)))] == ["fit"]


def test_the_canonical_bytes_are_those_of_the_lines_in_order() -> None:
    one_order = ReadModel({"b": 1, "a": 2}, {"b": ("hub/1",), "a": ("awex/1",)})
    assert canonical(one_order) == (
        b'{"lines":{"a":2,"b":1},"behind":{"a":["awex/1"],"b":["hub/1"]}}'
    )


STORY = recorded(
    publish(HANOI),
    publish(SAIGON),
    publish(LIMA),
    request(),
    counter("awex"),
    accept(),
    request(FIT),
    reschedule(APRIL_2028, SAIGON),
    CONFIRMED,
    withdraw(),
    cancel(LIMA),
)


@given(st.permutations([one.ledger for one in STORY]))
def test_any_interleaving_of_the_ledgers_gives_the_same_bytes(ledgers: list[str]) -> None:
    waiting = {agency: [one for one in STORY if one.ledger == agency] for agency in set(ledgers)}
    interleaved = [waiting[agency].pop(0) for agency in ledgers]
    assert bytes_of(interleaved) == bytes_of(STORY)


@given(st.permutations(STORY))
def test_folding_never_fails_in_whatever_order(events: list[RecordedEvent]) -> None:
    assert bytes_of(events) == bytes_of(STORY)  # versions order a stream again


def bytes_of(events: list[RecordedEvent]) -> bytes:
    return canonical(fold(evolve, events, Moment()))
