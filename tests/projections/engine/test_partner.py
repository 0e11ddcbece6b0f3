"""Two processes fold a long way together, and the rows are those that one would have made."""

import os
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest
from msgspec import Struct

from coordination.reading import Opening as OpeningOfService
from coordination.store.event_store import EventStore
from projections.engine.folding import Way, folded_again
from projections.engine.partner import (
    Opening,
    Partner,
    PartnerLost,
    other_share,
    own_share,
    work,
)
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


class DyingHalfway(Struct, frozen=True):
    """The partner dies while it hands over what it has folded."""

    def __call__(self) -> Projector:
        os.write(1, pickle.dumps(["rows"] * 100)[:-10])
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


@pytest.mark.parametrize("opening", [Dying(), DyingHalfway()])
def test_who_loses_the_partner_goes_on_alone(
    history: HistoryStore, tmp_path: Path, opening: Opening
) -> None:
    alone = built(history, tmp_path / "alone.sqlite", None)
    left = built(history, tmp_path / "left.sqlite", opening)
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


def test_a_partner_goes_one_way_at_a_time(history: HistoryStore, tmp_path: Path) -> None:
    file = tmp_path / "rows.sqlite"
    alone = built(history, file, None)
    fingerprints = list(alone.builds.fingerprints.values())
    partner = Partner(opening_of(history, file))
    partner.ask(Way(fingerprints, 0, 97))
    partner.ask(Way(fingerprints, 0, 97))
    with pytest.raises(PartnerLost):
        partner.ask(Way(fingerprints, 97, 194))
    partner.close()
    alone.close()


def test_a_partner_that_died_is_lost_with_what_it_was_asked(history: HistoryStore) -> None:
    partner = Partner(Dying())
    with pytest.raises(PartnerLost):
        partner.answer()
    partner._process.wait()  # it may have closed one end only, so far
    with pytest.raises(PartnerLost):
        partner.ask(Way([], 0, 97))
    partner.close()


def test_a_partner_folds_its_share_of_each_way_until_nobody_asks(
    history: HistoryStore, tmp_path: Path
) -> None:
    """As it does in its own process: what it hears, and what it says."""
    alone = built(history, tmp_path / "alone.sqlite", None)
    file = tmp_path / "rows.sqlite"
    opening = opening_of(history, file)
    fingerprints = list(alone.builds.fingerprints.values())
    ways = [Way(fingerprints, 0, 97), Way(fingerprints, 97, 194), Way(["of nobody"], 194, 200)]
    heard, said = BytesIO(b"".join(map(pickle.dumps, (opening, *ways)))), BytesIO()
    work(heard, said)
    said.seek(0)
    first, second, refused = (pickle.load(said) for _ in ways)
    with pytest.raises(EOFError):
        pickle.load(said)
    projector = opening()
    group = projector.shelves(fingerprints)
    for way, folded in zip(ways, (first, second), strict=False):
        expected = folded_again(projector.source, group, way, other_share, lambda position: None)
        assert folded == expected
        for shelf, one in zip(group, expected, strict=True):
            shelf.written(one.parked)
    assert any(one.rows for one in first)
    assert isinstance(refused, KeyError)
    projector.database.close()
    alone.close()


def test_every_stream_belongs_to_one_of_both() -> None:
    streams = [f"mission-awex-{number}" for number in range(1_000)]
    own = [stream for stream in streams if own_share(stream)]
    assert [stream for stream in streams if not other_share(stream)] == own
    assert 300 < len(own) < 500
