"""The policies in force: what the sources state, until an agency adopts something else."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from projections.read_model import ReadModel, Reference
from schemas.asking import AskPolicies
from schemas.message import owner_of
from schemas.policy import PolicyAdopted, PolicyId, PolicyTopic
from schemas.recorded_event import Told
from schemas.vocabulary import HUB, Agency, Qualified


class Documented(StrEnum):
    """Where a figure is documented, and in which role somebody stated it: people never enter.

    Written question 907 of the Parliament of the Brussels-Capital Region [S4]; the catalogues put
    it in words.
    """

    QUESTION = "question-907"
    ANSWER = "answer-907"
    DEPUTY = "deputy-who-asked"
    SECRETARY_OF_STATE = "secretary-of-state-who-answered"


RECEIVED = date(2023, 9, 21)
ANSWERED = date(2023, 10, 25)


class PolicyLine(Struct, frozen=True, kw_only=True):
    policy: PolicyId
    owner: Agency
    topic: PolicyTopic
    value: Qualified
    source: str
    attributed_to: str
    since: date


class Policy(Struct, frozen=True, kw_only=True):
    """`policy` and `owner` are null for what a source states and no agency adopted; `source` and
    `attributed_to` then are codes of Documented, else the words of the agency."""

    topic: PolicyTopic
    value: Qualified
    source: str
    attributed_to: str
    since: date
    policy: PolicyId | None = None
    owner: Agency | None = None
    behind: tuple[Reference, ...] = ()


class PolicyList(Struct, frozen=True, kw_only=True):
    """By topic; what the source states comes first, then what each agency adopted instead."""

    policies: tuple[Policy, ...]


# [S4]: the fees and the two royal missions are claims in the question; only the fewer than
# 5 participants are stated by the answer (DOMAIN §2). Nobody wrote any of them as a rule.
DOCUMENTED = (
    Policy(
        topic=PolicyTopic.FEE_SME,
        value=Qualified(value=100, unit="EUR"),
        source=Documented.QUESTION,
        attributed_to=Documented.DEPUTY,
        since=RECEIVED,
    ),
    Policy(
        topic=PolicyTopic.FEE_LARGE_COMPANY,
        value=Qualified(value=300, unit="EUR"),
        source=Documented.QUESTION,
        attributed_to=Documented.DEPUTY,
        since=RECEIVED,
    ),
    Policy(
        topic=PolicyTopic.AREA_MANAGER_TRAVELS_FROM,
        value=Qualified(value=5, unit="participants"),
        source=Documented.ANSWER,
        attributed_to=Documented.SECRETARY_OF_STATE,
        since=ANSWERED,
    ),
    Policy(
        topic=PolicyTopic.ROYAL_MISSIONS_A_YEAR,
        value=Qualified(value=2, unit="missions"),
        source=Documented.QUESTION,
        attributed_to=Documented.DEPUTY,
        since=RECEIVED,
    ),
)


def evolve(line: PolicyLine | None, recorded: Told) -> PolicyLine | None:
    """What is adopted last in a stream replaces what was adopted before."""
    match recorded.data:
        case PolicyAdopted() as event:
            return PolicyLine(
                policy=event.policy,
                owner=owner_of(event.policy),
                topic=event.topic,
                value=event.value,
                source=event.source,
                attributed_to=event.attributed_to,
                since=event.effective,
            )
    return line


def policies(adopted: ReadModel[PolicyLine], question: AskPolicies) -> PolicyList:
    del question  # the day is already that of the read model
    in_force = {(line.topic, line.owner): line for line in _oldest_first(adopted)}
    listed = (*DOCUMENTED, *(_policy(line, adopted) for line in in_force.values()))
    topics = tuple(PolicyTopic)
    return PolicyList(
        policies=tuple(sorted(listed, key=lambda one: (topics.index(one.topic), one.owner or "")))
    )


def figure(adopted: ReadModel[PolicyLine], topic: PolicyTopic, agency: Agency) -> int:
    """The figure an agency works by: what it adopted last on the topic, or what is documented."""
    documented = next(policy.value.value for policy in DOCUMENTED if policy.topic is topic)
    own = (
        line.value.value
        for line in _oldest_first(adopted)
        if line.owner == agency
        if line.topic is topic
    )
    return [documented, *own][-1]


def area_manager_travels(
    adopted: ReadModel[PolicyLine], agency: Agency = HUB
) -> Callable[[int], bool]:
    """The rule, given the number of participants. [S4]: with fewer than 5 of them the area manager
    stays at home; with 5 travels."""
    needed = figure(adopted, PolicyTopic.AREA_MANAGER_TRAVELS_FROM, agency)
    return lambda participants: participants >= needed


def _oldest_first(adopted: ReadModel[PolicyLine]) -> list[PolicyLine]:
    """Of one day, by name: the lines of a read model come by the names of their streams."""
    return sorted(adopted.lines.values(), key=lambda line: line.since)


def _policy(line: PolicyLine, adopted: ReadModel[PolicyLine]) -> Policy:
    return Policy(
        topic=line.topic,
        value=line.value,
        source=line.source,
        attributed_to=line.attributed_to,
        since=line.since,
        policy=line.policy,
        owner=line.owner,
        behind=adopted.behind[line.policy],
    )
