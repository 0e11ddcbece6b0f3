"""How agencies come to organise a mission together: asked, countered, accepted, declined.

The wish, the answer and the tag are three facts [S4]. No source says who answers: the leading
agency does (DOMAIN §2, inference); and whoever is put new terms answers those.
"""

from coordination.deciders.mission.plan import not_yet_held
from coordination.deciders.mission.state import Mission, Talk
from coordination.deciders.rejection import Rejected
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
    Standing,
    WithdrawCoOrganisation,
)
from schemas.mission import MissionEvent
from schemas.vocabulary import Agency


def request_co_organisation(mission: Mission, command: RequestCoOrganisation) -> list[MissionEvent]:
    not_yet_held(mission)
    if command.by == mission.owner and mission.plan.coordinated_by is None:
        raise Rejected("mission.leader-need-not-request", mission=command.mission)
    talk = mission.talks.get(command.by)
    if talk is not None:
        if talk == Talk(Standing.REQUESTED, command.by, command.terms):
            return []
        if talk.standing is Standing.ACCEPTED:
            if talk.terms == command.terms:
                return []
            raise Rejected("mission.already-partner", agency=command.by)
        if talk.standing is Standing.COUNTER_PROPOSED:
            raise Rejected("mission.counter-proposal-waits", agency=command.by)
    return [
        CoOrganisationRequested(
            effective=command.effective,
            mission=command.mission,
            agency=command.by,
            terms=command.terms,
        )
    ]


def withdraw_co_organisation(
    mission: Mission, command: WithdrawCoOrganisation
) -> list[MissionEvent]:
    not_yet_held(mission)
    talk = mission.talks.get(command.by)
    if talk is None:
        raise Rejected("mission.nothing-requested", agency=command.by)
    if talk.standing is Standing.WITHDRAWN:
        return []
    if talk.standing is Standing.DECLINED:
        raise Rejected("mission.request-declined", agency=command.by)
    return [
        CoOrganisationWithdrawn(
            effective=command.effective,
            mission=command.mission,
            agency=command.by,
            reason=command.reason,
        )
    ]


def counter_propose_co_organisation(
    mission: Mission, command: CounterProposeCoOrganisation
) -> list[MissionEvent]:
    not_yet_held(mission)
    talk = talk_with(mission, command.partner)
    if talk == Talk(Standing.COUNTER_PROPOSED, command.by, command.terms):
        return []
    whoever_answers(mission, command.partner, command.by)
    return [
        CoOrganisationCounterProposed(
            effective=command.effective,
            mission=command.mission,
            partner=command.partner,
            agency=command.by,
            terms=command.terms,
        )
    ]


def accept_co_organisation(mission: Mission, command: AcceptCoOrganisation) -> list[MissionEvent]:
    not_yet_held(mission)
    talk = talk_with(mission, command.partner, agreed=Standing.ACCEPTED)
    if talk.standing is Standing.ACCEPTED:
        one_of_the_two(mission, command.partner, command.by)
        return []
    whoever_answers(mission, command.partner, command.by)
    return [
        CoOrganisationAccepted(
            effective=command.effective,
            mission=command.mission,
            partner=command.partner,
            agency=command.by,
            terms=talk.terms,
        )
    ]


def decline_co_organisation(mission: Mission, command: DeclineCoOrganisation) -> list[MissionEvent]:
    not_yet_held(mission)
    talk = talk_with(mission, command.partner, agreed=Standing.DECLINED)
    if talk.standing is Standing.DECLINED:
        one_of_the_two(mission, command.partner, command.by)
        return []
    whoever_answers(mission, command.partner, command.by)
    return [
        CoOrganisationDeclined(
            effective=command.effective,
            mission=command.mission,
            partner=command.partner,
            agency=command.by,
            reason=command.reason,
        )
    ]


def name_coordinator(mission: Mission, command: NameCoordinator) -> list[MissionEvent]:
    """After the acceptance the coordinators make contact [S4]."""
    not_yet_held(mission)
    if not mission.partners:
        raise Rejected("mission.no-partner-yet", mission=command.mission)
    leader = frozenset() if mission.plan.coordinated_by else {mission.owner}
    if command.by not in mission.partners | leader:
        raise Rejected("mission.not-a-partner", agency=command.by)
    if (command.by, command.role, command.contact) in mission.coordinators:
        return []
    return [
        CoordinatorNamed(
            effective=command.effective,
            mission=command.mission,
            agency=command.by,
            role=command.role,
            contact=command.contact,
        )
    ]


def talk_with(mission: Mission, partner: Agency, agreed: Standing | None = None) -> Talk:
    """The talk that is open with an agency, or one that ended as agreed."""
    talk = mission.talks.get(partner)
    if talk is None:
        raise Rejected("mission.nothing-requested", agency=partner)
    if talk.is_open or talk.standing is agreed:
        return talk
    reason = {
        Standing.ACCEPTED: "mission.already-partner",
        Standing.DECLINED: "mission.request-declined",
    }
    raise Rejected(reason.get(talk.standing, "mission.request-withdrawn"), agency=partner)


def whoever_answers(mission: Mission, partner: Agency, by: Agency) -> None:
    """The side to which the last terms were put; of its own wish the record keeper of a mission
    that others coordinate is both sides."""
    one_of_the_two(mission, partner, by)
    if by == mission.talks[partner].agency and partner != mission.owner:
        raise Rejected("mission.not-your-turn", agency=by)


def one_of_the_two(mission: Mission, partner: Agency, by: Agency) -> None:
    if by not in (mission.owner, partner):
        raise Rejected("mission.not-the-leader", agency=by, leader=mission.owner)
