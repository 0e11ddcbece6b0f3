"""One example of every message. Tests name them; the printed catalogue shows them."""

from schemas.examples import cycle, mission, policy, post, review
from schemas.recorded_event import AnyCommand, AnyEvent

COMMANDS: tuple[AnyCommand, ...] = (
    *mission.COMMANDS,
    *cycle.COMMANDS,
    *post.COMMANDS,
    *review.COMMANDS,
    *policy.COMMANDS,
)
EVENTS: tuple[AnyEvent, ...] = (
    *mission.EVENTS,
    *cycle.EVENTS,
    *post.EVENTS,
    *review.EVENTS,
    *policy.EVENTS,
)
