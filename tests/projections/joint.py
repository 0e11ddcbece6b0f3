"""The joint list of a few events, and the figure that a minister declared."""

from datetime import date

from projections.offices import (
    JointList,
    offices,
)
from projections.review import DeclaredFigure
from schemas.asking import AskOffices
from schemas.post import PostEvent
from schemas.vocabulary import (
    Agency,
    Claim,
    Qualified,
)
from tests.projections.abroad import (
    JANUARY,
    network_of,
)

EIGHTY_SIX = DeclaredFigure(
    claim=Claim(
        figure=Qualified(value=86, unit="commercial offices"),
        source="answer to written question 907",
        stated_on=date(2023, 10, 25),
        stated_by="Secretary of State of the Brussels-Capital Region",
    ),
    review="review-hub-2026",
    on=JANUARY,
    behind=("hub/9",),
)


def joint_list(
    *events: PostEvent,
    claims: tuple[DeclaredFigure, ...] = (),
    seen_by: Agency | None = None,
    later: tuple[PostEvent, ...] = (),
) -> JointList:
    return offices(
        network_of(*events), network_of(*events, *later), claims, AskOffices(seen_by=seen_by)
    )
