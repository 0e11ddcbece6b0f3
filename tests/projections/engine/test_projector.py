"""Several projectors on one database take in each event once."""

from collections.abc import Iterator
from threading import Thread

import pytest
from msgspec.structs import replace

from projections.engine.read_models import ReadModels
from projections.read_model import Moment, fold
from projections.tables.missions import MISSIONS
from schemas.examples.mission import CANCELLED, CONFIRMED, PUBLISHED, RESCHEDULED
from tests.projections.engine.conftest import Place
from tests.projections.engine.folds import stumbling
from tests.projections.engine.folds.shouting import SHOUTING
from tests.projections.engine.folds.stumbling import STUMBLING
from tests.projections.engine.meanwhile import Meanwhile
from tests.projections.engine.rows import rows_of

STORY = (PUBLISHED, RESCHEDULED, CONFIRMED, CANCELLED)


@pytest.fixture
def source(place: Place) -> Iterator[Meanwhile]:
    source = place.history.opened(Meanwhile)
    yield source
    source.close()


def test_all_that_is_recorded_is_taken_in_and_its_position_returned(place: Place) -> None:
    read_models = place.opened()
    assert read_models.catch_up() == 0
    place.history.record(STORY)
    assert read_models.catch_up() == 4
    assert {one.position for one in read_models.all_builds()} == {4}
    assert read_models.checked() == place.history.store.standing()


def test_progress_is_told_batch_by_batch(place: Place) -> None:
    place.history.record(STORY * 3)
    told: list[tuple[int, int]] = []
    place.opened(MISSIONS, batch=5).catch_up(lambda *progress: told.append(progress))
    assert list(dict.fromkeys(told)) == [(5, 12), (10, 12), (12, 12)]


def test_what_would_be_built_from_its_beginning_waits_until_somebody_asks(place: Place) -> None:
    place.history.record(STORY)
    read_models = place.opened(MISSIONS)
    read_models.catch_up_with_the_ready()
    assert [one.position for one in read_models.all_builds()] == [0]
    read_models.catch_up()
    place.history.record(STORY)
    assert read_models.catch_up_with_the_ready() == 8
    assert [one.position for one in read_models.all_builds()] == [8]


def test_what_another_process_took_in_meanwhile_is_taken_in_once(
    place: Place, source: Meanwhile
) -> None:
    """The other one is ahead when this one folds, and when it keeps."""
    read_models, other = place.opened(MISSIONS, source=source), place.opened(MISSIONS)
    place.history.record(STORY)
    source.happens = other.catch_up
    read_models.catch_up()
    for _ in range(3):
        place.history.record(STORY)
        read_models.projector.reload()
        source.happens = other.catch_up
        read_models.catch_up()
        assert rows_of(read_models) == place.fresh(MISSIONS)
    assert (read_models.parked(), other.parked()) == ([], [])


def test_who_is_left_behind_goes_on_from_where_the_other_is(
    place: Place, source: Meanwhile
) -> None:
    """What was checked is read again without its chain; the other one is faster there, too."""
    place.history.record(STORY * 5)
    place.opened(SHOUTING).catch_up()
    read_models, other = place.opened(MISSIONS, source=source, batch=3), place.opened(MISSIONS)
    read_models.catch_up()
    assert rows_of(read_models) == place.fresh(MISSIONS)
    place.history.record(STORY)
    source.happens = other.catch_up
    read_models.catch_up()
    assert rows_of(read_models) == place.fresh(MISSIONS)
    assert read_models.parked() == []


def test_a_course_that_another_process_carried_on_parks_nothing(
    place: Place, source: Meanwhile
) -> None:
    """It is read from the rows of the other one, which know events that are still to be folded."""
    place.history.record(STORY)
    place.opened(MISSIONS).catch_up()
    place.history.record(STORY)
    place.opened(SHOUTING).catch_up()  # and so the chain is checked further than these rows
    read_models, other = place.opened(MISSIONS, source=source), place.opened(MISSIONS)
    read_models.projector.shelves([])  # opened, before the other one goes on
    source.happens = other.catch_up
    read_models.catch_up()
    assert rows_of(read_models) == place.fresh(MISSIONS)
    assert read_models.parked() == []


def test_many_at_once_take_in_each_event_once(place: Place) -> None:
    programs = [place.opened(batch=2) for _ in range(4)]
    failed: list[Exception] = []

    def work(read_models: ReadModels) -> None:
        try:
            for _ in range(20):
                read_models.catch_up()
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=work, args=(one,)) for one in programs]
    for thread in threads:
        thread.start()
    for number in range(20):
        place.history.record([replace(one, mission=f"mission-hub-{number % 3}") for one in STORY])
    for thread in threads:
        thread.join()
    assert failed == []
    for one in programs:
        one.catch_up()
        assert rows_of(one) == place.fresh()
        assert one.parked() == []


def test_who_serves_after_another_process_parked_something_looks_again(place: Place) -> None:
    stumbling.over.add(type(CANCELLED))
    try:
        place.history.record([PUBLISHED, CANCELLED])
        one, other = place.opened(STUMBLING), place.opened(STUMBLING)
        one.projector.shelves([])
        other.catch_up()
        place.history.record([CONFIRMED])
        one.catch_up()
        assert [waiting.version for waiting in one.parked()] == [2]
        stumbling.over.clear()
        assert other.retry("missions", PUBLISHED.mission) is None
        place.history.record([RESCHEDULED])
        one.catch_up()
        with one.reading([STUMBLING]) as view:
            expected = fold(MISSIONS.evolve, place.history.events, Moment())
            assert view.lines(STUMBLING, Moment()) == expected
    finally:
        stumbling.over.clear()


def test_a_switch_that_another_process_made_superfluous_is_not_made(place: Place) -> None:
    place.history.record(STORY)
    place.opened(SHOUTING).catch_up()
    one, other = place.opened(MISSIONS), place.opened(MISSIONS)
    [shelf] = one.projector.shelves([one.builds.fingerprints["missions"]])
    shelf.compared = (0, 0)
    other.catch_up()
    one.projector._serve(shelf)
    assert one.catch_up() == 4
    [serving] = [each for each in one.all_builds() if each.serving]
    assert (serving.fingerprint, serving.unlike_before) == (shelf.build.fingerprint, 3)


def test_a_switch_waits_until_no_reader_is_taken_back(place: Place) -> None:
    place.history.record(STORY)
    older, newer = place.opened(SHOUTING), place.opened(MISSIONS)
    older.catch_up()
    newer.projector.catch_up(())
    [shelf] = newer.projector.shelves([newer.builds.fingerprints["missions"]])
    newer.projector._advance([shelf], 4, lambda position: None)
    shelf.compared = (0, 0)
    place.history.record(STORY)
    older.catch_up()
    newer.projector._serve(shelf)
    assert not shelf.build.ready
    newer.catch_up()
    [serving] = [each for each in newer.all_builds() if each.serving]
    assert (serving.fingerprint, serving.position) == (shelf.build.fingerprint, 8)
