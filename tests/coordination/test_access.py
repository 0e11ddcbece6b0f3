from datetime import date

import pytest

from coordination.access import DECIDES, Role, may, usual_role
from coordination.conversion import kinds_by_tag
from schemas.cycle import OpenCycle
from schemas.message import Command
from schemas.mission import ConfirmMission
from schemas.policy import AdoptPolicy, PolicyTopic
from schemas.post import StaffPost
from schemas.recorded_event import AnyCommand
from schemas.review import CloseReview
from schemas.vocabulary import Qualified

DAY = date(2026, 9, 15)
CONFIRM = ConfirmMission(by="hub", effective=DAY, mission="mission-hub-2027-oslo")
OPEN_CYCLE = OpenCycle(by="hub", effective=DAY, cycle="cycle-hub-2026")
STAFF = StaffPost(by="hub", effective=DAY, post="post-hub-oslo")
CLOSE_REVIEW = CloseReview(by="hub", effective=DAY, review="review-hub-2026")
ADOPT = AdoptPolicy(
    by="hub",
    effective=DAY,
    policy="policy-hub-fee-sme",
    topic=PolicyTopic.FEE_SME,
    value=Qualified(value=100, unit="EUR"),
    source="decision of the board",
    attributed_to="hub.brussels",
)


@pytest.mark.parametrize(
    "command, roles",
    [
        (CONFIRM, {Role.COORDINATOR, Role.CHIEF_EXECUTIVE}),
        (OPEN_CYCLE, {Role.COORDINATOR, Role.CHIEF_EXECUTIVE}),
        (STAFF, {Role.NETWORK, Role.CHIEF_EXECUTIVE}),
        (CLOSE_REVIEW, {Role.NETWORK, Role.CHIEF_EXECUTIVE}),
        (ADOPT, {Role.CHIEF_EXECUTIVE}),
    ],
)
def test_each_subject_is_decided_in_its_roles(command: Command, roles: set[Role]) -> None:
    assert {role for role in Role if may(role, command)} == roles


@pytest.mark.parametrize(
    "command, role",
    [
        (CONFIRM, Role.COORDINATOR),
        (OPEN_CYCLE, Role.COORDINATOR),
        (STAFF, Role.NETWORK),
        (CLOSE_REVIEW, Role.CHIEF_EXECUTIVE),
        (ADOPT, Role.CHIEF_EXECUTIVE),
    ],
)
def test_a_command_is_usually_asked_in_the_role_whose_work_it_is(
    command: Command, role: Role
) -> None:
    assert usual_role(command) == role


def test_every_subject_has_its_roles() -> None:
    subjects = {tag.partition(".")[0] for tag in kinds_by_tag(AnyCommand)}
    assert set(DECIDES) == subjects
