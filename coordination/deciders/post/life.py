"""The life of a post: announced, opened, staffed, vacant, moved, to be closed."""

from msgspec import UNSET, structs

from coordination.deciders.post.state import Post, in_words, same_city
from coordination.deciders.rejection import Rejected
from schemas.message import owner_of, said
from schemas.post import (
    AnnouncePost,
    ClosingDecided,
    ClosingWithdrawn,
    DecideClosing,
    OpenPost,
    PostAnnounced,
    PostChanges,
    PostEvent,
    PostOpened,
    PostRelocated,
    PostRevised,
    PostStaffed,
    PostVacated,
    RelocatePost,
    RevisePost,
    StaffPost,
    VacatePost,
    WithdrawClosing,
)


def announce(post: Post | None, command: AnnouncePost) -> list[PostEvent]:
    """Only where a source does not say whose a post is, its owner just keeps the record."""
    owner = owner_of(command.post)
    if command.by != owner or command.operated_by not in (owner, None):
        raise Rejected("post.identifier-names-another-agency", post=command.post, owner=owner)
    announced = PostAnnounced(
        effective=command.effective,
        post=command.post,
        operated_by=command.operated_by,
        function=command.function,
        places=command.places,
        area=command.area,
        provenance=command.provenance,
    )
    if post is None:
        return [announced]
    if structs.replace(announced, effective=post.since) == post.announced:
        return []
    raise Rejected("post.already-announced", post=command.post)


def open_(post: Post, command: OpenPost) -> list[PostEvent]:
    if post.place is not None:
        if same_city(post.place, command.place):
            return []
        raise Rejected("post.already-open", post=command.post)
    if not any(same_city(place, command.place) for place in post.announced.places):
        cities = tuple(in_words(place) for place in post.announced.places)
        raise Rejected("post.place-not-announced", post=command.post, places=cities)
    return [PostOpened(effective=command.effective, post=command.post, place=command.place)]


def staff(post: Post, command: StaffPost) -> list[PostEvent]:
    already_open(post)
    if post.staffed:
        return []
    return [PostStaffed(effective=command.effective, post=command.post)]


def vacate(post: Post, command: VacatePost) -> list[PostEvent]:
    already_open(post)
    if post.vacated:
        return []
    return [PostVacated(effective=command.effective, post=command.post, reason=command.reason)]


def relocate(post: Post, command: RelocatePost) -> list[PostEvent]:
    already_open(post)
    if post.place == command.place:
        return []
    return [
        PostRelocated(
            effective=command.effective,
            post=command.post,
            place=command.place,
            reason=command.reason,
        )
    ]


def revise(post: Post, command: RevisePost) -> list[PostEvent]:
    """What is written about the post, when it is written otherwise; a move is a relocation."""
    if command.changes.place is not UNSET:
        already_open(post)
    now = {"function": post.function, "place": post.place, "provenance": post.provenance}
    changes = {name: value for name, value in said(command.changes).items() if value != now[name]}
    if not changes:
        return []
    return [
        PostRevised(effective=command.effective, post=command.post, changes=PostChanges(**changes))
    ]


def decide_closing(post: Post, command: DecideClosing) -> list[PostEvent]:
    decided = ClosingDecided(
        effective=command.effective,
        post=command.post,
        expected=command.expected,
        reason=command.reason,
    )
    known = post.closing
    if known is not None and structs.replace(decided, effective=known.effective) == known:
        return []
    return [decided]


def withdraw_closing(post: Post, command: WithdrawClosing) -> list[PostEvent]:
    withdrawn = ClosingWithdrawn(
        effective=command.effective, post=command.post, reason=command.reason
    )
    if post.closing is None and post.closed is None:
        if withdrawn == post.withdrawn:
            return []
        raise Rejected("post.no-closing-to-withdraw", post=command.post)
    return [withdrawn]


def already_open(post: Post) -> None:
    if post.place is None:
        raise Rejected("post.not-open", post=post.announced.post)
