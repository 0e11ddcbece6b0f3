"""Posts abroad: what an agency contributes to the joint network, where, for whom and what area."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from schemas.message import Command, Event
from schemas.period import Period
from schemas.vocabulary import Agency, Country, Place, Provenance, Words

PostId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^post-[a-z][a-z0-9]*-[a-z0-9-]+$(?!\n)",
        max_length=120,
        description="identifier of a post: post-<owner>-<words>",
        examples=["post-hub-hanoi"],
    ),
]


class AreaPart(Struct, frozen=True, kw_only=True, gc=False):
    """A country of an area, or only a part, city or institution within it."""

    country: Country
    within: Words | None = None


Area: TypeAlias = Annotated[tuple[AreaPart, ...], Meta(min_length=1)]
Beneficiaries: TypeAlias = Annotated[tuple[Agency, ...], Meta(min_length=1)]


class Succession(Struct, frozen=True, kw_only=True, gc=False):
    """Who takes over a part of a closing post's area, from which day, for whom.

    `to` null says explicitly that nobody does.
    """

    country: Country
    within: Words | None = None
    to: PostId | None
    from_day: date
    beneficiaries: Beneficiaries


def includes(whole: AreaPart | Succession, part: AreaPart) -> bool:
    """A country includes its parts; a part includes only itself."""
    return whole.country == part.country and whole.within in (None, part.within)


class PostChanges(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields that change; what is not named stays as it is."""

    function: Words | UnsetType = UNSET
    place: Place | UnsetType = UNSET
    provenance: Provenance | None | UnsetType = UNSET


class AnnouncePost(Command, frozen=True, kw_only=True, tag="post.announce"):
    """Announce a post: in one city, or in one of several that are still considered.

    `operated_by` is null only where a source names a post and not whose it is.
    """

    post: PostId
    operated_by: Agency | None
    function: Words
    places: Annotated[tuple[Place, ...], Meta(min_length=1)]
    area: Area
    provenance: Provenance | None = None


class OpenPost(Command, frozen=True, kw_only=True, tag="post.open"):
    """Open an announced post in one of the places announced."""

    post: PostId
    place: Place


class StaffPost(Command, frozen=True, kw_only=True, tag="post.staff"):
    """Record that somebody is in place at one's post."""

    post: PostId


class VacatePost(Command, frozen=True, kw_only=True, tag="post.vacate"):
    """Record that nobody is in place at one's post for now."""

    post: PostId
    reason: Words | None = None


class RelocatePost(Command, frozen=True, kw_only=True, tag="post.relocate"):
    """Move one's post to another place, also because its host closes."""

    post: PostId
    place: Place
    reason: Words


class ChangeArea(Command, frozen=True, kw_only=True, tag="post.change-area"):
    """Change the area one's post covers."""

    post: PostId
    area: Area
    reason: Words | None = None


class SharePost(Command, frozen=True, kw_only=True, tag="post.share"):
    """Let one's post serve the companies of another agency."""

    post: PostId
    beneficiary: Agency


class StopSharing(Command, frozen=True, kw_only=True, tag="post.stop-sharing"):
    """Let one's post no longer serve the companies of another agency."""

    post: PostId
    beneficiary: Agency
    reason: Words


class HandOverArea(Command, frozen=True, kw_only=True, tag="post.hand-over"):
    """Hand parts of the area of one's post over to another post, of any agency."""

    post: PostId
    area: Area
    to: PostId
    beneficiaries: Beneficiaries
    reason: Words | None = None


class TakeOverArea(Command, frozen=True, kw_only=True, tag="post.take-over"):
    """Take over, with one's own post, parts of the area of another."""

    post: PostId
    area: Area
    from_post: PostId
    beneficiaries: Beneficiaries


class DecideClosing(Command, frozen=True, kw_only=True, tag="post.decide-closing"):
    """Decide that one's post will close, when its area has not been settled yet."""

    post: PostId
    expected: Period
    reason: Words


class WithdrawClosing(Command, frozen=True, kw_only=True, tag="post.withdraw-closing"):
    """Undo the closing of one's post, decided or carried out."""

    post: PostId
    reason: Words


class ClosePost(Command, frozen=True, kw_only=True, tag="post.close"):
    """Close one's post on the effective day, and say who takes over each part of its area."""

    post: PostId
    reason: Words
    successions: Annotated[tuple[Succession, ...], Meta(min_length=1)]


class RevisePost(Command, frozen=True, kw_only=True, tag="post.revise"):
    """Change what is written about one's post: its function, its place's spelling, its source."""

    post: PostId
    changes: PostChanges


class PostAnnounced(Event, frozen=True, kw_only=True, tag="post.announced"):
    post: PostId
    operated_by: Agency | None
    function: Words
    places: Annotated[tuple[Place, ...], Meta(min_length=1)]
    area: Area
    provenance: Provenance | None = None


class PostOpened(Event, frozen=True, kw_only=True, tag="post.opened"):
    post: PostId
    place: Place


class PostStaffed(Event, frozen=True, kw_only=True, tag="post.staffed"):
    post: PostId


class PostVacated(Event, frozen=True, kw_only=True, tag="post.vacated"):
    post: PostId
    reason: Words | None = None


class PostRelocated(Event, frozen=True, kw_only=True, tag="post.relocated"):
    post: PostId
    place: Place
    reason: Words


class AreaChanged(Event, frozen=True, kw_only=True, tag="post.area-changed"):
    post: PostId
    area: Area
    reason: Words | None = None


class PostShared(Event, frozen=True, kw_only=True, tag="post.shared"):
    post: PostId
    beneficiary: Agency


class SharingStopped(Event, frozen=True, kw_only=True, tag="post.sharing-stopped"):
    post: PostId
    beneficiary: Agency
    reason: Words


class AreaHandedOver(Event, frozen=True, kw_only=True, tag="post.area-handed-over"):
    post: PostId
    area: Area
    to: PostId
    beneficiaries: Beneficiaries
    reason: Words | None = None


class AreaTakenOver(Event, frozen=True, kw_only=True, tag="post.area-taken-over"):
    post: PostId
    area: Area
    from_post: PostId
    beneficiaries: Beneficiaries


class ClosingDecided(Event, frozen=True, kw_only=True, tag="post.closing-decided"):
    post: PostId
    expected: Period
    reason: Words


class ClosingWithdrawn(Event, frozen=True, kw_only=True, tag="post.closing-withdrawn"):
    post: PostId
    reason: Words


class PostClosed(Event, frozen=True, kw_only=True, tag="post.closed"):
    post: PostId
    reason: Words
    successions: tuple[Succession, ...]


class PostRevised(Event, frozen=True, kw_only=True, tag="post.revised"):
    post: PostId
    changes: PostChanges


PostCommand: TypeAlias = (
    AnnouncePost
    | OpenPost
    | StaffPost
    | VacatePost
    | RelocatePost
    | ChangeArea
    | SharePost
    | StopSharing
    | HandOverArea
    | TakeOverArea
    | DecideClosing
    | WithdrawClosing
    | ClosePost
    | RevisePost
)
PostEvent: TypeAlias = (
    PostAnnounced
    | PostOpened
    | PostStaffed
    | PostVacated
    | PostRelocated
    | AreaChanged
    | PostShared
    | SharingStopped
    | AreaHandedOver
    | AreaTakenOver
    | ClosingDecided
    | ClosingWithdrawn
    | PostClosed
    | PostRevised
)
