"""Missions for the tests of the projections: short ways to say what happened to one."""

from datetime import date
from typing import Any

from projections import missions
from projections.mission_line import MissionLine
from projections.read_model import Moment, ReadModel, fold
from schemas.action import ActionType
from schemas.co_organisation import (
    CoOrganisationAccepted,
    CoOrganisationCounterProposed,
    CoOrganisationDeclined,
    CoOrganisationRequested,
    CoOrganisationWithdrawn,
    Terms,
)
from schemas.message import owner_of
from schemas.mission import (
    MissionCancelled,
    MissionEvent,
    MissionPublished,
    MissionReplaced,
    MissionRescheduled,
)
from schemas.period import Days, Month, Period
from schemas.vocabulary import AWEX, HUB, Agency, Place, Sector, Title
from tests.projections.recording import recorded

MAY, JUNE, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (5, 6, 9, 10))
HANOI, LIMA, SAIGON, SEOUL = (
    "mission-awex-2027-hanoi",
    "mission-fit-2027-lima",
    "mission-hub-2027-saigon",
    "mission-hub-2027-seoul",
)
IN_HANOI = Place(country="VN", city="Hanoi")
IN_SAIGON = Place(country="VN", city="Saigon")
MARCH = Days(date(2027, 3, 15), date(2027, 3, 19))
TERMS = Terms(share_of_cost=40, places=10)


def publish(
    mission: str = HANOI,
    period: Period = MARCH,
    *places: Place,
    sectors: tuple[Sector, ...] = (Sector.DIGITAL,),
    action: ActionType = ActionType.AGENCY_MISSION,
    on: date = MAY,
    **more: Any,
) -> MissionPublished:
    return MissionPublished(
        effective=on,
        mission=mission,
        title=Title(fr=mission),
        action=action,
        period=period,
        places=places or (IN_HANOI,),
        sectors=sectors,
        **more,
    )


def line_of(published: MissionPublished, **more: Any) -> MissionLine:
    """The line of a publication, with what has come since."""
    fields: dict[str, Any] = {
        "mission": published.mission,
        "owner": owner_of(published.mission),
        "title": published.title,
        "action": published.action,
        "period": published.period,
        "travel": None,
        "places": published.places,
        "sectors": published.sectors,
        "themes": (),
        "programme": (),
        "coordinated_by": published.coordinated_by,
        "partners": (),
        "ethical_component": None,
        "cost": None,
        "legs": (),
        "follows": None,
        "replaces": None,
        "provenance": None,
        "published_on": published.effective,
    }
    return MissionLine(**(fields | more))


def request(agency: Agency = HUB, mission: str = HANOI, terms: Terms = TERMS) -> MissionEvent:
    return CoOrganisationRequested(effective=SEPTEMBER, mission=mission, agency=agency, terms=terms)


def counter(agency: Agency, partner: Agency = HUB, mission: str = HANOI) -> MissionEvent:
    return CoOrganisationCounterProposed(
        effective=SEPTEMBER, mission=mission, partner=partner, agency=agency, terms=TERMS
    )


def accept(partner: Agency = HUB, mission: str = HANOI, by: Agency = AWEX) -> MissionEvent:
    return CoOrganisationAccepted(
        effective=SEPTEMBER, mission=mission, partner=partner, agency=by, terms=TERMS
    )


def decline(partner: Agency = HUB, mission: str = HANOI) -> MissionEvent:
    return CoOrganisationDeclined(
        effective=SEPTEMBER, mission=mission, partner=partner, agency=AWEX, reason="no room"
    )


def withdraw(agency: Agency = HUB, mission: str = HANOI) -> MissionEvent:
    return CoOrganisationWithdrawn(
        effective=OCTOBER, mission=mission, agency=agency, reason="no companies"
    )


def reschedule(period: Period, mission: str = HANOI, on: date = OCTOBER) -> MissionRescheduled:
    return MissionRescheduled(effective=on, mission=mission, period=period, reason="elections")


def cancel(mission: str = HANOI) -> MissionEvent:
    return MissionCancelled(effective=OCTOBER, mission=mission, reason="war")


def replace_by(replacement: str, mission: str = SAIGON) -> MissionEvent:
    return MissionReplaced(
        effective=OCTOBER, mission=mission, replacement=replacement, reason="one is enough"
    )


def plan_of(*events: Any, moment: Moment | None = None) -> ReadModel[MissionLine]:
    return fold(missions.evolve, recorded(*events), moment or Moment())


APRIL_2028 = Month(2028, 4)
