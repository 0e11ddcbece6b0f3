"""Economic missions and other actions: what is published and decided about them."""

from typing import TypeAlias

from schemas.action import (
    ActionType,
    Leg,
    MissionChanges,
    MissionId,
    Places,
    ProgrammeItem,
    Sectors,
)
from schemas.co_organisation import (
    AcceptCoOrganisation,
    CoordinatorNamed,
    CoOrganisationAccepted,
    CoOrganisationCounterProposed,
    CoOrganisationDeclined,
    CoOrganisationRequested,
    CoOrganisationWithdrawn,
    CounterProposeCoOrganisation,
    DeclineCoOrganisation,
    NameCoordinator,
    RequestCoOrganisation,
    WithdrawCoOrganisation,
)
from schemas.message import Command, Event
from schemas.period import Days, Period
from schemas.vocabulary import Money, Organisation, Place, Provenance, Qualified, Title, Words


class PublishMission(Command, frozen=True, kw_only=True, tag="mission.publish"):
    """Publish a mission, or another action, that one's agency intends to organise."""

    mission: MissionId
    title: Title
    action: ActionType
    period: Period
    travel: Days | None = None
    places: Places
    sectors: Sectors
    themes: tuple[Words, ...] = ()
    programme: tuple[ProgrammeItem, ...] = ()
    coordinated_by: Organisation | None = None
    partners: tuple[Organisation, ...] = ()
    ethical_component: bool | None = None
    cost: Money | None = None
    legs: tuple[Leg, ...] = ()
    follows: MissionId | None = None
    replaces: MissionId | None = None
    provenance: Provenance | None = None


class ReviseMission(Command, frozen=True, kw_only=True, tag="mission.revise"):
    """Change the plan of one's mission."""

    mission: MissionId
    changes: MissionChanges
    reason: Words | None = None


class RescheduleMission(Command, frozen=True, kw_only=True, tag="mission.reschedule"):
    """Move one's mission to another period; the periods before stay in its chain of dates."""

    mission: MissionId
    period: Period
    travel: Days | None = None
    reason: Words


class SetLegs(Command, frozen=True, kw_only=True, tag="mission.set-legs"):
    """Say which legs one's trip has, and who leads each."""

    mission: MissionId
    legs: tuple[Leg, ...]


class ConfirmMission(Command, frozen=True, kw_only=True, tag="mission.confirm"):
    """Say that one's mission will take place."""

    mission: MissionId


class ReplaceMission(Command, frozen=True, kw_only=True, tag="mission.replace"):
    """Replace one's mission by another action."""

    mission: MissionId
    replacement: MissionId
    reason: Words


class PromiseAction(Command, frozen=True, kw_only=True, tag="mission.promise-action"):
    """Promise a later action, such as a return visit."""

    mission: MissionId
    promise: Words
    period: Period
    where: Place | None = None


class CancelMission(Command, frozen=True, kw_only=True, tag="mission.cancel"):
    """Cancel one's mission; everyone concerned is told the reason."""

    mission: MissionId
    reason: Words


class HoldMission(Command, frozen=True, kw_only=True, tag="mission.hold"):
    """Record that one's mission took place, and with what result."""

    mission: MissionId
    participants: tuple[Qualified, ...] = ()
    results: Words | None = None


class CorrectMission(Command, frozen=True, kw_only=True, tag="mission.correct"):
    """Correct a value that was recorded wrongly in the past."""

    mission: MissionId
    changes: MissionChanges = MissionChanges()
    period: Period | None = None
    travel: Days | None = None
    participants: tuple[Qualified, ...] | None = None
    results: Words | None = None
    reason: Words
    source: Words | None = None


class MissionPublished(Event, frozen=True, kw_only=True, tag="mission.published"):
    mission: MissionId
    title: Title
    action: ActionType
    period: Period
    travel: Days | None = None
    places: Places
    sectors: Sectors
    themes: tuple[Words, ...] = ()
    programme: tuple[ProgrammeItem, ...] = ()
    coordinated_by: Organisation | None = None
    partners: tuple[Organisation, ...] = ()
    ethical_component: bool | None = None
    cost: Money | None = None
    legs: tuple[Leg, ...] = ()
    follows: MissionId | None = None
    replaces: MissionId | None = None
    provenance: Provenance | None = None


class MissionRevised(Event, frozen=True, kw_only=True, tag="mission.revised"):
    mission: MissionId
    changes: MissionChanges
    reason: Words | None = None


class MissionRescheduled(Event, frozen=True, kw_only=True, tag="mission.rescheduled"):
    mission: MissionId
    period: Period
    travel: Days | None = None
    reason: Words


class LegsSet(Event, frozen=True, kw_only=True, tag="mission.legs-set"):
    mission: MissionId
    legs: tuple[Leg, ...]


class MissionConfirmed(Event, frozen=True, kw_only=True, tag="mission.confirmed"):
    mission: MissionId


class MissionReplaced(Event, frozen=True, kw_only=True, tag="mission.replaced"):
    mission: MissionId
    replacement: MissionId
    reason: Words


class ActionPromised(Event, frozen=True, kw_only=True, tag="mission.action-promised"):
    mission: MissionId
    promise: Words
    period: Period
    where: Place | None = None


class MissionCancelled(Event, frozen=True, kw_only=True, tag="mission.cancelled"):
    mission: MissionId
    reason: Words


class MissionHeld(Event, frozen=True, kw_only=True, tag="mission.held"):
    mission: MissionId
    participants: tuple[Qualified, ...] = ()
    results: Words | None = None


class MissionCorrected(Event, frozen=True, kw_only=True, tag="mission.corrected"):
    mission: MissionId
    changes: MissionChanges
    period: Period | None = None
    travel: Days | None = None
    participants: tuple[Qualified, ...] | None = None
    results: Words | None = None
    reason: Words
    source: Words | None = None


MissionCommand: TypeAlias = (
    PublishMission
    | ReviseMission
    | RescheduleMission
    | SetLegs
    | RequestCoOrganisation
    | WithdrawCoOrganisation
    | CounterProposeCoOrganisation
    | AcceptCoOrganisation
    | DeclineCoOrganisation
    | NameCoordinator
    | ConfirmMission
    | ReplaceMission
    | PromiseAction
    | CancelMission
    | HoldMission
    | CorrectMission
)
MissionEvent: TypeAlias = (
    MissionPublished
    | MissionRevised
    | MissionRescheduled
    | LegsSet
    | CoOrganisationRequested
    | CoOrganisationWithdrawn
    | CoOrganisationCounterProposed
    | CoOrganisationAccepted
    | CoOrganisationDeclined
    | CoordinatorNamed
    | MissionConfirmed
    | MissionReplaced
    | ActionPromised
    | MissionCancelled
    | MissionHeld
    | MissionCorrected
)
