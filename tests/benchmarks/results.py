"""What one run measured: every figure of every round, by a name; and how rounds become one."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

import msgspec
from msgspec import Struct

from tests.benchmarks.clients import Timed
from tests.benchmarks.machine import Machine


class Figure(Struct, frozen=True):
    """Medians of rounds, with the least and the most."""

    middle: float
    least: float
    most: float


class Results(Struct):
    """`rounds` maps a name such as `commands/sqlite/64/ours/per-second` to a figure a round.

    Seconds, bytes, and calls or events a second. `notes` say what a reader has to know of a name;
    `absent` says why there is no figure.
    """

    began: datetime
    machine: Machine
    sizes: tuple[int, ...]
    clients: int
    turns: int
    seconds: float = 0.0
    rounds: dict[str, list[float]] = {}
    notes: dict[str, str] = {}
    absent: dict[str, str] = {}

    def add(self, name: str, value: float) -> None:
        self.rounds.setdefault(name, []).append(value)

    def add_timed(self, name: str, timed: Timed) -> None:
        self.add(f"{name}/per-second", timed.per_second)
        self.add(f"{name}/p50", timed.percentile(0.50))
        self.add(f"{name}/p99", timed.percentile(0.99))

    def figure(self, name: str) -> Figure | None:
        return _figure(self.rounds.get(name, []))

    def ratio(self, name: str, against: str) -> Figure | None:
        """Each round's figure over that of the other in the same round."""
        pairs = zip(self.rounds.get(name, []), self.rounds.get(against, []), strict=False)
        return _figure([one / other for one, other in pairs])


def middle_of(sizes: Sequence[int]) -> int:
    """PostgreSQL is filled to here: a run has to end in a quarter of an hour."""
    return sizes[len(sizes) // 2]


def _figure(values: list[float]) -> Figure | None:
    return Figure(median(values), min(values), max(values)) if values else None


def write(results: Results, file: Path) -> None:
    file.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")


def read(file: Path) -> Results:
    return msgspec.json.decode(file.read_bytes(), type=Results)
