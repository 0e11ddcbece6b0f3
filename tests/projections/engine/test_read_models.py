"""The read models, put together: as long as nothing changed, neither does any answer."""

from collections.abc import Callable
from threading import Thread

from msgspec.structs import replace

from projections.engine.parking import Skip, SkippedEvent
from projections.read_model import Moment, fold
from projections.tables.missions import MISSIONS
from projections.tables.posts import POSTS
from schemas.examples import post
from schemas.examples.mission import CANCELLED, CONFIRMED, PUBLISHED, RESCHEDULED
from tests.projections.engine.conftest import Place
from tests.projections.engine.folds import stumbling
from tests.projections.engine.folds.stumbling import STUMBLING
from tests.projections.engine.rows import rows_of

STORY = (PUBLISHED, RESCHEDULED, CONFIRMED, CANCELLED)


def test_the_state_of_a_view_changes_with_its_lines_and_with_nothing_else(place: Place) -> None:
    read_models = place.opened()
    states = []
    for events in ([PUBLISHED], [CONFIRMED], [post.ANNOUNCED], [post.OPENED], [CANCELLED]):
        place.history.record(events)
        with read_models.reading([MISSIONS]) as view:
            states.append(view.state)
    first, second, third, fourth, fifth = states
    assert (second, third) == (third, fourth)  # what posts do is nothing to missions
    assert len({first, second, fifth}) == 3


def test_what_is_begun_again_is_built_as_before_from_what_was_checked(place: Place) -> None:
    place.history.record([*STORY, post.ANNOUNCED])
    read_models = place.opened()
    read_models.catch_up()
    before, checked = rows_of(read_models), read_models.checked()
    read_models.begin_again()
    assert {one.position for one in read_models.all_builds()} == {0}
    assert read_models.checked() == checked
    with read_models.reading([MISSIONS, POSTS]) as view:
        expected = fold(MISSIONS.evolve, place.history.events[:4], Moment())
        assert view.lines(MISSIONS, Moment()) == expected
    read_models.catch_up()
    assert rows_of(read_models) == before


def test_what_was_skipped_is_listed_with_its_reason(place: Place) -> None:
    stumbling.over.add(type(CANCELLED))
    try:
        place.history.record(STORY)
        read_models = place.opened(STUMBLING)
        read_models.catch_up()
        assert read_models.skipped() == []
        read_models.skip("missions", PUBLISHED.mission, Skip(reason="a test", agency="awex"))
    finally:
        stumbling.over.clear()
    assert read_models.skipped() == [
        SkippedEvent(
            projection="missions",
            stream=PUBLISHED.mission,
            version=4,
            reason="a test",
            agency="awex",
            at=place.history.now,
        )
    ]


def test_many_threads_ask_the_same_read_models_while_more_is_recorded(place: Place) -> None:
    """Each answer is the fold of all that had been recorded at one moment since it was asked."""
    read_models = place.opened(MISSIONS)
    names = [f"mission-awex-{number}" for number in range(40)]
    failed: list[Exception] = []
    recorded = 0

    def asking() -> None:
        while recorded < len(names):
            before = recorded
            with read_models.reading([MISSIONS]) as view:
                lines = view.lines(MISSIONS, Moment())
                again = view.lines(MISSIONS, Moment(as_of=PUBLISHED.effective))
            assert sorted(lines.lines) == sorted(names[: len(lines.lines)])
            assert again.lines == lines.lines
            assert len(lines.lines) >= before

    threads = [Thread(target=told, args=(failed, asking)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for name in names:
        place.history.record([replace(PUBLISHED, mission=name)])
        recorded += 1
    for thread in threads:
        thread.join()
    assert failed == []


def told(failed: list[Exception], act: Callable[[], None]) -> None:
    try:
        act()
    except Exception as error:
        failed.append(error)
