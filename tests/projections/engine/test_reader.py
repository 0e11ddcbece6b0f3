"""Lines at any moment: from the rows where they answer, else folded again from a snapshot."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from coordination.store.event_store import EventStore
from projections.engine import reader
from projections.engine.kept import SNAPSHOT_EVERY
from projections.engine.read_models import ReadModels
from projections.mission_line import MissionLine
from projections.read_model import Moment, ReadModel, fold
from projections.tables.missions import MISSIONS
from schemas.action import MissionId
from schemas.cycle import Head
from schemas.examples.mission import CONFIRMED, PUBLISHED, RESCHEDULED
from schemas.period import Month, WholeYear
from schemas.recorded_event import AnyEvent, Told
from tests.projections.engine.conftest import Place

ID = PUBLISHED.mission
DAY = timedelta(days=1)
EARLY = date(2019, 1, 1)
LENGTH = 3 * SNAPSHOT_EVERY + 10


class Counting(EventStore):
    """The history, which counts the events of a stream that are read again."""

    read: list[int]

    def told_of(self, after: Mapping[str, int]) -> Iterator[tuple[str, Told]]:
        for stream, told in super().told_of(after):
            self.read.append(told.version)
            yield stream, told


@pytest.fixture
def source(place: Place) -> Iterator[Counting]:
    source = place.history.opened(Counting)
    source.read = []
    yield source
    source.close()


def long(place: Place, ahead: int = 0) -> date:
    """A mission moved again and again, day after day, each time `ahead` days later."""
    began = place.history.now.date()
    for number in range(LENGTH):
        day = place.history.now.date() + ahead * DAY
        event: AnyEvent = (
            replace(RESCHEDULED, effective=day, period=Month(2027, number % 12 + 1))
            if number
            else replace(PUBLISHED, effective=began)
        )
        place.history.record([event])
        place.history.now += DAY
    return began


def lines(read_models: ReadModels, moment: Moment) -> ReadModel[MissionLine]:
    with read_models.reading([MISSIONS]) as view:
        return view.lines(MISSIONS, moment)


def expected(place: Place, moment: Moment) -> ReadModel[MissionLine]:
    return fold(MISSIONS.evolve, place.history.events, moment)


def test_what_the_rows_answer_reads_no_event_again(place: Place, source: Counting) -> None:
    long(place)
    read_models = place.opened(MISSIONS, source=source)
    today = place.history.now.date()
    for moment in (
        Moment(),
        Moment(as_of=today),
        Moment(as_of=today + 400 * DAY),
        Moment(as_of=date.max),
        Moment(known_on=today),
        Moment(known_on=date.max),
        Moment(heads=(Head("awex", LENGTH),)),
        Moment(as_of=date(1999, 1, 1)),
    ):
        assert lines(read_models, moment) == expected(place, moment)
    assert source.read == []


@pytest.mark.parametrize("version", [1, 31, 32, 33, 64, 90, 96, 97, LENGTH - 1])
def test_an_earlier_moment_is_folded_from_the_last_snapshot_it_holds(
    place: Place, source: Counting, version: int
) -> None:
    began = long(place)
    read_models = place.opened(MISSIONS, source=source)
    day = began + (version - 1) * DAY
    snapshot = version // SNAPSHOT_EVERY * SNAPSHOT_EVERY
    for moment in (
        Moment(as_of=day),
        Moment(known_on=day),
        Moment(heads=(Head("awex", version),)),
        Moment(as_of=day, known_on=day, heads=(Head("awex", version), Head("fit", 9))),
    ):
        source.read.clear()
        assert lines(read_models, moment) == expected(place, moment)
        assert source.read == list(range(snapshot + 1, LENGTH + 1))


def test_a_snapshot_of_what_takes_effect_later_is_left_aside(
    place: Place, source: Counting
) -> None:
    """On the day it was recorded, nothing of the last weeks had taken effect."""
    began = long(place, ahead=40)
    read_models = place.opened(MISSIONS, source=source)
    moment = Moment(as_of=began + 80 * DAY)  # 41 events by then
    assert lines(read_models, moment) == expected(place, moment)
    assert source.read[0] == SNAPSHOT_EVERY + 1


def test_before_its_ledger_began_a_stream_has_no_line(place: Place, source: Counting) -> None:
    long(place)
    read_models = place.opened(MISSIONS, source=source)
    for moment in (Moment(heads=()), Moment(heads=(Head("hub", 99),))):
        assert lines(read_models, moment) == ReadModel({}, {})


def test_an_event_that_changed_nothing_is_not_behind_an_earlier_line(place: Place) -> None:
    place.history.record([PUBLISHED, PUBLISHED, CONFIRMED])
    read_models = place.opened(MISSIONS)
    moment = Moment(heads=(Head("awex", 2),))
    assert lines(read_models, moment) == expected(place, moment)
    assert lines(read_models, moment).behind == {ID: ("awex/1",)}


def published(place: Place, count: int) -> list[MissionId]:
    """One after the other, in 2027 and 2028 by turns."""
    names = [f"mission-awex-{number}" for number in range(count)]
    place.history.record(
        [
            replace(PUBLISHED, mission=name, effective=EARLY, period=WholeYear(2027 + number % 2))
            for number, name in enumerate(names)
        ]
    )
    return names


def test_only_the_streams_that_are_named_are_read(place: Place) -> None:
    names = published(place, 20)
    read_models = place.opened(MISSIONS)
    with read_models.reading([MISSIONS]) as view:
        for streams in ((), names[3:5], ["mission-awex-nobody", names[7]]):
            found = view.lines(MISSIONS, Moment(), streams=streams)
            assert sorted(found.lines) == sorted(set(streams) & set(names))


def test_only_the_years_that_are_named_are_read(place: Place) -> None:
    names = published(place, 20)
    place.history.record([replace(RESCHEDULED, mission=names[0], period=WholeYear(2030))])
    read_models = place.opened(MISSIONS)
    with read_models.reading([MISSIONS]) as view:
        found = [sorted(view.lines(MISSIONS, Moment(), years=years).lines) for years in YEARS]
    odd, even = sorted(names[1::2]), sorted(names[::2])
    assert found == [[], even, odd, [names[0]], sorted(names)]


YEARS = ((), (2027,), (2028,), (2030, 2031), (2027, 2028))


def test_what_is_at_hand_is_dropped_when_it_grows_too_large(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that twenty-five missions do what thousands would.
    monkeypatch.setattr(reader, "AT_HAND", 10)
    monkeypatch.setattr(reader, "TOGETHER", 3)
    names = published(place, 25)
    read_models = place.opened(MISSIONS)
    for _ in range(2):
        with read_models.reading([MISSIONS]) as view:
            for streams in (names[:8], names[8:16], names[:1], names):
                found = view.lines(MISSIONS, Moment(), streams=streams)
                assert sorted(found.lines) == sorted(streams)
    assert lines(read_models, Moment()) == expected(place, Moment())


def test_a_line_at_hand_is_read_again_once_it_changed(place: Place) -> None:
    place.history.record([PUBLISHED])
    read_models, other = place.opened(MISSIONS), place.opened(MISSIONS)
    assert lines(read_models, Moment()) == expected(place, Moment())
    place.history.record([CONFIRMED])
    other.catch_up()
    assert lines(read_models, Moment()) == expected(place, Moment())


def test_a_view_is_of_one_moment_though_more_is_recorded(place: Place) -> None:
    place.history.record([PUBLISHED])
    read_models, other = place.opened(MISSIONS), place.opened(MISSIONS)
    with read_models.reading([MISSIONS]) as view:
        state, before = view.state, expected(place, Moment())
        place.history.record([CONFIRMED, RESCHEDULED])
        other.catch_up()
        assert view.lines(MISSIONS, Moment()) == before
        with other.reading([MISSIONS]) as later:
            assert later.lines(MISSIONS, Moment()) == expected(place, Moment())
            assert later.state != state
        assert view.lines(MISSIONS, Moment(as_of=PUBLISHED.effective)) == before
