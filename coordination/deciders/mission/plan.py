"""What the leader decides on its own mission: the plan, its dates, its end."""

from msgspec import structs

from coordination.deciders.mission.state import Mission, differences
from coordination.deciders.rejection import Rejected
from schemas.message import owner_of, said
from schemas.mission import (
    ActionPromised,
    CancelMission,
    ConfirmMission,
    CorrectMission,
    HoldMission,
    LegsSet,
    MissionCancelled,
    MissionCommand,
    MissionConfirmed,
    MissionCorrected,
    MissionEvent,
    MissionHeld,
    MissionPublished,
    MissionReplaced,
    MissionRescheduled,
    MissionRevised,
    PromiseAction,
    PublishMission,
    ReplaceMission,
    RescheduleMission,
    ReviseMission,
    SetLegs,
)
from schemas.period import bounds


def publish(mission: Mission | None, command: PublishMission) -> list[MissionEvent]:
    owner = owner_of(command.mission)
    if command.by != owner:
        raise Rejected(
            "mission.identifier-names-another-agency", mission=command.mission, owner=owner
        )
    if command.mission in (command.replaces, command.follows):
        raise Rejected("mission.replaces-itself", mission=command.mission)
    fields = structs.asdict(command)
    del fields["by"]
    published = MissionPublished(**fields)
    if mission is None:
        return [published]
    # The day the same plan is published again does not make it another plan.
    if structs.replace(published, effective=mission.first.effective) == mission.first:
        return []
    raise Rejected("mission.already-published", mission=command.mission)


def revise(mission: Mission, command: ReviseMission) -> list[MissionEvent]:
    only_the_leader(mission, command)
    not_yet_held(mission)
    changes = differences(mission.plan, command.changes)
    if not said(changes):
        return []
    return [
        MissionRevised(
            effective=command.effective,
            mission=command.mission,
            changes=changes,
            reason=command.reason,
        )
    ]


def reschedule(mission: Mission, command: RescheduleMission) -> list[MissionEvent]:
    only_the_leader(mission, command)
    not_yet_held(mission)
    if (command.period, command.travel) == (mission.plan.period, mission.plan.travel):
        return []
    return [
        MissionRescheduled(
            effective=command.effective,
            mission=command.mission,
            period=command.period,
            travel=command.travel,
            reason=command.reason,
        )
    ]


def set_legs(mission: Mission, command: SetLegs) -> list[MissionEvent]:
    only_the_leader(mission, command)
    not_yet_held(mission)
    if command.legs == mission.plan.legs:
        return []
    return [LegsSet(effective=command.effective, mission=command.mission, legs=command.legs)]


def confirm(mission: Mission, command: ConfirmMission) -> list[MissionEvent]:
    only_the_leader(mission, command)
    if mission.confirmed:
        return []
    not_yet_held(mission)
    return [MissionConfirmed(effective=command.effective, mission=command.mission)]


def replace(mission: Mission, command: ReplaceMission) -> list[MissionEvent]:
    only_the_leader(mission, command)
    not_yet_held(mission)
    if command.replacement == command.mission:
        raise Rejected("mission.replaces-itself", mission=command.mission)
    return [
        MissionReplaced(
            effective=command.effective,
            mission=command.mission,
            replacement=command.replacement,
            reason=command.reason,
        )
    ]


def promise_action(mission: Mission, command: PromiseAction) -> list[MissionEvent]:
    only_the_leader(mission, command)
    promised = ActionPromised(
        effective=command.effective,
        mission=command.mission,
        promise=command.promise,
        period=command.period,
        where=command.where,
    )
    known = (structs.replace(one, effective=command.effective) for one in mission.promises)
    return [] if promised in known else [promised]


def cancel(mission: Mission, command: CancelMission) -> list[MissionEvent]:
    only_the_leader(mission, command)
    not_yet_held(mission)
    return [
        MissionCancelled(
            effective=command.effective, mission=command.mission, reason=command.reason
        )
    ]


def hold(mission: Mission, command: HoldMission) -> list[MissionEvent]:
    only_the_leader(mission, command)
    held = MissionHeld(
        effective=command.effective,
        mission=command.mission,
        participants=command.participants,
        results=command.results,
    )
    if mission.held is None:
        days = bounds(mission.plan.period)
        if days is not None and command.effective < days.start:
            raise Rejected(
                "mission.not-begun", mission=command.mission, begins=days.start.isoformat()
            )
        return [held]
    if structs.replace(held, effective=mission.held.effective) == mission.held:
        return []
    raise Rejected("mission.already-held", mission=command.mission)


def correct(mission: Mission, command: CorrectMission) -> list[MissionEvent]:
    """A past value was recorded wrongly: also after the mission was held."""
    only_the_leader(mission, command)
    changes = differences(mission.plan, command.changes)
    period = command.period if command.period != mission.plan.period else None
    travel = command.travel if command.travel != mission.plan.travel else None
    participants, results = command.participants, command.results
    if mission.held is None:
        if participants is not None or results is not None:
            raise Rejected("mission.not-yet-held", mission=command.mission)
    else:
        participants = participants if participants != mission.held.participants else None
        results = results if results != mission.held.results else None
    if not said(changes) and {period, travel, participants, results} == {None}:
        return []
    return [
        MissionCorrected(
            effective=command.effective,
            mission=command.mission,
            changes=changes,
            period=period,
            travel=travel,
            participants=participants,
            results=results,
            reason=command.reason,
            source=command.source,
        )
    ]


def only_the_leader(mission: Mission, command: MissionCommand) -> None:
    if command.by != mission.owner:
        raise Rejected("mission.not-the-leader", agency=command.by, leader=mission.owner)


def not_yet_held(mission: Mission) -> None:
    if mission.held is not None:
        raise Rejected("mission.already-held", mission=mission.plan.mission)
