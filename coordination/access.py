"""Who may do what: one table of what each role decides, and one of what it reads.

For which agency is no matter of roles: whoever acts, acts for their own and for no other.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from coordination.conversion import kinds_by_tag
from schemas.asking import AnyQuestion
from schemas.message import Command, name


class Role(StrEnum):
    COORDINATOR = "coordinator"
    NETWORK = "network"
    CHIEF_EXECUTIVE = "chief-executive"
    READER = "reader"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


# The first role of a subject is the one whose daily work it is.
DECIDES: dict[str, tuple[Role, ...]] = {
    "mission": (Role.COORDINATOR, Role.CHIEF_EXECUTIVE),
    "cycle": (Role.COORDINATOR, Role.CHIEF_EXECUTIVE),
    "post": (Role.NETWORK, Role.CHIEF_EXECUTIVE),
    "review": (Role.CHIEF_EXECUTIVE, Role.NETWORK),
    "policy": (Role.CHIEF_EXECUTIVE,),
}


# Whatever a question answers is for everybody who works at one of the agencies.
READS: Mapping[str, Sequence[Role]] = {tag: tuple(Role) for tag in kinds_by_tag(AnyQuestion)}


def may(role: str, command: Command) -> bool:
    """Nobody may anything in a role that there is not."""
    return role in DECIDES[name(command).partition(".")[0]]


def usual_role(command: Command) -> Role:
    """The role that a command is asked in where a door knows the agency but not the person."""
    return DECIDES[name(command).partition(".")[0]][0]
