"""Missions as yet another program folds them: the title in small letters."""

from msgspec.structs import replace

from projections import missions
from projections.mission_line import MissionLine
from projections.tables.missions import MISSIONS
from schemas.recorded_event import Told


def evolve(line: MissionLine | None, recorded: Told) -> MissionLine | None:
    now = missions.evolve(line, recorded)
    if now is None or now.title.fr is None:
        return now
    return replace(now, title=replace(now.title, fr=now.title.fr.lower()))


WHISPERING = replace(MISSIONS, evolve=evolve)
