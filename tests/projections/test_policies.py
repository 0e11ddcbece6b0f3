from datetime import date

import pytest
from msgspec.structs import replace

from projections.policies import (
    DOCUMENTED,
    Policy,
    PolicyLine,
    PolicyList,
    area_manager_travels,
    evolve,
    figure,
    policies,
)
from projections.read_model import Moment, ReadModel, fold
from schemas.asking import AskPolicies
from schemas.policy import PolicyAdopted, PolicyTopic
from schemas.vocabulary import AWEX, FIT, HUB, Qualified
from tests.projections.abroad import announce
from tests.projections.recording import recorded

FEE = PolicyAdopted(
    effective=date(2026, 1, 1),
    policy="policy-hub-fee-sme",
    topic=PolicyTopic.FEE_SME,
    value=Qualified(value=120, unit="EUR"),
    source="decision of the board of 12/12/2025",
    attributed_to="the board of hub.brussels",
)
OF_AWEX = replace(FEE, policy="policy-awex-fee-sme", value=Qualified(value=90, unit="EUR"))


def adopted(*events: PolicyAdopted) -> ReadModel[PolicyLine]:
    return fold(evolve, recorded(*events), Moment())


def as_listed(event: PolicyAdopted, owner: str, *behind: str) -> Policy:
    return Policy(
        topic=event.topic,
        value=event.value,
        source=event.source,
        attributed_to=event.attributed_to,
        since=event.effective,
        policy=event.policy,
        owner=owner,
        behind=behind,
    )


def test_what_the_sources_state_is_attributed_to_roles_and_dated() -> None:
    # [S4] and DOMAIN §2: the question claims the fees and the royal missions, the answer does not
    question, answer = "question-907", "answer-907"
    deputy, minister = "deputy-who-asked", "secretary-of-state-who-answered"
    assert [
        (one.topic, one.value, one.source, one.attributed_to, one.since, one.owner, one.policy)
        for one in policies(adopted(), AskPolicies()).policies
    ] == [
        (topic, Qualified(value=value, unit=unit), source, who, since, None, None)
        for topic, value, unit, source, who, since in [
            (PolicyTopic.FEE_SME, 100, "EUR", question, deputy, date(2023, 9, 21)),
            (PolicyTopic.FEE_LARGE_COMPANY, 300, "EUR", question, deputy, date(2023, 9, 21)),
            (
                PolicyTopic.AREA_MANAGER_TRAVELS_FROM,
                5,
                "participants",
                answer,
                minister,
                date(2023, 10, 25),
            ),
            (
                PolicyTopic.ROYAL_MISSIONS_A_YEAR,
                2,
                "missions",
                question,
                deputy,
                date(2023, 9, 21),
            ),
        ]
    ]


def test_what_an_agency_adopts_stands_after_what_is_documented() -> None:
    sme, *others = DOCUMENTED
    assert policies(adopted(FEE, OF_AWEX), AskPolicies()) == PolicyList(
        policies=(
            sme,
            as_listed(OF_AWEX, AWEX, "awex/1"),
            as_listed(FEE, HUB, "hub/1"),
            *others,
        )
    )


def test_an_agency_has_one_policy_on_a_topic_the_one_it_adopted_last() -> None:
    later = replace(FEE, policy="policy-hub-a-fee", effective=date(2027, 1, 1))
    assert policies(adopted(later, FEE), AskPolicies()).policies[:2] == (
        DOCUMENTED[0],
        as_listed(later, HUB, "hub/1"),
    )


def test_of_two_policies_adopted_for_one_day_the_last_by_name_holds() -> None:
    other = replace(FEE, policy="policy-hub-a-fee", value=Qualified(value=1, unit="EUR"))
    assert figure(adopted(FEE, other), PolicyTopic.FEE_SME, HUB) == 120
    assert figure(adopted(other, FEE), PolicyTopic.FEE_SME, HUB) == 120


def test_the_agencies_come_in_the_order_of_their_names() -> None:
    later = replace(OF_AWEX, effective=date(2027, 1, 1))
    listed = policies(adopted(FEE, later), AskPolicies()).policies
    assert [one.owner for one in listed[:3]] == [None, AWEX, HUB]


def test_a_policy_adopted_again_replaces_itself() -> None:
    again = replace(FEE, value=Qualified(value=130, unit="EUR"), effective=date(2027, 1, 1))
    assert adopted(FEE, again).lines == {
        FEE.policy: PolicyLine(
            policy=FEE.policy,
            owner=HUB,
            topic=PolicyTopic.FEE_SME,
            value=again.value,
            source=FEE.source,
            attributed_to=FEE.attributed_to,
            since=date(2027, 1, 1),
        )
    }


def test_an_event_of_another_subject_is_no_policy() -> None:
    assert evolve(None, *recorded(announce())) is None


@pytest.mark.parametrize(
    "events, agency, euros",
    [
        ((), HUB, 100),
        ((FEE,), HUB, 120),
        ((FEE,), FIT, 100),
        ((FEE, OF_AWEX), AWEX, 90),
        ((replace(FEE, topic=PolicyTopic.FEE_LARGE_COMPANY),), HUB, 100),
        (
            (replace(OF_AWEX, policy="policy-hub-a-fee", effective=date(2027, 1, 1)), FEE),
            HUB,
            90,
        ),
    ],
)
def test_an_agency_works_by_what_it_adopted_or_else_by_what_is_documented(
    events: tuple[PolicyAdopted, ...], agency: str, euros: int
) -> None:
    assert figure(adopted(*events), PolicyTopic.FEE_SME, agency) == euros


@pytest.mark.parametrize("participants, travels", [(0, False), (4, False), (5, True), (6, True)])
def test_the_area_manager_stays_at_home_when_fewer_than_five_participate(
    participants: int, travels: bool
) -> None:
    assert area_manager_travels(adopted())(participants) == travels


def test_an_agency_may_let_its_area_manager_travel_for_fewer() -> None:
    three = PolicyAdopted(
        effective=date(2026, 1, 1),
        policy="policy-fit-travel",
        topic=PolicyTopic.AREA_MANAGER_TRAVELS_FROM,
        value=Qualified(value=3, unit="participants"),
        source="circular 7",
        attributed_to="the board of FIT",
    )
    assert area_manager_travels(adopted(three), FIT)(3)
    assert not area_manager_travels(adopted(three))(3)
