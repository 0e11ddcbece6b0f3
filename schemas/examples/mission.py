"""One example of every message about missions: Hanoi 2027, led by AWEX, with hub.brussels."""

from datetime import date
from decimal import Decimal

from schemas.action import ActionType, Leg, MissionChanges, ProgrammeItem
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
    Terms,
    WithdrawCoOrganisation,
)
from schemas.mission import (
    ActionPromised,
    CancelMission,
    ConfirmMission,
    CorrectMission,
    HoldMission,
    LegsSet,
    MissionCancelled,
    MissionConfirmed,
    MissionCorrected,
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
from schemas.period import Days, HalfYear, Quarter
from schemas.vocabulary import (
    AWEX,
    FIT,
    HUB,
    Money,
    Place,
    Provenance,
    Qualified,
    Qualifier,
    Sector,
    Title,
)

ID = "mission-awex-2027-hanoi"
REPLACEMENT = "mission-awex-2027-saigon"
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 15), date(2026, 10, 1), date(2026, 11, 3)
FIRST_DAY, LAST_DAY = date(2027, 5, 10), date(2027, 5, 14)
HANOI = Place(country="VN", city="Hanoi", latitude=21.03, longitude=105.85)
VIENTIANE = Place(country="LA", city="Vientiane")
IN_MAY = Days(FIRST_DAY, LAST_DAY)
WITH_TRAVEL = Days(date(2027, 5, 8), date(2027, 5, 16))
LEGS = (
    Leg(place=HANOI, period=Days(FIRST_DAY, date(2027, 5, 12)), leader=AWEX),
    Leg(place=VIENTIANE, period=Days(date(2027, 5, 13), LAST_DAY), leader=HUB, regions=(HUB, AWEX)),
)
WISH = Terms(
    role="co-organiser",
    share_of_cost=40,
    places=10,
    reason="ten companies of Brussels have asked for Vietnam",
    answer_due=OCTOBER,
)
COUNTER = Terms(role="co-organiser", share_of_cost=50, places=8)
REVISION = MissionChanges(
    sectors=(Sector.ENVIRONMENT, Sector.ENERGY),
    cost=Money(amount=Decimal("48000.00")),
)
CORRECTION = MissionChanges(partners=("FPS Finance", "BECI"))

PUBLISH = PublishMission(
    by=AWEX,
    effective=SEPTEMBER,
    mission=ID,
    title=Title(fr="Mission économique au Vietnam", nl="Economische missie naar Vietnam"),
    action=ActionType.AGENCY_MISSION,
    period=Quarter(2027, 2),
    places=(HANOI,),
    sectors=(Sector.ENVIRONMENT,),
    themes=("water treatment",),
    programme=(ProgrammeItem.B2B, ProgrammeItem.VISIT),
    partners=("FPS Finance",),
    ethical_component=True,
    cost=Money(amount=Decimal("45000.00")),
    follows="mission-awex-2024-hanoi",
    provenance=Provenance(source="invented for this example", illustrative=True),
)
REVISE = ReviseMission(
    by=AWEX, effective=OCTOBER, mission=ID, changes=REVISION, reason="energy was added in September"
)
RESCHEDULE = RescheduleMission(
    by=AWEX,
    effective=OCTOBER,
    mission=ID,
    period=IN_MAY,
    travel=WITH_TRAVEL,
    reason="the fair has given its dates",
)
SET_LEGS = SetLegs(by=AWEX, effective=OCTOBER, mission=ID, legs=LEGS)
REQUEST = RequestCoOrganisation(by=HUB, effective=SEPTEMBER, mission=ID, terms=WISH)
WITHDRAW = WithdrawCoOrganisation(
    by=HUB, effective=OCTOBER, mission=ID, reason="too few companies of Brussels"
)
COUNTER_PROPOSE = CounterProposeCoOrganisation(
    by=AWEX, effective=OCTOBER, mission=ID, partner=HUB, terms=COUNTER
)
ACCEPT = AcceptCoOrganisation(by=HUB, effective=OCTOBER, mission=ID, partner=HUB)
DECLINE = DeclineCoOrganisation(
    by=AWEX, effective=OCTOBER, mission=ID, partner=FIT, reason="the delegation is complete"
)
NAME_COORDINATOR = NameCoordinator(
    by=HUB,
    effective=NOVEMBER,
    mission=ID,
    role="area manager South-East Asia",
    contact="contact-4711",
)
CONFIRM = ConfirmMission(by=AWEX, effective=NOVEMBER, mission=ID)
REPLACE = ReplaceMission(
    by=AWEX,
    effective=NOVEMBER,
    mission=ID,
    replacement=REPLACEMENT,
    reason="the fair moves to Ho Chi Minh City",
)
PROMISE_ACTION = PromiseAction(
    by=AWEX,
    effective=LAST_DAY,
    mission=ID,
    promise="return visit of the Vietnamese companies",
    period=HalfYear(2028, 1),
    where=Place(country="BE", city="Liège"),
)
CANCEL = CancelMission(by=AWEX, effective=NOVEMBER, mission=ID, reason="too few companies")
HOLD = HoldMission(
    by=AWEX,
    effective=LAST_DAY,
    mission=ID,
    participants=(
        Qualified(value=20, unit="companies", qualifier=Qualifier.MORE_THAN),
        Qualified(value=34, unit="participants"),
    ),
    results="three agreements on water treatment",
)
CORRECT = CorrectMission(
    by=AWEX,
    effective=date(2027, 6, 1),
    mission=ID,
    changes=CORRECTION,
    participants=(Qualified(value=22, unit="companies"),),
    reason="the list of participants was counted again",
    source="report of the mission",
)

