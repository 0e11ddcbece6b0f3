"""An event that cannot be folded parks its stream, and no other, until somebody retries or skips
it; all that was said meanwhile is taken in then."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from projections.engine.fingerprint import fingerprint
from projections.engine.parking import NotParked, Parked, ParkedStream, Skip
from projections.engine.read_models import ReadModels
from projections.read_model import Moment, fold
from projections.tables.missions import MISSIONS
from schemas.cycle import Head
from schemas.examples.mission import CANCELLED, CONFIRMED, HELD, PUBLISHED, RESCHEDULED
from schemas.recorded_event import AnyEvent
from tests.projections.engine.conftest import Place
from tests.projections.engine.folds import stumbling
from tests.projections.engine.folds.shouting import SHOUTING
from tests.projections.engine.folds.stumbling import STUMBLING
from tests.projections.engine.folds.stumbling_too import STUMBLING_TOO
from tests.projections.engine.history_store import Newer
from tests.projections.engine.meanwhile import Meanwhile
from tests.projections.engine.rows import rows_of

BAD, GOOD = "mission-awex-bad", "mission-hub-good"
STORY = (PUBLISHED, RESCHEDULED, CANCELLED, CONFIRMED)
ELECTIONS = Skip(reason="written by a test", agency="awex")


def of(stream: str, *events: AnyEvent) -> list[AnyEvent]:
    fields: dict[str, Any] = {"mission": stream}
    return [replace(event, **fields) for event in events]


@pytest.fixture(autouse=True)
def _over_cancellations() -> Iterator[None]:
    stumbling.over.add(type(CANCELLED))
    yield
    stumbling.over.clear()


def caught_up(place: Place, batch: int = 7) -> ReadModels:
    read_models = place.opened(STUMBLING, batch=batch)
    read_models.catch_up()
    return read_models


def parked(place: Place, batch: int = 3) -> ReadModels:
    """One stream stopped at its third event, the other went on; then both went on."""
    place.history.record([*of(BAD, *STORY), *of(GOOD, PUBLISHED, CONFIRMED)])
    read_models = caught_up(place, batch)
    place.history.now += timedelta(days=1)
    place.history.record([*of(BAD, RESCHEDULED), *of(GOOD, HELD)])
    read_models.catch_up()
    return read_models


REASON = "ValueError: nothing is known of MissionCancelled"


def stopped(place: Place) -> ParkedStream:
    """At the cancellation, the day before the story went on."""
    since = place.history.now - timedelta(days=1)
    return ParkedStream(
        projection="missions",
        fingerprint=fingerprint(STUMBLING),
        stream=BAD,
        version=3,
        seq=3,
        reason=REASON,
        since=since,
    )


def expected(place: Place, version: dict[str, int], moment: Moment | None = None) -> Any:
    """What the fold makes of these streams up to a version of each."""
    events = [one for one in place.history.events if one.version <= version[one.stream]]
    return fold(MISSIONS.evolve, events, moment or Moment())


def read(read_models: ReadModels, moment: Moment | None = None) -> Any:
    with read_models.reading([STUMBLING]) as view:
        return view.lines(STUMBLING, moment or Moment())


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_a_fold_that_fails_parks_its_stream_and_the_others_go_on(place: Place, batch: int) -> None:
    read_models = parked(place, batch)
    assert read_models.parked() == [stopped(place)]
    assert read(read_models) == expected(place, {BAD: 2, GOOD: 3})
    assert [(one.position, one.serving) for one in read_models.all_builds()] == [(8, True)]


def test_questions_about_any_moment_are_answered_while_a_stream_waits(place: Place) -> None:
    read_models = parked(place)
    day = place.history.now.date() - timedelta(days=1)
    for moment in (
        Moment(as_of=PUBLISHED.effective),
        Moment(known_on=day),
        Moment(heads=(Head("awex", 1), Head("hub", 2))),
        Moment(heads=(Head("awex", 5), Head("hub", 3))),
    ):
        assert read(read_models, moment) == expected(place, {BAD: 2, GOOD: 3}, moment)


def test_an_event_of_a_newer_program_parks_its_stream_until_it_can_be_read(place: Place) -> None:
    place.history.record(of(BAD, PUBLISHED))
    [future] = of(BAD, RESCHEDULED)
    place.history.record_of_the_future(future)
    place.history.record([*of(GOOD, PUBLISHED), *of(BAD, CONFIRMED)])
    read_models = place.opened(MISSIONS)
    read_models.catch_up()
    [waiting] = read_models.parked()
    assert (waiting.stream, waiting.version, waiting.seq) == (BAD, 2, 2)
    assert waiting.reason.startswith("NotRead: mission.rescheduled version 9, where 1")
    with read_models.reading([MISSIONS]) as view:
        assert list(view.lines(MISSIONS, Moment()).behind.values()) == [("awex/1",), ("hub/1",)]
    newer = place.history.opened(Newer)
    later = place.opened(MISSIONS, source=newer)
    assert later.retry("missions", BAD) is None
    later.catch_up()
    assert rows_of(later) == place.fresh(MISSIONS, source=newer)
    assert later.parked() == []
    newer.close()


def test_an_event_that_nobody_can_read_can_be_skipped(place: Place) -> None:
    place.history.record(of(BAD, PUBLISHED))
    [future] = of(BAD, RESCHEDULED)
    place.history.record_of_the_future(future)
    place.history.record(of(BAD, CONFIRMED))
    read_models = place.opened(MISSIONS)
    read_models.catch_up()
    assert read_models.skip("missions", BAD, ELECTIONS) is None
    place.history.record(of(BAD, HELD))
    for one in (read_models, place.opened(MISSIONS)):
        with one.reading([MISSIONS]) as view:
            for moment in (Moment(), Moment(heads=(Head("awex", 3),))):
                assert view.lines(MISSIONS, moment) == fold(
                    MISSIONS.evolve, place.history.events, moment
                )


def test_a_waiting_stream_does_not_grow(place: Place) -> None:
    read_models = parked(place)
    before = rows_of(read_models)
    place.history.record(of(BAD, *STORY * 20))
    read_models.catch_up()
    assert rows_of(read_models) == before
    assert read_models.parked() == [stopped(place)]


def test_what_is_retried_before_it_is_mended_stops_again(place: Place) -> None:
    read_models = parked(place)
    place.history.now += timedelta(days=1)
    assert read_models.retry("missions", BAD) == Parked(3, 3, REASON)
    assert read_models.parked() == [replace(stopped(place), since=place.history.now)]


def test_what_was_mended_and_retried_is_what_a_fresh_build_makes(place: Place) -> None:
    read_models = parked(place)
    stumbling.over.clear()
    assert read_models.retry("missions", BAD) is None
    assert read_models.parked() == []
    place.history.record([*of(BAD, HELD), *of(GOOD, RESCHEDULED)])
    read_models.catch_up()
    assert rows_of(read_models) == place.fresh(STUMBLING)


def test_a_program_with_a_mended_fold_has_nothing_parked(place: Place) -> None:
    waiting = parked(place)
    mended = place.opened(SHOUTING)
    mended.catch_up()
    assert (mended.parked(), len(waiting.parked())) == ([], 1)
    assert rows_of(mended) == place.fresh(SHOUTING)


def skipping(place: Place, read_models: ReadModels, *versions: int) -> None:
    """The rows, and any question, are what the fold makes without these events."""
    events = [
        one for one in place.history.events if one.stream != BAD or one.version not in versions
    ]
    for moment in (Moment(), Moment(heads=(Head("awex", 4), Head("hub", 2)))):
        assert read(read_models, moment) == fold(MISSIONS.evolve, events, moment)


def test_what_is_skipped_stays_skipped_with_its_reason(place: Place) -> None:
    read_models = parked(place)
    assert read_models.skip("missions", BAD, ELECTIONS) is None
    skipping(place, read_models, 3)
    place.history.record([*of(BAD, HELD), *of(GOOD, RESCHEDULED)])
    skipping(place, read_models, 3)
    with read_models.database.reading() as transaction:
        assert transaction.select("SELECT stream, version, reason, agency FROM skipped") == [
            (BAD, 3, "written by a test", "awex")
        ]
    after_a_restart = caught_up(place)
    skipping(place, after_a_restart, 3)
    assert after_a_restart.parked() == []


def test_what_is_skipped_stays_skipped_when_all_is_built_again(place: Place) -> None:
    read_models = parked(place)
    read_models.skip("missions", BAD, ELECTIONS)
    before = rows_of(read_models)
    with read_models.database.writing() as transaction:
        read_models.builds.forget(transaction)
    again = caught_up(place)
    assert (rows_of(again), again.parked()) == (before, [])
    skipping(place, again, 3)
    rebuilt = place.opened(SHOUTING)
    rebuilt.catch_up()
    assert [row[0:2] for row in rows_of(rebuilt)["missions"]] == [
        row[0:2] for row in before["missions"]
    ]


def test_a_stream_can_stop_again_further_on(place: Place) -> None:
    read_models = parked(place)
    place.history.record(of(BAD, CANCELLED, CONFIRMED))
    read_models.catch_up()
    assert read_models.skip("missions", BAD, ELECTIONS) == Parked(6, 6, REASON)
    assert read_models.retry("missions", BAD) == Parked(6, 6, REASON)
    assert read_models.skip("missions", BAD, ELECTIONS) is None
    skipping(place, read_models, 3, 6)
    assert read_models.parked() == []


def test_the_first_event_of_a_stream_can_be_skipped(place: Place) -> None:
    place.history.record(of(BAD, CANCELLED, PUBLISHED, CONFIRMED))
    read_models = caught_up(place)
    assert rows_of(read_models)["missions"] == []
    assert read_models.skip("missions", BAD, ELECTIONS) is None
    skipping(place, read_models, 1)
    place.history.record(of(BAD, RESCHEDULED))
    skipping(place, read_models, 1)


def test_a_stream_of_which_all_was_skipped_has_no_line(place: Place) -> None:
    place.history.record(of(BAD, CANCELLED))
    assert caught_up(place).skip("missions", BAD, ELECTIONS) is None
    skipping(place, caught_up(place), 1)


def test_two_programs_can_skip_the_same_event(place: Place) -> None:
    older = parked(place)
    newer = place.opened(STUMBLING_TOO)
    newer.catch_up()
    assert [one.skip("missions", BAD, ELECTIONS) for one in (older, newer)] == [None, None]
    assert rows_of(older) == rows_of(newer)


def test_who_has_nothing_parked_is_told_so(place: Place) -> None:
    read_models = parked(place)
    with pytest.raises(NotParked):
        read_models.retry("missions", GOOD)
    with pytest.raises(NotParked):
        read_models.skip("missions", "mission-fit-nobody", ELECTIONS)
    assert [one.stream for one in read_models.parked()] == [BAD]


@pytest.fixture
def source(place: Place) -> Iterator[Meanwhile]:
    source = place.history.opened(Meanwhile)
    yield source
    source.close()


def test_what_another_process_takes_in_while_a_stream_is_retried_is_not_missed(
    place: Place, source: Meanwhile
) -> None:
    other = parked(place)

    def happens() -> None:
        place.history.record([*of(BAD, HELD), *of(GOOD, RESCHEDULED)])
        other.catch_up()

    source.happens = happens
    stumbling.over.clear()
    assert place.opened(STUMBLING, source=source).retry("missions", BAD) is None
    place.history.record(of(BAD, RESCHEDULED))
    other.catch_up()
    assert other.parked() == []
    assert rows_of(other) == place.fresh(STUMBLING)


def test_a_stream_that_two_retry_at_once_is_released_once(place: Place, source: Meanwhile) -> None:
    other = parked(place)
    source.happens = lambda: other.retry("missions", BAD)
    stumbling.over.clear()
    with pytest.raises(NotParked):
        place.opened(STUMBLING, source=source).retry("missions", BAD)
    assert rows_of(other) == place.fresh(STUMBLING)
