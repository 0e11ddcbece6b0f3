"""Policies: dated, attributed figures that guide the agencies and can change from day to day."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta

from schemas.message import Command, Event
from schemas.vocabulary import Organisation, Qualified, Words

PolicyId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^policy-[a-z][a-z0-9]*-[a-z0-9-]+$(?!\n)",
        max_length=120,
        description="identifier of a policy: policy-<owner>-<words>",
        examples=["policy-hub-fee-sme"],
    ),
]


class PolicyTopic(StrEnum):
    FEE_SME = "fee-sme"
    FEE_LARGE_COMPANY = "fee-large-company"
    AREA_MANAGER_TRAVELS_FROM = "area-manager-travels-from"
    ROYAL_MISSIONS_A_YEAR = "royal-missions-a-year"


class AdoptPolicy(Command, frozen=True, kw_only=True, tag="policy.adopt"):
    """Adopt a figure as one's policy from the effective day, with who states it and where."""

    policy: PolicyId
    topic: PolicyTopic
    value: Qualified
    source: Words
    attributed_to: Organisation


class PolicyAdopted(Event, frozen=True, kw_only=True, tag="policy.adopted"):
    policy: PolicyId
    topic: PolicyTopic
    value: Qualified
    source: Words
    attributed_to: Organisation


PolicyCommand: TypeAlias = AdoptPolicy
PolicyEvent: TypeAlias = PolicyAdopted
