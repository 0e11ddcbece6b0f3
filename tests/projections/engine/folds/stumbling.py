"""Missions as a program folds them that stumbles over what it is told to stumble over."""

from msgspec.structs import replace

from projections import missions
from projections.mission_line import MissionLine
from projections.tables.missions import MISSIONS
from schemas.recorded_event import Told

over = set[type]()


def evolve(line: MissionLine | None, recorded: Told) -> MissionLine | None:
    if type(recorded.data) in over:
        raise ValueError(f"nothing is known of {type(recorded.data).__name__}")
    return missions.evolve(line, recorded)


STUMBLING = replace(MISSIONS, evolve=evolve)
