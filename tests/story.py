"""Given what happened, when someone asks, then this happens, or it is rejected."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import pytest

from coordination.deciders.rejection import Rejected


class Story:
    def __init__(self, decide: Callable[..., Any], evolve: Callable[..., Any]) -> None:
        self.decide, self.evolve = decide, evolve

    def given(self, *events: Any) -> "Story":
        self.state = reduce(self.evolve, events, None)
        return self

    def when(self, command: Any) -> "Story":
        self.request = command
        return self

    def then(self, *events: Any) -> None:
        assert self.decide(self.state, self.request) == list(events)

    def rejected(self, reason: str, /, **parameters: str | int | tuple[str, ...]) -> None:
        with pytest.raises(Rejected) as rejection:
            self.decide(self.state, self.request)
        assert (rejection.value.reason, rejection.value.parameters) == (reason, parameters)
