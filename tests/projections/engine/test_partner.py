"""Two processes fold a long way together, and the rows are those that one would have made."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest
from msgspec import Struct

from coordination.reading import Opening as OpeningOfService
from coordination.store.event_store import EventStore
from projections.engine.partner import Opening
from projections.engine.projector import Projector
from projections.engine.read_models import ReadModels
from projections.engine.sqlite import SQLiteDatabase
from projections.tables import ALL
from schemas.examples import EVENTS
from schemas.message import stream_of, subject_of
from tests.projections.engine.history_store import HistoryStore
from tests.projections.engine.rows import rows_of


class Dying(Struct, frozen=True):
    """The partner dies before it has folded anything."""

    def __call__(self) -> Projector:
        os._exit(9)


class Failing(Struct, frozen=True):
    """The partner finds the history unreadable."""

    environ: dict[str, str]
    place: str

    def __call__(self) -> Projector:
        projector = OpeningOfService(self.environ, self.place)()
        projector.source = Unreadable(self.environ, datetime.now, str)
        return projector


class Unreadable(EventStore):
    def stored(self, after: int, until: int) -> Iterator[tuple[int, str, bytes]]:
        raise ValueError("not to be read")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[HistoryStore]:
    """Forty missions and posts, event by event in turn."""
    history = HistoryStore(tmp_path / "events.sqlite")
    history.now = datetime(2027, 6, 1, tzinfo=UTC)
    for event in EVENTS:
        subject = subject_of(stream_of(event))
        if subject in ("mission", "post"):
            named = (
                type(event),
                {field: getattr(event, field) for field in event.__struct_fields__},
            )
            history.record(
                [
                    named[0](**named[1] | {subject: f"{subject}-hub-{number}"})
                    for number in range(40)
                ]
            )
    yield history
    history.close()


def built(history: HistoryStore, file: Path, opening: Opening | None, long: int = 1) -> ReadModels:
    """From a history that was checked before, a few positions at a time."""
    database = SQLiteDatabase(str(file), 5)
    read_models = ReadModels(database, ALL, history.store, history.clock, batch=97, opening=opening)
    read_models.projector.long = long
    with database.writing() as transaction:
        read_models.builds.check(transaction, *history.store.standing())
    read_models.catch_up()
    return read_models


def opening_of(history: HistoryStore, file: Path) -> OpeningOfService:
    return OpeningOfService({"SQLITE_DBNAME": history.store.place}, str(file))


def test_two_processes_make_the_rows_that_one_makes(history: HistoryStore, tmp_path: Path) -> None:
    alone = built(history, tmp_path / "alone.sqlite", None)
    file = tmp_path / "together.sqlite"
    together = built(history, file, opening_of(history, file))
    assert rows_of(together) == rows_of(alone)
    assert together.projector.opening is not None  # the partner was not lost
    assert len(list(chain.from_iterable(rows_of(alone).values()))) > 80
    for read_models in (alone, together):
        read_models.close()


def test_who_loses_the_partner_goes_on_alone(history: HistoryStore, tmp_path: Path) -> None:
    alone = built(history, tmp_path / "alone.sqlite", None)
    left = built(history, tmp_path / "left.sqlite", Dying())
    assert rows_of(left) == rows_of(alone)
    assert left.projector.opening is None
    for read_models in (alone, left):
        read_models.close()


def test_what_hinders_the_partner_is_told(history: HistoryStore, tmp_path: Path) -> None:
    file = tmp_path / "together.sqlite"
    opening = Failing({"SQLITE_DBNAME": history.store.place}, str(file))
    with pytest.raises(ValueError, match="not to be read"):
        built(history, file, opening)


def test_a_short_way_is_gone_alone(history: HistoryStore, tmp_path: Path) -> None:
    short = built(history, tmp_path / "short.sqlite", Dying(), long=1_000_000)
    assert isinstance(short.projector.opening, Dying)
    short.close()
