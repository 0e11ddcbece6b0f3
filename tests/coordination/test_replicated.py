"""A node that received the ledgers answers every question as the nodes that decided them do."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime
from itertools import count, product
from pathlib import Path

import pytest

from coordination.deciders.rejection import Rejected
from coordination.demo.player import play
from coordination.service import Service
from coordination.settings import Settings
from schemas.asking import (
    AnyQuestion,
    AskCoverage,
    AskDifference,
    AskEditions,
    AskExplanation,
    AskFigure,
    AskHistory,
    AskJune,
    AskOffices,
    AskPlan,
    AskPolicies,
    AskReview,
    AskSeptember,
    Figure,
)
from schemas.cycle import CycleOpened, EditionPublished
from schemas.recorded_event import RecordedEvent
from schemas.vocabulary import AWEX, FIT, HUB, THREE, Agency
from tests.projections.engine.rows import rows_of
from tests.servers.postgres import Server

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
YEARS = range(2023, 2030)
DAYS = (None, date(2026, 9, 30), date(2027, 6, 1))
Order = Callable[[Mapping[Agency, int]], Iterator[tuple[Agency, int, int]]]


def node(environ: Mapping[str, str], settings: Settings) -> Service:
    return Service(settings, environ, lambda: NOW, lambda: "none is made")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The year of the demonstration, as it was decided."""
    environ = {"SQLITE_DBNAME": str(tmp_path_factory.mktemp("story") / "story.sqlite")}
    numbers = count(1)
    for _ in play(Settings(), environ, lambda: f"id-{next(numbers)}", "en"):
        pass
    with node(environ, Settings()) as service:
        yield service


def questions(events: list[RecordedEvent]) -> Iterator[AnyQuestion]:
    streams = sorted({event.stream for event in events})
    for day in DAYS:
        yield from (AskHistory(stream=stream, as_of=day) for stream in streams)
        yield from (AskExplanation(stream=stream, as_of=day) for stream in streams)
        for year in YEARS:
            yield from (AskPlan(year=year, agency=agency, as_of=day) for agency in (None, *THREE))
            for one, other in ((HUB, AWEX), (HUB, FIT), (AWEX, FIT)):
                yield AskJune(year=year, agency=one, other=other, as_of=day)
            yield AskSeptember(year=year, as_of=day)
            yield AskReview(year=year, as_of=day)
        for agency in (None, *THREE):
            yield AskOffices(seen_by=agency, as_of=day)
            yield AskCoverage(agency=agency, as_of=day)
        yield AskPolicies(as_of=day)
        yield AskPlan(year=2027, as_of=day, known_on=date(2026, 9, 20))
        for figure, of_year in product(Figure, (None, 2027)):
            yield AskFigure(figure=figure, year=of_year, as_of=day)
    editions = [one.data for one in events if isinstance(one.data, EditionPublished)]
    for cycle in (one.data.cycle for one in events if isinstance(one.data, CycleOpened)):
        yield AskEditions(cycle=cycle)
        names = [one.edition for one in editions if one.cycle == cycle]
        for before, after in product(names, (None, *names)):
            yield AskDifference(cycle=cycle, before=before, after=after)


def answered(service: Service, asked: AnyQuestion) -> object:
    try:
        return service.answer(asked)
    except Rejected as rejected:
        return rejected.reason, rejected.parameters


def differing(replica: Service, original: Service) -> list[AnyQuestion]:
    return [
        asked
        for asked in questions(list(original.questions.events()))
        if answered(replica, asked) != answered(original, asked)
    ]


def one_after_another(lengths: Mapping[Agency, int]) -> Iterator[tuple[Agency, int, int]]:
    """The secretariat last: what its editions are of is there before they are."""
    for ledger in (FIT, AWEX, HUB):
        yield ledger, 0, lengths[ledger]


def the_other_way_round(lengths: Mapping[Agency, int]) -> Iterator[tuple[Agency, int, int]]:
    """The secretariat first: its editions name what is not there yet."""
    for ledger in (HUB, AWEX, FIT):
        yield ledger, 0, lengths[ledger]


def in_turns(lengths: Mapping[Agency, int]) -> Iterator[tuple[Agency, int, int]]:
    for first in range(0, max(lengths.values()), 7):
        for ledger in THREE:
            yield ledger, first, min(first + 7, lengths[ledger])


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
@pytest.mark.parametrize("order", [one_after_another, the_other_way_round, in_turns])
def test_every_answer_and_every_row_is_the_same_in_whatever_order_the_ledgers_came(
    original: Service, order: Order, where: str, tmp_path: Path, postgres: Server
) -> None:
    sqlite = {"SQLITE_DBNAME": str(tmp_path / "replica.sqlite")}
    lengths = {one.ledger: one.seq for one in original.store.heads()}
    with ExitStack() as closes:
        environ = sqlite if where == "sqlite" else postgres.environ()
        replica = closes.enter_context(node(environ, Settings(speaks_for=(FIT,))))
        for ledger, first, last in order(lengths):
            sent = original.store.of_ledger(ledger, first, last - first)
            received = replica.receive(ledger, sent)
            assert received.misfit is None
            replica.answer(AskPlan(year=2027))  # the tables take in part after part
        assert replica.store.heads() == original.store.heads()
        assert differing(replica, original) == []
        assert rows_of(replica.read_models.opened) == rows_of(original.read_models.opened)


def test_one_event_that_is_missing_shows(original: Service, tmp_path: Path) -> None:
    """Else the questions would ask too little."""
    environ = {"SQLITE_DBNAME": str(tmp_path / "replica.sqlite")}
    with node(environ, Settings(speaks_for=(FIT,))) as replica:
        for one in original.store.heads():
            replica.receive(one.ledger, original.store.of_ledger(one.ledger, 0, one.seq - 1))
        kinds = {type(asked) for asked in differing(replica, original)}
    assert kinds >= {AskPlan, AskHistory, AskExplanation, AskEditions, AskSeptember}
