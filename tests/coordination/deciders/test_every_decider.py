"""What holds of every decider, whatever is asked of it in whatever order."""

from datetime import date
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordination.service import SUBJECTS, decider
from coordination.store.answers import Refused
from schemas.co_organisation import Terms
from schemas.examples import COMMANDS
from schemas.message import name
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import THREE

DAYS = [date(2026, 3, 1), date(2026, 9, 15), date(2026, 10, 15), date(2027, 1, 1), date(2027, 6, 1)]


def of(subject: str) -> list[AnyCommand]:
    return [one for one in COMMANDS if name(one).startswith(f"{subject}.")]


@st.composite
def asked(draw: st.DrawFn, subject: str) -> AnyCommand:
    """An example by anybody, on any day, about anybody, on other terms."""
    command: Any = draw(st.sampled_from(of(subject)))
    varied: dict[str, Any] = {
        "by": draw(st.sampled_from(THREE)),
        "effective": draw(st.sampled_from(DAYS)),
    }
    for field in ("partner", "beneficiary"):
        if hasattr(command, field):
            varied[field] = draw(st.sampled_from(THREE))
    if hasattr(command, "terms"):
        varied["terms"] = draw(st.sampled_from([Terms(), command.terms]))
    varied_command: AnyCommand = replace(command, **varied)
    return varied_command


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
@given(data=st.data())
def test_every_command_is_decided_or_rejected_and_a_repetition_adds_nothing(
    subject: str, data: st.DataObject
) -> None:
    rules = decider(SUBJECTS[subject])
    state = None
    for command in data.draw(st.lists(asked(subject), max_size=12)):
        decision = rules.decide(state, command)
        if isinstance(decision, Refused):
            assert decision.reason.startswith(f"{subject}.")
        else:
            state = reduce(rules.evolve, decision, state)
            assert rules.decide(state, command) == []
