"""Every question has the answer that the pure folds give, from durable rows or folded again."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from coordination.deciders.rejection import Rejected
from coordination.questions import NEEDED, Answering, Questions, moment_of
from coordination.reading import KeptReadModels
from projections.engine.projection import Projection
from projections.read_model import Moment, ReadModel, fold
from schemas.asking import (
    AnyQuestion,
    AskCoverage,
    AskDifference,
    AskEditions,
    AskJune,
    AskOffices,
    AskPlan,
    AskPolicies,
    AskReview,
    AskSeptember,
)
from schemas.cycle import AFTER_SEPTEMBER
from schemas.message import subject_of
from schemas.recorded_event import RecordedEvent
from tests.projections.engine.histories import occurrences
from tests.projections.engine.history_store import HistoryStore

HISTORIES = range(150)
YEARS = range(2025, 2031)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HistoryStore]:
    history = HistoryStore(tmp_path_factory.mktemp("questions") / "events.sqlite")
    for seed in HISTORIES:
        for one in occurrences(seed, history.now):
            history.now += one.after
            history.record([one.event])
    yield history
    history.close()


class Folded:
    """A view as the answers take it, of what was recorded, and nothing else."""

    def __init__(self, events: list[RecordedEvent]) -> None:
        self._events = events

    def lines(
        self,
        projection: Projection[Any],
        moment: Moment,
        *,
        years: Collection[int] | None = None,
        streams: Collection[str] | None = None,
    ) -> ReadModel[Any]:
        """All lines, or those of these streams; whoever asks for years finds too many."""
        events = [
            one
            for one in self._events
            if subject_of(one.stream) == projection.subject
            and (streams is None or one.stream in streams)
        ]
        return fold(projection.evolve, events, moment)


def questions(cycles: list[str]) -> Iterator[AnyQuestion]:
    for year in YEARS:
        yield AskPlan(year=year)
        yield AskJune(year=year)
        yield AskSeptember(year=year)
    for cycle in cycles:
        yield AskEditions(cycle=cycle)
        yield AskDifference(cycle=cycle, before=AFTER_SEPTEMBER)
    yield from (AskOffices(), AskCoverage(), AskReview(year=2026), AskPolicies())


def answered(answer: Any, question: AnyQuestion) -> Any:
    try:
        return answer(question)
    except Rejected as rejected:
        return rejected.reason, rejected.parameters


def test_every_question_has_the_answer_of_the_pure_folds(history: HistoryStore) -> None:
    cycles = sorted({one.stream for one in history.events if subject_of(one.stream) == "cycle"})
    kept = KeptReadModels({"SQLITE_DBNAME": history.store.place}, history.store, history.clock)
    durable = Questions(history.store, kept, "hub")
    chance, today = Random(907), history.now.date()
    asked = list(questions(cycles[:4]))
    assert {type(one) for one in asked} == set(NEEDED)
    for day in (today, today - timedelta(days=200), today + timedelta(days=300), date(2031, 1, 1)):
        known_on = chance.choice((None, today - timedelta(days=chance.randint(0, 400))))
        for question in asked:
            one: Any = replace(question, as_of=day, known_on=known_on)
            pure = Answering(Folded(history.events), moment_of(one), "hub")
            expected = answered(pure.answer, one)
            assert answered(durable.answer, one) == expected
            assert answered(durable.answer, one) == expected  # and when it is at hand
    kept.close()
