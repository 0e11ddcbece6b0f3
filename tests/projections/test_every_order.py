"""A replica may show anything first: no fold fails, whatever event meets whatever line."""

from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import editions, missions, policies, posts, review
from projections.mission_plan import plan
from projections.read_model import Evolve, Moment, canonical, fold
from schemas.asking import AskPlan
from schemas.examples import EVENTS
from schemas.recorded_event import RecordedEvent
from tests.projections.recording import recorded

FOLDS: list[Evolve[Any]] = [
    editions.evolve,
    missions.evolve,
    policies.evolve,
    posts.evolve,
    review.evolve,
]
EXAMPLES = recorded(*EVENTS)


@pytest.mark.parametrize("evolve", FOLDS)
@given(events=st.permutations(EXAMPLES))
def test_a_line_takes_every_example_in_any_order(
    evolve: Evolve[Any], events: list[RecordedEvent]
) -> None:
    first: Any = None
    line = reduce(evolve, events, first)
    assert line is not None


@pytest.mark.parametrize("evolve", FOLDS)
@given(events=st.permutations(EXAMPLES))
def test_folding_in_whatever_order_they_arrive_gives_the_same_bytes(
    evolve: Evolve[Any], events: list[RecordedEvent]
) -> None:
    once, again, in_order = (
        canonical(fold(evolve, each, Moment())) for each in (events, events, EXAMPLES)
    )
    assert once == again == in_order


@given(events=st.permutations(EXAMPLES))
def test_the_plan_is_the_same_in_whatever_order_they_arrive(events: list[RecordedEvent]) -> None:
    asked = AskPlan(year=2027)
    arrived, in_order = (
        plan(
            fold(missions.evolve, each, Moment()),
            asked,
            royal_missions_a_year=2,
            area_manager_travels=bool,
        )
        for each in (events, EXAMPLES)
    )
    assert arrived == in_order
    assert [row.line.mission for row in arrived.ended] == ["mission-awex-2027-hanoi"]
