"""What a later decision on a mission needs to know, and how events change it."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from schemas.action import MissionChanges
from schemas.co_organisation import (
    CoordinatorNamed,
    CoOrganisationAccepted,
    CoOrganisationCounterProposed,
    CoOrganisationDeclined,
    CoOrganisationRequested,
    CoOrganisationWithdrawn,
    Standing,
    Terms,
)
from schemas.message import owner_of, said
from schemas.mission import (
    ActionPromised,
    LegsSet,
    MissionCancelled,
    MissionConfirmed,
    MissionCorrected,
    MissionEvent,
    MissionHeld,
    MissionPublished,
    MissionReplaced,
    MissionRescheduled,
    MissionRevised,
)
from schemas.vocabulary import Agency


class Talk(Struct, frozen=True):
    """The last word between the leader and one agency; `agency` said it, while it is open."""

    standing: Standing
    agency: Agency | None = None
    terms: Terms = Terms()

    @property
    def is_open(self) -> bool:
        return self.standing in (Standing.REQUESTED, Standing.COUNTER_PROPOSED)


class Mission(Struct, frozen=True):
    """`plan` has the fields as they stand now, corrections and revisions included."""

    plan: MissionPublished
    first: MissionPublished
    talks: dict[Agency, Talk] = {}
    coordinators: frozenset[tuple[Agency, str, str]] = frozenset()
    promises: tuple[ActionPromised, ...] = ()
    confirmed: bool = False
    held: MissionHeld | None = None
    ended: MissionCancelled | MissionReplaced | None = None

    @property
    def since(self) -> date:
        return self.first.effective

    @property
    def owner(self) -> Agency:
        return owner_of(self.plan.mission)

    @property
    def partners(self) -> frozenset[Agency]:
        talks = self.talks.items()
        return frozenset(agency for agency, talk in talks if talk.standing is Standing.ACCEPTED)


def evolve(mission: Mission | None, event: MissionEvent) -> Mission:
    match mission, event:
        case None, MissionPublished():
            return Mission(plan=event, first=event)
        case Mission(), MissionRevised():
            return replace(mission, plan=changed(mission.plan, event.changes))
        case Mission(), MissionRescheduled():
            plan = replace(mission.plan, period=event.period, travel=event.travel)
            return replace(mission, plan=plan)
        case Mission(), LegsSet():
            return replace(mission, plan=replace(mission.plan, legs=event.legs))
        case Mission(), MissionCorrected():
            plan, held = corrected(mission.plan, event), mission.held
            return replace(mission, plan=plan, held=held and corrected_results(held, event))
        case Mission(), CoOrganisationRequested():
            talk = Talk(Standing.REQUESTED, event.agency, event.terms)
            return with_talk(mission, event.agency, talk)
        case Mission(), CoOrganisationCounterProposed():
            talk = Talk(Standing.COUNTER_PROPOSED, event.agency, event.terms)
            return with_talk(mission, event.partner, talk)
        case Mission(), CoOrganisationAccepted():
            talk = Talk(Standing.ACCEPTED, terms=event.terms)
            return with_talk(mission, event.partner, talk)
        case Mission(), CoOrganisationDeclined():
            return with_talk(mission, event.partner, Talk(Standing.DECLINED))
        case Mission(), CoOrganisationWithdrawn():
            kept = frozenset(one for one in mission.coordinators if one[0] != event.agency)
            left = replace(mission, coordinators=kept)
            return with_talk(left, event.agency, Talk(Standing.WITHDRAWN))
        case Mission(), CoordinatorNamed():
            named = (event.agency, event.role, event.contact)
            return replace(mission, coordinators=mission.coordinators | {named})
        case Mission(), ActionPromised():
            return replace(mission, promises=(*mission.promises, event))
        case Mission(), MissionConfirmed():
            return replace(mission, confirmed=True)
        case Mission(), MissionHeld():
            return replace(mission, held=event)
        case Mission(), MissionCancelled() | MissionReplaced():
            return replace(mission, ended=event)
    raise AssertionError(f"{event} cannot follow {mission}")


def with_talk(mission: Mission, agency: Agency, talk: Talk) -> Mission:
    return replace(mission, talks={**mission.talks, agency: talk})


def changed(plan: MissionPublished, changes: MissionChanges) -> MissionPublished:
    return replace(plan, **said(changes))


def corrected(plan: MissionPublished, event: MissionCorrected) -> MissionPublished:
    plan = changed(plan, event.changes)
    return replace(plan, period=event.period or plan.period, travel=event.travel or plan.travel)


def corrected_results(held: MissionHeld, event: MissionCorrected) -> MissionHeld:
    return replace(
        held,
        participants=held.participants if event.participants is None else event.participants,
        results=event.results or held.results,
    )


def differences(plan: MissionPublished, changes: MissionChanges) -> MissionChanges:
    """Only what a change would really change."""
    differing = {
        name: value for name, value in said(changes).items() if value != getattr(plan, name)
    }
    return MissionChanges(**differing)
