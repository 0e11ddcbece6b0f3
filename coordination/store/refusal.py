"""What the store raises when it cannot be used, or not safely."""

from functools import partial
from typing import Any


class StoreRefused(Exception):
    """
    The store refuses, and nothing of the request was kept.

    The key, such as `store.newer-format`, and its parameters are worded by the catalogues.
    """

    def __init__(self, key: str, /, **parameters: str | int) -> None:
        super().__init__(key, parameters)
        self.key, self.parameters = key, parameters

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle, which carries it from one process to another; parameters have names."""
        return partial(StoreRefused, self.key, **self.parameters), ()