PUBLISHED = MissionPublished(
    effective=SEPTEMBER,
    mission=ID,
    title=PUBLISH.title,
    action=ActionType.AGENCY_MISSION,
    period=Quarter(2027, 2),
    places=(HANOI,),
    sectors=(Sector.ENVIRONMENT,),
    themes=("water treatment",),
    programme=(ProgrammeItem.B2B, ProgrammeItem.VISIT),
    partners=("FPS Finance",),
    ethical_component=True,
    cost=Money(amount=Decimal("45000.00")),
    follows="mission-awex-2024-hanoi",
    provenance=PUBLISH.provenance,
)
REVISED = MissionRevised(
    effective=OCTOBER, mission=ID, changes=REVISION, reason="energy was added in September"
)
RESCHEDULED = MissionRescheduled(
    effective=OCTOBER,
    mission=ID,
    period=IN_MAY,
    travel=WITH_TRAVEL,
    reason="the fair has given its dates",
)
LEGS_SET = LegsSet(effective=OCTOBER, mission=ID, legs=LEGS)
REQUESTED = CoOrganisationRequested(effective=SEPTEMBER, mission=ID, agency=HUB, terms=WISH)
WITHDRAWN = CoOrganisationWithdrawn(
    effective=OCTOBER, mission=ID, agency=HUB, reason="too few companies of Brussels"
)
COUNTER_PROPOSED = CoOrganisationCounterProposed(
    effective=OCTOBER, mission=ID, partner=HUB, agency=AWEX, terms=COUNTER
)
ACCEPTED = CoOrganisationAccepted(
    effective=OCTOBER, mission=ID, partner=HUB, agency=HUB, terms=COUNTER
)
DECLINED = CoOrganisationDeclined(
    effective=OCTOBER, mission=ID, partner=FIT, agency=AWEX, reason="the delegation is complete"
)
COORDINATOR_NAMED = CoordinatorNamed(
    effective=NOVEMBER,
    mission=ID,
    agency=HUB,
    role="area manager South-East Asia",
    contact="contact-4711",
)
CONFIRMED = MissionConfirmed(effective=NOVEMBER, mission=ID)
REPLACED = MissionReplaced(
    effective=NOVEMBER,
    mission=ID,
    replacement=REPLACEMENT,
    reason="the fair moves to Ho Chi Minh City",
)
ACTION_PROMISED = ActionPromised(
    effective=LAST_DAY,
    mission=ID,
    promise="return visit of the Vietnamese companies",
    period=HalfYear(2028, 1),
    where=Place(country="BE", city="Liège"),
)
CANCELLED = MissionCancelled(effective=NOVEMBER, mission=ID, reason="too few companies")
HELD = MissionHeld(
    effective=LAST_DAY,
    mission=ID,
    participants=HOLD.participants,
    results="three agreements on water treatment",
)
CORRECTED = MissionCorrected(
    effective=date(2027, 6, 1),
    mission=ID,
    changes=CORRECTION,
    participants=(Qualified(value=22, unit="companies"),),
    reason="the list of participants was counted again",
    source="report of the mission",
)

COMMANDS = (
    PUBLISH,
    REVISE,
    RESCHEDULE,
    SET_LEGS,
    REQUEST,
    WITHDRAW,
    COUNTER_PROPOSE,
    ACCEPT,
    DECLINE,
    NAME_COORDINATOR,
    CONFIRM,
    REPLACE,
    PROMISE_ACTION,
    CANCEL,
    HOLD,
    CORRECT,
)
EVENTS = (
    PUBLISHED,
    REVISED,
    RESCHEDULED,
    LEGS_SET,
    REQUESTED,
    WITHDRAWN,
    COUNTER_PROPOSED,
    ACCEPTED,
    DECLINED,
    COORDINATOR_NAMED,
    CONFIRMED,
    REPLACED,
    ACTION_PROMISED,
    CANCELLED,
    HELD,
    CORRECTED,
)
