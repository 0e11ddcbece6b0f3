"""A post as it stands: where it is, whom it serves and for which area, and how it came there."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from schemas.period import Period
from schemas.post import AreaPart, PostId, Succession, includes
from schemas.vocabulary import Agency, Place, Provenance


class PostState(StrEnum):
    ANNOUNCED = "announced"
    OPEN = "open"
    VACANT = "vacant"
    CLOSING = "closing"
    CLOSED = "closed"


class Basis(StrEnum):
    """Why a post serves the companies of an agency."""

    OWN = "own"
    SHARED = "shared"
    TAKEN_OVER = "taken-over"
    SUCCESSOR = "successor"


class Cause(StrEnum):
    """Why a post no longer serves a part of an area for an agency."""

    CLOSED = "closed"
    HANDED_OVER = "handed-over"
    AREA_CHANGED = "area-changed"
    SHARING_STOPPED = "sharing-stopped"


class Move(Struct, frozen=True, kw_only=True, gc=False):
    """A link of the chain of places; `left` is null where the post had no place yet."""

    left: Place | None
    reached: Place
    on: date
    reason: str


class Sharing(Struct, frozen=True, kw_only=True, gc=False):
    beneficiary: Agency
    since: date


class Stopped(Struct, frozen=True, kw_only=True, gc=False):
    beneficiary: Agency
    on: date
    reason: str


class TakenOver(Struct, frozen=True, kw_only=True, gc=False):
    part: AreaPart
    from_post: PostId
    beneficiaries: tuple[Agency, ...]
    on: date


class HandedOver(Struct, frozen=True, kw_only=True, gc=False):
    area: tuple[AreaPart, ...]
    to: PostId
    beneficiaries: tuple[Agency, ...]
    on: date
    reason: str | None


class Vacancy(Struct, frozen=True, kw_only=True, gc=False):
    on: date
    reason: str | None


class Closing(Struct, frozen=True, kw_only=True, gc=False):
    """A closing that is decided and not carried out."""

    on: date
    expected: Period
    reason: str


class Closed(Struct, frozen=True, kw_only=True, gc=False):
    on: date
    reason: str
    successions: tuple[Succession, ...]


class Withdrawn(Struct, frozen=True, kw_only=True, gc=False):
    """A closing was undone."""

    on: date
    reason: str


class Loss(Struct, frozen=True, kw_only=True, gc=False):
    """From this day the post no longer serves this part for this agency."""

    part: AreaPart
    agency: Agency
    cause: Cause
    on: date
    reason: str | None


class PostLine(Struct, frozen=True, kw_only=True, gc=False):
    """`own_area` was announced or set by the post itself and serves its operator and those it is
    shared with; a part taken over serves those for whom it was taken over, and nobody else."""

    post: PostId
    owner: Agency
    operated_by: Agency | None
    function: str
    places: tuple[Place, ...]
    own_area: tuple[AreaPart, ...]
    area_since: date
    provenance: Provenance | None
    announced_on: date
    place: Place | None = None
    opened_on: date | None = None
    vacancy: Vacancy | None = None
    staffed_on: date | None = None
    taken_over: tuple[TakenOver, ...] = ()
    handed_over: tuple[HandedOver, ...] = ()
    sharings: tuple[Sharing, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    moves: tuple[Move, ...] = ()
    closing: Closing | None = None
    closed: Closed | None = None
    withdrawn: tuple[Withdrawn, ...] = ()
    lost: tuple[Loss, ...] = ()

    @property
    def state(self) -> PostState:
        if self.closed:
            return PostState.CLOSED
        if self.opened_on is None:
            return PostState.ANNOUNCED
        if self.closing:
            return PostState.CLOSING
        return PostState.VACANT if self.vacancy else PostState.OPEN

    @property
    def since(self) -> date:
        """The day from which the state holds."""
        if self.closed:
            return self.closed.on
        if self.opened_on is None:
            return self.announced_on
        if self.closing:
            return self.closing.on
        return self.vacancy.on if self.vacancy else self.staffed_on or self.opened_on

    @property
    def area(self) -> tuple[AreaPart, ...]:
        return tuple(dict.fromkeys((*self.own_area, *(taken.part for taken in self.taken_over))))

    @property
    def shared_with(self) -> tuple[Agency, ...]:
        return tuple(sharing.beneficiary for sharing in self.sharings)

    @property
    def illustrative(self) -> bool:
        return self.provenance is not None and self.provenance.illustrative

    @property
    def serves(self) -> bool:
        """A vacant or closing post still serves (DOMAIN §3); one only announced does not yet."""
        return self.opened_on is not None and self.closed is None

    def served(self) -> Iterator[tuple[AreaPart, Agency, Basis]]:
        for part in self.own_area:
            if self.operated_by is not None:
                yield part, self.operated_by, Basis.OWN
            for beneficiary in self.shared_with:
                yield part, beneficiary, Basis.SHARED
        for taken in self.taken_over:
            for beneficiary in taken.beneficiaries:
                yield taken.part, beneficiary, Basis.TAKEN_OVER


def meant(named: AreaPart, area: tuple[AreaPart, ...]) -> tuple[AreaPart, ...]:
    """Whoever names a country of which the area has only parts, means those."""
    return tuple(own for own in area if includes(named, own)) or (named,)


class Placed(Protocol):
    """What has a place, or the alternatives while it is only announced."""

    @property
    def place(self) -> Place | None: ...
    @property
    def places(self) -> tuple[Place, ...]: ...


def where(one: Placed) -> Place:
    """Where it is, or the first of the places it was announced for."""
    return one.place or one.places[0]
