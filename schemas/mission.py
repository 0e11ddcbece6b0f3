"""Economic missions and other actions, and how one agency joins the action of another."""

from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from schemas.message import Command, Event
from schemas.period import Days, Period
from schemas.vocabulary import (
    Agency,
    Contact,
    Money,
    Organisation,
    Place,
    Provenance,
    Qualified,
    Sector,
    Title,
    Words,
)

MissionId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^mission-[a-z][a-z0-9]*-[a-z0-9-]+$",
        max_length=120,
        description="identifier of a mission: mission-<owner>-<words>",
        examples=["mission-awex-2027-hanoi"],
    ),
]
Places: TypeAlias = Annotated[tuple[Place, ...], Meta(min_length=1)]
Sectors: TypeAlias = Annotated[tuple[Sector, ...], Meta(min_length=1)]
Percentage: TypeAlias = Annotated[int, Meta(ge=0, le=100)]
Seats: TypeAlias = Annotated[int, Meta(ge=1)]


class ActionType(StrEnum):
    """The action types met in the documents (DOMAIN §2); whether an action is bi- or tri-regional
    is derived from consent and is no type."""

    PRINCELY_MISSION = "princely-mission"
    STATE_VISIT = "state-visit"
    ROYAL_OFFICIAL_VISIT = "royal-official-visit"
    ROYAL_DOMESTIC_MISSION = "royal-domestic-mission"
    MINISTERIAL_MISSION = "ministerial-mission"
    AGENCY_MISSION = "agency-mission"
    GROUP_STAND = "group-stand"
    FAIR_PARTICIPATION = "fair-participation"
    SEMINAR = "seminar"
    BRUSSELS_DAYS = "brussels-days"
    BUYERS_INVITATION = "buyers-invitation"
    INCOMING_DELEGATION = "incoming-delegation"
    EXPO_WEEK = "expo-week"
    FACT_FINDING = "fact-finding"
    OFFICE_OPENING = "office-opening"
    INSTITUTIONAL_MISSION = "institutional-mission"
    OTHER = "other"


ROYAL = frozenset(
    {
        ActionType.PRINCELY_MISSION,
        ActionType.STATE_VISIT,
        ActionType.ROYAL_OFFICIAL_VISIT,
        ActionType.ROYAL_DOMESTIC_MISSION,
    }
)


class Tag(StrEnum):
    """How many regions organise an action together: derived from consent, never set."""

    NONE = "none"
    UNI_REGIONAL = "uni-regional"
    BI_REGIONAL = "bi-regional"
    TRI_REGIONAL = "tri-regional"
    MULTI_REGIONAL = "multi-regional"


def tag_of(regions: int) -> Tag:
    return tuple(Tag)[min(regions, len(Tag) - 1)]


class MissionState(StrEnum):
    """Where a mission stands: derived from what happened, never set."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class ProgrammeItem(StrEnum):
    B2B = "b2b"
    INFORMATION_SESSION = "information-session"
    VISIT = "visit"
    OFFICIAL_PART = "official-part"


class Leg(Struct, frozen=True, kw_only=True):
    """A part of a trip with its own leader, perhaps for some regions only (Hong Kong 2019)."""

    place: Place
    period: Period
    leader: Agency | None = None
    coordinated_by: Organisation | None = None
    regions: tuple[Agency, ...] = ()


class Terms(Struct, frozen=True, kw_only=True):
    """On what terms agencies organise together."""

    role: Words | None = None
    share_of_cost: Percentage | None = None
    places: Seats | None = None
    reason: Words | None = None
    answer_due: date | None = None


class MissionChanges(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields that change; what is not named stays as it is."""

    title: Title | UnsetType = UNSET
    action: ActionType | UnsetType = UNSET
    places: Places | UnsetType = UNSET
    sectors: Sectors | UnsetType = UNSET
    themes: tuple[Words, ...] | UnsetType = UNSET
    programme: tuple[ProgrammeItem, ...] | UnsetType = UNSET
    coordinated_by: Organisation | None | UnsetType = UNSET
    partners: tuple[Organisation, ...] | UnsetType = UNSET
    ethical_component: bool | None | UnsetType = UNSET
    cost: Money | None | UnsetType = UNSET
    legs: tuple[Leg, ...] | UnsetType = UNSET
    provenance: Provenance | None | UnsetType = UNSET


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


class RequestCoOrganisation(
    Command, frozen=True, kw_only=True, tag="mission.request-co-organisation"
):
    """Ask to co-organise the mission of another agency."""

    mission: MissionId
    terms: Terms = Terms()


class WithdrawCoOrganisation(
    Command, frozen=True, kw_only=True, tag="mission.withdraw-co-organisation"
):
    """Take back one's request to co-organise, or leave a mission one co-organises."""

    mission: MissionId
    reason: Words | None = None


class CounterProposeCoOrganisation(
    Command, frozen=True, kw_only=True, tag="mission.counter-propose-co-organisation"
):
    """Answer the terms of the other side with terms of one's own."""

    mission: MissionId
    partner: Agency
    terms: Terms


class AcceptCoOrganisation(
    Command, frozen=True, kw_only=True, tag="mission.accept-co-organisation"
):
    """Accept the terms on which the other side would co-organise."""

    mission: MissionId
    partner: Agency


class DeclineCoOrganisation(
    Command, frozen=True, kw_only=True, tag="mission.decline-co-organisation"
):
    """Decline to co-organise on the terms of the other side."""

    mission: MissionId
    partner: Agency
    reason: Words


class NameCoordinator(Command, frozen=True, kw_only=True, tag="mission.name-coordinator"):
    """Name the role that coordinates a co-organised mission on one's side."""

    mission: MissionId
    role: Words
    contact: Contact


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


class CoOrganisationRequested(
    Event, frozen=True, kw_only=True, tag="mission.co-organisation-requested"
):
    mission: MissionId
    agency: Agency
    terms: Terms


class CoOrganisationWithdrawn(
    Event, frozen=True, kw_only=True, tag="mission.co-organisation-withdrawn"
):
    mission: MissionId
    agency: Agency
    reason: Words | None = None


class CoOrganisationCounterProposed(
    Event, frozen=True, kw_only=True, tag="mission.co-organisation-counter-proposed"
):
    mission: MissionId
    partner: Agency
    agency: Agency
    terms: Terms


class CoOrganisationAccepted(
    Event, frozen=True, kw_only=True, tag="mission.co-organisation-accepted"
):
    mission: MissionId
    partner: Agency
    agency: Agency
    terms: Terms


class CoOrganisationDeclined(
    Event, frozen=True, kw_only=True, tag="mission.co-organisation-declined"
):
    mission: MissionId
    partner: Agency
    agency: Agency
    reason: Words


class CoordinatorNamed(Event, frozen=True, kw_only=True, tag="mission.coordinator-named"):
    mission: MissionId
    agency: Agency
    role: Words
    contact: Contact


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
