from msgspec.structs import replace

from coordination.deciders.policy import decide, evolve
from schemas.examples.policy import ADOPT, ADOPTED, ID
from schemas.policy import PolicyTopic
from schemas.vocabulary import FIT, HUB, Qualified
from tests.story import Story

policy = Story(decide, evolve)
DEARER = Qualified(value=150, unit="EUR")


def test_an_agency_adopts_a_policy_of_its_own() -> None:
    policy.given().when(ADOPT).then(ADOPTED)
    policy.given().when(replace(ADOPT, by=FIT)).rejected(
        "policy.not-the-owner", agency=FIT, owner=HUB
    )


def test_the_same_policy_is_adopted_once() -> None:
    later = replace(ADOPT, effective=ADOPT.effective.replace(year=2027))
    policy.given(ADOPTED).when(later).then()


def test_another_figure_replaces_it() -> None:
    policy.given(ADOPTED).when(replace(ADOPT, value=DEARER)).then(replace(ADOPTED, value=DEARER))
    policy.given(ADOPTED, replace(ADOPTED, value=DEARER)).when(ADOPT).then(ADOPTED)


def test_a_policy_keeps_its_topic() -> None:
    other = replace(ADOPT, topic=PolicyTopic.FEE_LARGE_COMPANY)
    policy.given(ADOPTED).when(other).rejected("policy.other-topic", policy=ID, topic="fee-sme")
