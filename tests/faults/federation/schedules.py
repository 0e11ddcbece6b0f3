"""What goes wrong between three nodes, when and for how long: drawn from a seed."""

import random
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial

from msgspec import Struct

from schemas.vocabulary import THREE, Agency

PHASE = 1.6  # seconds of work, with all that goes wrong in them


class Fault(StrEnum):
    CUT = "cut"
    FLAPPING = "flapping"
    HELD_UP = "held-up"  # nothing arrives at the hub
    HELD_DOWN = "held-down"  # nothing arrives from the hub
    HELD_BOTH = "held-both"
    HUB_KILLED = "hub-killed"
    HUB_PAUSED = "hub-paused"
    LEAF_KILLED = "leaf-killed"
    LEAF_PAUSED = "leaf-paused"
    NODE_KILLED = "node-killed"
    NODE_PAUSED = "node-paused"


# Faults of one thing, which only one of them can have at a time.
OF_THE_LINK = (Fault.CUT, Fault.FLAPPING, Fault.HELD_UP, Fault.HELD_DOWN, Fault.HELD_BOTH)
OF_THE_HUB = (Fault.HUB_KILLED, Fault.HUB_PAUSED)
OF_THE_LEAF = (Fault.LEAF_KILLED, Fault.LEAF_PAUSED)
OF_THE_NODE = (Fault.NODE_KILLED, Fault.NODE_PAUSED)
Strike = tuple[tuple[Fault, ...], Agency | None]
STRIKES: tuple[Strike, ...] = (
    (OF_THE_HUB, None),
    *((kind, agency) for kind in (OF_THE_LINK, OF_THE_LEAF, OF_THE_NODE) for agency in THREE),
)


class Trouble(Struct, frozen=True):
    """From `begins`, in seconds of the schedule, until it is mended at `ends`."""

    fault: Fault
    agency: Agency | None  # of its link, leaf or node; the hub is nobody's
    begins: float
    ends: float


Schedule = tuple[Trouble, ...]


def schedule(seed: int) -> Schedule:
    """One to four troubles, of different things, that overlap as chance has it."""
    chance = random.Random(seed)
    chosen = chance.sample(STRIKES, chance.randint(1, 4))
    return tuple(
        sorted(
            (_trouble(chance, kind, agency) for kind, agency in chosen),
            key=lambda trouble: trouble.begins,
        )
    )


def _trouble(chance: random.Random, kind: Sequence[Fault], agency: Agency | None) -> Trouble:
    begins = chance.uniform(0.0, PHASE / 2)
    return Trouble(chance.choice(kind), agency, begins, chance.uniform(begins + 0.2, PHASE))


Step = tuple[float, Callable[[], None]]


def steps(
    troubles: Schedule, begin: Callable[[Trouble], None], mend: Callable[[Trouble], None]
) -> list[Step]:
    """What to do at which second of the schedule, in order."""
    due: list[Step] = []
    for trouble in troubles:
        due.append((trouble.begins, partial(begin, trouble)))
        due.append((trouble.ends, partial(mend, trouble)))
    return sorted(due, key=lambda step: step[0])
