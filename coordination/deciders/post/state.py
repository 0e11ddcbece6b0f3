"""What a later decision on a post needs to know, and how events change it."""

from datetime import date
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from schemas.message import said
from schemas.post import (
    AreaChanged,
    AreaHandedOver,
    AreaPart,
    AreaTakenOver,
    ClosingDecided,
    ClosingWithdrawn,
    PostAnnounced,
    PostClosed,
    PostEvent,
    PostOpened,
    PostRelocated,
    PostRevised,
    PostShared,
    PostStaffed,
    PostVacated,
    SharingStopped,
    includes,
)
from schemas.vocabulary import Agency, Place, Provenance


class Post(Struct, frozen=True):
    """`place` is where it is, once it opened. Whole events are kept where a repetition has to be
    told from something new."""

    announced: PostAnnounced
    function: str
    provenance: Provenance | None
    area: tuple[AreaPart, ...]
    place: Place | None = None
    staffed: bool = False
    vacated: bool = False
    shared_since: dict[Agency, date] = {}
    taken_over: tuple[AreaTakenOver, ...] = ()
    gained: frozenset[AreaPart] = frozenset()
    handed_over: tuple[AreaHandedOver, ...] = ()
    closing: ClosingDecided | None = None
    closed: PostClosed | None = None
    withdrawn: ClosingWithdrawn | None = None

    @property
    def since(self) -> date:
        return self.announced.effective

    @property
    def served(self) -> tuple[tuple[AreaPart, Agency], ...]:
        """Each part of the area with each agency whose companies are served there: the operator's
        and those of whom it shares with, and where a part was taken over, those it was for. A part
        that was its own before stays so, for whomever else it is taken over."""
        operator = self.announced.operated_by
        agencies = sorted({*self.shared_since, *((operator,) if operator else ())})
        own = product((part for part in self.area if part not in self.gained), agencies)
        over = (
            (part, agency)
            for event in self.taken_over
            for part, agency in product(event.area, event.beneficiaries)
            if part in self.area
        )
        return tuple(dict.fromkeys((*own, *over)))


def evolve(post: Post | None, event: PostEvent) -> Post:
    match post, event:
        case None, PostAnnounced():
            return Post(event, event.function, event.provenance, event.area)
        case Post(), PostOpened():
            return replace(post, place=event.place)
        case Post(), PostStaffed():
            return replace(post, staffed=True, vacated=False)
        case Post(), PostVacated():
            return replace(post, staffed=False, vacated=True)
        case Post(), PostRelocated():
            return replace(post, place=event.place)
        case Post(), AreaChanged():
            return replace(post, area=event.area)
        case Post(), PostShared():
            shared = {**post.shared_since, event.beneficiary: event.effective}
            return replace(post, shared_since=shared)
        case Post(), SharingStopped():
            shared = {a: day for a, day in post.shared_since.items() if a != event.beneficiary}
            return replace(post, shared_since=shared)
        case Post(), AreaHandedOver():
            area = without(post.area, event.area)
            return replace(post, area=area, handed_over=(*post.handed_over, event))
        case Post(), AreaTakenOver():
            area = tuple(dict.fromkeys((*post.area, *event.area)))
            gained = post.gained | (set(event.area) - set(post.area))
            taken_over = (*post.taken_over, event)
            return replace(post, area=area, taken_over=taken_over, gained=gained)
        case Post(), ClosingDecided():
            return replace(post, closing=event)
        case Post(), ClosingWithdrawn():
            return replace(post, closing=None, closed=None, withdrawn=event)
        case Post(), PostClosed():
            return replace(post, closed=event)
        case Post(), PostRevised():
            return replace(post, **said(event.changes))
    raise AssertionError(f"{event} cannot follow {post}")


def without(area: tuple[AreaPart, ...], gone: tuple[AreaPart, ...]) -> tuple[AreaPart, ...]:
    return tuple(part for part in area if not any(includes(one, part) for one in gone))


def same_city(one: Place, other: Place) -> bool:
    return (one.country, one.city) == (other.country, other.city)


def in_words(where: AreaPart | Place) -> str:
    within = where.within if isinstance(where, AreaPart) else where.city
    return f"{where.country} {within}" if within else where.country
