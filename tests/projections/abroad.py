"""Posts abroad for the tests of the projections: short ways to say what happened to one."""

from datetime import date

from projections import posts
from projections.post_line import PostLine
from projections.read_model import Moment, ReadModel, fold
from schemas.message import owner_of
from schemas.period import Undated
from schemas.post import (
    AreaChanged,
    AreaHandedOver,
    AreaPart,
    AreaTakenOver,
    ClosingDecided,
    ClosingWithdrawn,
    PostAnnounced,
    PostChanges,
    PostClosed,
    PostEvent,
    PostOpened,
    PostRelocated,
    PostRevised,
    PostShared,
    PostStaffed,
    PostVacated,
    SharingStopped,
    Succession,
)
from schemas.vocabulary import AWEX, HUB, Agency, Place, Provenance
from tests.projections.recording import recorded

JANUARY, FEBRUARY, MARCH, APRIL = (date(2024, month, 1) for month in (1, 2, 3, 4))

HANOI, SAIGON, SAIGON_OF_HUB, LILLE, EU = (
    "post-hub-hanoi",
    "post-awex-saigon",
    "post-hub-saigon",
    "post-fit-lille",
    "post-hub-eu",
)
IN_HANOI = Place(country="VN", city="Hanoi")
IN_HAI_PHONG = Place(country="VN", city="Hải Phòng")
IN_SAIGON = Place(country="VN", city="Ho Chi Minh City")
VIETNAM, LAOS, CAMBODIA = (AreaPart(country=country) for country in ("VN", "LA", "KH"))
NORTH = AreaPart(country="VN", within="the north")
SOUTH = AreaPart(country="VN", within="the south")


def announce(
    post: str = HANOI,
    *places: Place,
    area: tuple[AreaPart, ...] = (VIETNAM,),
    nobody_says_whose: bool = False,
    provenance: Provenance | None = None,
    on: date = JANUARY,
) -> PostAnnounced:
    return PostAnnounced(
        effective=on,
        post=post,
        operated_by=None if nobody_says_whose else owner_of(post),
        function="economic and commercial counsellor",
        places=places or (IN_HANOI,),
        area=area,
        provenance=provenance,
    )


def open_(post: str = HANOI, place: Place = IN_HANOI, on: date = JANUARY) -> PostOpened:
    return PostOpened(effective=on, post=post, place=place)


def opened(
    post: str = HANOI,
    place: Place = IN_HANOI,
    *area: AreaPart,
    shared_with: tuple[Agency, ...] = (),
    provenance: Provenance | None = None,
    nobody_says_whose: bool = False,
) -> tuple[PostEvent, ...]:
    """A post that is open since January."""
    return (
        announce(
            post,
            place,
            area=area or (VIETNAM,),
            provenance=provenance,
            nobody_says_whose=nobody_says_whose,
        ),
        open_(post, place),
        *(share(agency, post, on=JANUARY) for agency in shared_with),
    )


def share(beneficiary: Agency = AWEX, post: str = HANOI, on: date = FEBRUARY) -> PostShared:
    return PostShared(effective=on, post=post, beneficiary=beneficiary)


def stop_sharing(beneficiary: Agency = AWEX, post: str = HANOI, on: date = MARCH) -> SharingStopped:
    return SharingStopped(
        effective=on, post=post, beneficiary=beneficiary, reason="the agreement ended"
    )


def hand_over(
    *area: AreaPart, to: str, beneficiaries: tuple[Agency, ...] = (HUB,), on: date = MARCH
) -> AreaHandedOver:
    return AreaHandedOver(
        effective=on, post=HANOI, area=area, to=to, beneficiaries=beneficiaries, reason="nearer"
    )


def take_over(
    *area: AreaPart,
    post: str = SAIGON,
    from_post: str = HANOI,
    beneficiaries: tuple[Agency, ...] = (HUB,),
    on: date = MARCH,
) -> AreaTakenOver:
    return AreaTakenOver(
        effective=on, post=post, area=area, from_post=from_post, beneficiaries=beneficiaries
    )


def change_area(*area: AreaPart, post: str = HANOI, on: date = MARCH) -> AreaChanged:
    return AreaChanged(effective=on, post=post, area=area, reason="redrawn")


def decide_closing(post: str = HANOI, on: date = FEBRUARY) -> ClosingDecided:
    return ClosingDecided(effective=on, post=post, expected=Undated(), reason="few cases")


def withdraw_closing(post: str = HANOI, on: date = APRIL) -> ClosingWithdrawn:
    return ClosingWithdrawn(effective=on, post=post, reason="a new minister")


def close(*successions: Succession, post: str = HANOI, on: date = MARCH) -> PostClosed:
    return PostClosed(effective=on, post=post, reason="few cases", successions=successions)


def succeeded(
    part: AreaPart = VIETNAM,
    by: str | None = None,
    beneficiaries: tuple[Agency, ...] = (HUB,),
    from_day: date = MARCH,
) -> Succession:
    return Succession(
        country=part.country,
        within=part.within,
        to=by,
        from_day=from_day,
        beneficiaries=beneficiaries,
    )


def relocate(place: Place = IN_HAI_PHONG, on: date = MARCH, post: str = HANOI) -> PostRelocated:
    return PostRelocated(effective=on, post=post, place=place, reason="the host closes")


def vacate(on: date = FEBRUARY, post: str = HANOI) -> PostVacated:
    return PostVacated(effective=on, post=post, reason="recalled")


def staff(on: date = MARCH, post: str = HANOI) -> PostStaffed:
    return PostStaffed(effective=on, post=post)


def revise(changes: PostChanges, on: date = MARCH) -> PostRevised:
    return PostRevised(effective=on, post=HANOI, changes=changes)


def network_of(*events: PostEvent) -> ReadModel[PostLine]:
    return fold(posts.evolve, recorded(*events), Moment())


def line_after(*events: PostEvent) -> PostLine | None:
    """The line of Hanoi."""
    return network_of(*events).lines.get(HANOI)
