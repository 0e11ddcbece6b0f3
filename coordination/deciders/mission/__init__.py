"""A mission or other action, from the intention of one agency to the common plan."""

from coordination.deciders.mission.decide import decide
from coordination.deciders.mission.state import Mission, evolve

__all__ = ["Mission", "decide", "evolve"]
