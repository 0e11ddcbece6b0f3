"""One example of every message about posts: Hanoi, closed at the end of 2026."""

from datetime import date

from schemas.period import HalfYear
from schemas.post import (
    AnnouncePost,
    AreaChanged,
    AreaHandedOver,
    AreaPart,
    AreaTakenOver,
    ChangeArea,
    ClosePost,
    ClosingDecided,
    ClosingWithdrawn,
    DecideClosing,
    HandOverArea,
    OpenPost,
    PostAnnounced,
    PostChanges,
    PostClosed,
    PostOpened,
    PostRelocated,
    PostRevised,
    PostShared,
    PostStaffed,
    PostVacated,
    RelocatePost,
    RevisePost,
    SharePost,
    SharingStopped,
    StaffPost,
    StopSharing,
    Succession,
    TakeOverArea,
    VacatePost,
    WithdrawClosing,
)
from schemas.vocabulary import AWEX, FIT, HUB, Place, Provenance

ID = "post-hub-hanoi"
SUCCESSOR = "post-awex-ho-chi-minh-city"
SPRING, SUMMER, AUTUMN, NEW_YEAR = (
    date(2026, 3, 2),
    date(2026, 6, 1),
    date(2026, 10, 15),
    date(2027, 1, 1),
)
HANOI = Place(country="VN", city="Hanoi", latitude=21.03, longitude=105.85)
VIENTIANE = Place(country="LA", city="Vientiane")
VIETNAM, LAOS, CAMBODIA = (AreaPart(country=country) for country in ("VN", "LA", "KH"))
FUNCTION = "economic and commercial counsellor"
SOURCE = Provenance(source="decision of the government")
CHANGES = PostChanges(function="trade commissioner")
EXPECTED = HalfYear(2026, 2)
SUCCESSIONS = (
    Succession(country="VN", to=SUCCESSOR, from_day=NEW_YEAR, beneficiaries=(HUB, FIT)),
    Succession(country="LA", to=None, from_day=NEW_YEAR, beneficiaries=(HUB, FIT)),
)

ANNOUNCE = AnnouncePost(
    by=HUB,
    effective=SPRING,
    post=ID,
    operated_by=HUB,
    function=FUNCTION,
    places=(HANOI, VIENTIANE),
    area=(VIETNAM, LAOS),
    provenance=SOURCE,
)
OPEN = OpenPost(by=HUB, effective=SUMMER, post=ID, place=HANOI)
STAFF = StaffPost(by=HUB, effective=SUMMER, post=ID)
VACATE = VacatePost(by=HUB, effective=AUTUMN, post=ID, reason="the counsellor moves to Paris")
RELOCATE = RelocatePost(
    by=HUB, effective=AUTUMN, post=ID, place=VIENTIANE, reason="the embassy closes"
)
CHANGE_AREA = ChangeArea(
    by=HUB, effective=AUTUMN, post=ID, area=(VIETNAM, CAMBODIA), reason="Laos is left to others"
)
SHARE = SharePost(by=HUB, effective=SUMMER, post=ID, beneficiary=FIT)
STOP_SHARING = StopSharing(
    by=HUB, effective=AUTUMN, post=ID, beneficiary=FIT, reason="FIT opens a post of its own"
)
HAND_OVER = HandOverArea(
    by=HUB,
    effective=AUTUMN,
    post=ID,
    area=(LAOS,),
    to=SUCCESSOR,
    beneficiaries=(HUB,),
    reason="nearer to the south",
)
TAKE_OVER = TakeOverArea(
    by=HUB, effective=AUTUMN, post=ID, area=(CAMBODIA,), from_post=SUCCESSOR, beneficiaries=(AWEX,)
)
DECIDE_CLOSING = DecideClosing(
    by=HUB, effective=AUTUMN, post=ID, expected=EXPECTED, reason="few support cases"
)
WITHDRAW_CLOSING = WithdrawClosing(
    by=HUB, effective=AUTUMN, post=ID, reason="the decision is reviewed"
)
CLOSE = ClosePost(
    by=HUB, effective=NEW_YEAR, post=ID, reason="few support cases", successions=SUCCESSIONS
)
REVISE = RevisePost(by=HUB, effective=AUTUMN, post=ID, changes=CHANGES)

ANNOUNCED = PostAnnounced(
    effective=SPRING,
    post=ID,
    operated_by=HUB,
    function=FUNCTION,
    places=(HANOI, VIENTIANE),
    area=(VIETNAM, LAOS),
    provenance=SOURCE,
)
OPENED = PostOpened(effective=SUMMER, post=ID, place=HANOI)
STAFFED = PostStaffed(effective=SUMMER, post=ID)
VACATED = PostVacated(effective=AUTUMN, post=ID, reason="the counsellor moves to Paris")
RELOCATED = PostRelocated(effective=AUTUMN, post=ID, place=VIENTIANE, reason="the embassy closes")
AREA_CHANGED = AreaChanged(
    effective=AUTUMN, post=ID, area=(VIETNAM, CAMBODIA), reason="Laos is left to others"
)
SHARED = PostShared(effective=SUMMER, post=ID, beneficiary=FIT)
SHARING_STOPPED = SharingStopped(
    effective=AUTUMN, post=ID, beneficiary=FIT, reason="FIT opens a post of its own"
)
HANDED_OVER = AreaHandedOver(
    effective=AUTUMN,
    post=ID,
    area=(LAOS,),
    to=SUCCESSOR,
    beneficiaries=(HUB,),
    reason="nearer to the south",
)
TAKEN_OVER = AreaTakenOver(
    effective=AUTUMN, post=ID, area=(CAMBODIA,), from_post=SUCCESSOR, beneficiaries=(AWEX,)
)
CLOSING_DECIDED = ClosingDecided(
    effective=AUTUMN, post=ID, expected=EXPECTED, reason="few support cases"
)
CLOSING_WITHDRAWN = ClosingWithdrawn(effective=AUTUMN, post=ID, reason="the decision is reviewed")
CLOSED = PostClosed(
    effective=NEW_YEAR, post=ID, reason="few support cases", successions=SUCCESSIONS
)
REVISED = PostRevised(effective=AUTUMN, post=ID, changes=CHANGES)

COMMANDS = (
    ANNOUNCE,
    OPEN,
    STAFF,
    VACATE,
    RELOCATE,
    CHANGE_AREA,
    SHARE,
    STOP_SHARING,
    HAND_OVER,
    TAKE_OVER,
    DECIDE_CLOSING,
    WITHDRAW_CLOSING,
    CLOSE,
    REVISE,
)
EVENTS = (
    ANNOUNCED,
    OPENED,
    STAFFED,
    VACATED,
    RELOCATED,
    AREA_CHANGED,
    SHARED,
    SHARING_STOPPED,
    HANDED_OVER,
    TAKEN_OVER,
    CLOSING_DECIDED,
    CLOSING_WITHDRAWN,
    CLOSED,
    REVISED,
)
