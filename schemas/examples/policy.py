"""One example of every message about policies: a fee, as an agency adopts it."""

from datetime import date

from schemas.policy import AdoptPolicy, PolicyAdopted, PolicyTopic
from schemas.vocabulary import HUB, Qualified

ID = "policy-hub-fee-sme"
JANUARY = date(2026, 1, 1)
FEE = Qualified(value=120, unit="EUR")

ADOPT = AdoptPolicy(
    by=HUB,
    effective=JANUARY,
    policy=ID,
    topic=PolicyTopic.FEE_SME,
    value=FEE,
    source="price list of 2026",
    attributed_to="hub.brussels",
)
ADOPTED = PolicyAdopted(
    effective=JANUARY,
    policy=ID,
    topic=PolicyTopic.FEE_SME,
    value=FEE,
    source="price list of 2026",
    attributed_to="hub.brussels",
)

COMMANDS = (ADOPT,)
EVENTS = (ADOPTED,)
