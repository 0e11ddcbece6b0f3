"""How one agency joins the mission of another: the talk about the terms, and who coordinates."""

from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from schemas.action import MissionId
from schemas.message import Command, Event
from schemas.vocabulary import Agency, Contact, Words

Percentage: TypeAlias = Annotated[int, Meta(ge=0, le=100)]
Seats: TypeAlias = Annotated[int, Meta(ge=1)]


class Standing(StrEnum):
    """Where the talk with an agency stands: derived from what was said last, never set."""

    REQUESTED = "requested"  # the leader answers
    COUNTER_PROPOSED = "counter-proposed"  # the other side of the last proposal answers
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Terms(Struct, frozen=True, kw_only=True, gc=False):
    """On what terms agencies organise together."""

    role: Words | None = None
    share_of_cost: Percentage | None = None
    places: Seats | None = None
    reason: Words | None = None
    answer_due: date | None = None


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
