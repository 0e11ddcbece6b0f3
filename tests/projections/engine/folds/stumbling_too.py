"""Missions as a later program folds them, which stumbles as the one before it did."""

from msgspec.structs import replace

from projections.mission_line import MissionLine
from projections.tables.missions import MISSIONS
from schemas.recorded_event import Told
from tests.projections.engine.folds import stumbling


def evolve(line: MissionLine | None, recorded: Told) -> MissionLine | None:
    return stumbling.evolve(line, recorded)


STUMBLING_TOO = replace(MISSIONS, evolve=evolve)
