"""A policy of an agency: a figure that holds from a day on, until another is adopted."""

from msgspec import Struct, structs

from coordination.deciders.rejection import Rejected
from schemas.message import owner_of
from schemas.policy import AdoptPolicy, PolicyAdopted, PolicyCommand, PolicyEvent


class Policy(Struct, frozen=True):
    adopted: PolicyAdopted


def decide(policy: Policy | None, command: PolicyCommand) -> list[PolicyEvent]:
    return adopt(policy, command)


def evolve(policy: Policy | None, event: PolicyEvent) -> Policy:
    return Policy(adopted=event)


def adopt(policy: Policy | None, command: AdoptPolicy) -> list[PolicyEvent]:
    owner = owner_of(command.policy)
    if command.by != owner:
        raise Rejected("policy.not-the-owner", agency=command.by, owner=owner)
    adopted = PolicyAdopted(
        effective=command.effective,
        policy=command.policy,
        topic=command.topic,
        value=command.value,
        source=command.source,
        attributed_to=command.attributed_to,
    )
    if policy is None:
        return [adopted]
    if command.topic != policy.adopted.topic:
        raise Rejected(
            "policy.other-topic", policy=command.policy, topic=policy.adopted.topic.value
        )
    if structs.replace(adopted, effective=policy.adopted.effective) == policy.adopted:
        return []
    return [adopted]
