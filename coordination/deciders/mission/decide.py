"""From a command about a mission to the function that decides it: one per verb."""

from typing import assert_never

from coordination.deciders.mission import co_organisation, plan
from coordination.deciders.mission.state import Mission
from coordination.deciders.rejection import Rejected
from schemas.co_organisation import (
    AcceptCoOrganisation,
    CounterProposeCoOrganisation,
    DeclineCoOrganisation,
    NameCoordinator,
    RequestCoOrganisation,
    WithdrawCoOrganisation,
)
from schemas.mission import (
    CancelMission,
    ConfirmMission,
    CorrectMission,
    HoldMission,
    MissionCancelled,
    MissionCommand,
    MissionEvent,
    PromiseAction,
    PublishMission,
    ReplaceMission,
    RescheduleMission,
    ReviseMission,
    SetLegs,
)


def decide(mission: Mission | None, command: MissionCommand) -> list[MissionEvent]:
    if isinstance(command, PublishMission):
        return plan.publish(mission, command)
    if mission is None:
        raise Rejected("mission.unknown", mission=command.mission)
    if command.effective < mission.since:
        raise Rejected(
            "mission.before-published",
            mission=command.mission,
            effective=command.effective.isoformat(),
            published=mission.since.isoformat(),
        )
    if mission.ended is not None:
        return after_the_end(mission, command)
    match command:
        case ReviseMission():
            return plan.revise(mission, command)
        case RescheduleMission():
            return plan.reschedule(mission, command)
        case SetLegs():
            return plan.set_legs(mission, command)
        case ConfirmMission():
            return plan.confirm(mission, command)
        case ReplaceMission():
            return plan.replace(mission, command)
        case PromiseAction():
            return plan.promise_action(mission, command)
        case CancelMission():
            return plan.cancel(mission, command)
        case HoldMission():
            return plan.hold(mission, command)
        case CorrectMission():
            return plan.correct(mission, command)
        case RequestCoOrganisation():
            return co_organisation.request_co_organisation(mission, command)
        case WithdrawCoOrganisation():
            return co_organisation.withdraw_co_organisation(mission, command)
        case CounterProposeCoOrganisation():
            return co_organisation.counter_propose_co_organisation(mission, command)
        case AcceptCoOrganisation():
            return co_organisation.accept_co_organisation(mission, command)
        case DeclineCoOrganisation():
            return co_organisation.decline_co_organisation(mission, command)
        case NameCoordinator():
            return co_organisation.name_coordinator(mission, command)
        case _:
            assert_never(command)


def after_the_end(mission: Mission, command: MissionCommand) -> list[MissionEvent]:
    """Nothing follows a cancellation or a replacement, but the same command delivered again."""
    if isinstance(mission.ended, MissionCancelled):
        if isinstance(command, CancelMission) and command.by == mission.owner:
            sooner = command.effective < mission.ended.effective
            return plan.cancel(mission, command) if sooner else []
        raise Rejected("mission.cancelled", mission=command.mission, reason=mission.ended.reason)
    assert mission.ended is not None
    replacement = mission.ended.replacement
    if isinstance(command, ReplaceMission) and command.replacement == replacement:
        plan.only_the_leader(mission, command)
        sooner = command.effective < mission.ended.effective
        return plan.replace(mission, command) if sooner else []
    raise Rejected("mission.replaced", mission=command.mission, replacement=replacement)
