"""Which builds there are, and when they are begun again."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from projections.engine.database import ReadModelsUnusable
from projections.engine.fingerprint import fingerprint
from projections.engine.projection import Projection
from projections.engine.read_models import ReadModels
from projections.read_model import Moment, fold
from projections.tables import ALL
from projections.tables.missions import MISSIONS
from projections.tables.posts import POSTS
from schemas.examples import post
from schemas.examples.mission import CANCELLED, CONFIRMED, PUBLISHED, RESCHEDULED
from tests.projections.engine.conftest import Place
from tests.projections.engine.folds.shouting import SHOUTING
from tests.projections.engine.history_store import HistoryStore
from tests.projections.engine.rows import rows_of

PROJECTIONS: Sequence[Projection[Any]] = ALL


@pytest.fixture
def another(tmp_path: Path) -> Iterator[HistoryStore]:
    """The history of somebody else."""
    store = HistoryStore(tmp_path / "another.sqlite")
    yield store
    store.close()


def test_a_program_begins_a_build_of_each_of_its_projections(place: Place) -> None:
    read_models = place.opened()
    by_name = sorted((one.name, fingerprint(one)) for one in PROJECTIONS)
    assert [
        (one.projection, one.fingerprint, one.position, one.changes, one.ready, one.serving)
        for one in read_models.all_builds()
    ] == [(name, key, 0, 0, False, False) for name, key in by_name]
    assert {one.began_at for one in read_models.all_builds()} == {place.history.now}
    assert place.opened().all_builds() == read_models.all_builds()


def test_a_build_says_how_far_it_is_and_whether_its_rows_changed(place: Place) -> None:
    place.history.record([PUBLISHED, post.ANNOUNCED])
    read_models = place.opened()
    read_models.catch_up()
    place.history.record([CONFIRMED])
    read_models.catch_up()
    assert {one.projection: (one.position, one.changes) for one in read_models.all_builds()} == {
        "cycles": (3, 0),
        "missions": (3, 2),
        "policies": (3, 0),
        "posts": (3, 1),
        "reviews": (3, 0),
    }


def test_a_program_with_one_more_projection_begins_that_one_only(place: Place) -> None:
    place.history.record([PUBLISHED, post.ANNOUNCED])
    place.opened(MISSIONS).catch_up()
    wider = place.opened(MISSIONS, POSTS)
    told: list[tuple[int, int]] = []
    assert [one.position for one in wider.all_builds()] == [2, 0]
    wider.catch_up(lambda *progress: told.append(progress))
    assert rows_of(wider) == place.fresh(MISSIONS, POSTS)


def test_the_history_of_somebody_else_is_built_from_its_beginning(
    place: Place, another: HistoryStore
) -> None:
    place.history.record([PUBLISHED, RESCHEDULED, CONFIRMED])
    place.opened().catch_up()
    another.record([PUBLISHED, CANCELLED, CONFIRMED, RESCHEDULED])
    elsewhere = place.opened(source=another.store)
    with elsewhere.reading([MISSIONS]) as view:
        assert view.lines(MISSIONS, Moment()) == fold(MISSIONS.evolve, another.events, Moment())
    elsewhere.catch_up()
    assert rows_of(elsewhere) == place.fresh(source=another.store)
    assert elsewhere.checked() == another.store.standing()


def test_a_history_restored_from_an_older_copy_is_built_from_its_beginning(
    place: Place, tmp_path: Path
) -> None:
    place.history.record([PUBLISHED, RESCHEDULED])
    place.history.store.close()
    older = tmp_path / "older.sqlite"
    copy(tmp_path / "events.sqlite", older)
    place.history.store = HistoryStore(tmp_path / "events.sqlite").store
    place.history.record([CONFIRMED])
    later = place.opened()
    later.catch_up()
    assert later.checked()[0] == 3
    restored = HistoryStore(older)
    read_models = place.opened(source=restored.store)
    with read_models.reading([MISSIONS]) as view:
        expected = fold(MISSIONS.evolve, place.history.events[:2], Moment())
        assert view.lines(MISSIONS, Moment()) == expected
    assert read_models.checked() == restored.store.standing()
    restored.close()


def test_who_was_reading_when_all_was_begun_again_reads_the_new_rows(
    place: Place, another: HistoryStore
) -> None:
    """The same program with the same history, while another one had a wrong one."""
    place.history.record([PUBLISHED, RESCHEDULED])
    read_models = place.opened(MISSIONS)
    read_models.catch_up()
    another.record([CANCELLED, CONFIRMED])
    place.history.now += place.history.now - place.history.now.replace(year=2025)
    place.opened(MISSIONS, source=another.store).catch_up()
    place.opened(MISSIONS).catch_up()
    assert read(read_models) == fold(MISSIONS.evolve, place.history.events, Moment())
    assert rows_of(read_models) == place.fresh(MISSIONS)


def read(read_models: ReadModels) -> object:
    with read_models.reading([MISSIONS]) as view:
        return view.lines(MISSIONS, Moment())


def test_a_build_that_was_dropped_while_somebody_reads_is_built_again(place: Place) -> None:
    place.history.record([PUBLISHED, RESCHEDULED])
    read_models = place.opened(MISSIONS)
    before = read(read_models)
    with read_models.database.writing() as transaction:
        read_models.builds.forget(transaction)
    assert read(read_models) == before


def test_how_far_the_chain_was_checked_only_grows(place: Place) -> None:
    read_models = place.opened(MISSIONS)
    assert read_models.checked() == (0, {})
    for position, heads in ((5, {"awex": (5, "five")}), (3, {"awex": (3, "three")})):
        with read_models.database.writing() as transaction:
            read_models.builds.check(transaction, position, heads)
        assert read_models.checked() == (5, {"awex": (5, "five")})


def test_what_is_kept_in_one_transaction_is_kept_or_not_at_all(place: Place) -> None:
    read_models = place.opened(MISSIONS)

    def writing() -> None:
        with read_models.database.writing() as transaction:
            read_models.builds.check(transaction, 5, {"awex": (5, "five")})
            transaction.execute("no such statement")

    with pytest.raises(ReadModelsUnusable):
        writing()
    assert read_models.checked() == (0, {})


def test_a_build_that_is_behind_the_one_that_serves_does_not_serve_yet(place: Place) -> None:
    place.history.record([PUBLISHED])
    older, newer = place.opened(SHOUTING), place.opened(MISSIONS)
    older.catch_up()
    with newer.database.writing() as transaction:
        [build] = newer.builds.own(transaction)
        assert not newer.builds.serve(transaction, build, (0, 0))
    assert [one.serving for one in older.all_builds() if one.position == 1] == [True]


def test_a_database_that_fails_is_not_taken_for_one_without_tables(place: Place) -> None:
    read_models = place.opened(MISSIONS)
    with read_models.database.writing() as transaction:
        transaction.execute("ALTER TABLE builds RENAME COLUMN changes TO other")
    with pytest.raises(ReadModelsUnusable, match="changes"):
        place.opened(MISSIONS)
