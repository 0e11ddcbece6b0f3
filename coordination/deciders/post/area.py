"""The area of a post, and for whom: changed, shared, handed over, left behind by a closing."""

from collections.abc import Iterable
from itertools import product

from msgspec import structs

from coordination.deciders.post.state import Post, in_words, includes, without
from coordination.deciders.rejection import Rejected
from schemas.post import (
    AreaChanged,
    AreaHandedOver,
    AreaPart,
    AreaTakenOver,
    ChangeArea,
    ClosePost,
    HandOverArea,
    PostClosed,
    PostEvent,
    PostShared,
    SharePost,
    SharingStopped,
    StopSharing,
    TakeOverArea,
)


def change_area(post: Post, command: ChangeArea) -> list[PostEvent]:
    if set(command.area) == set(post.area):
        return []
    return [
        AreaChanged(
            effective=command.effective,
            post=command.post,
            area=command.area,
            reason=command.reason,
        )
    ]


def share(post: Post, command: SharePost) -> list[PostEvent]:
    """Sharing is per post and per beneficiary (DOMAIN §3)."""
    if command.beneficiary == post.announced.operated_by:
        raise Rejected("post.shares-with-itself", post=command.post)
    if command.beneficiary in post.shared_with:
        return []
    return [
        PostShared(effective=command.effective, post=command.post, beneficiary=command.beneficiary)
    ]


def stop_sharing(post: Post, command: StopSharing) -> list[PostEvent]:
    if command.beneficiary not in post.shared_with:
        return []
    return [
        SharingStopped(
            effective=command.effective,
            post=command.post,
            beneficiary=command.beneficiary,
            reason=command.reason,
        )
    ]


def hand_over(post: Post, command: HandOverArea) -> list[PostEvent]:
    handed = AreaHandedOver(
        effective=command.effective,
        post=command.post,
        area=command.area,
        to=command.to,
        beneficiaries=command.beneficiaries,
        reason=command.reason,
    )
    if handed in post.handed_over:
        return []
    not_to_itself(command.post, (command.to,))
    only_its_own(post, command.area)
    if not without(post.area, command.area):
        raise Rejected("post.area-empty", post=command.post)
    return [handed]


def take_over(post: Post, command: TakeOverArea) -> list[PostEvent]:
    not_to_itself(command.post, (command.from_post,))
    taken = AreaTakenOver(
        effective=command.effective,
        post=command.post,
        area=command.area,
        from_post=command.from_post,
        beneficiaries=command.beneficiaries,
    )
    known = (structs.replace(one, effective=command.effective) for one in post.taken_over)
    return [] if taken in known else [taken]


def close(post: Post, command: ClosePost) -> list[PostEvent]:
    """For every part of the area: who takes over, from which day, for whom, or nobody (DOMAIN §3).

    Each agency the post serves must be told for each part.
    """
    closed = PostClosed(
        effective=command.effective,
        post=command.post,
        reason=command.reason,
        successions=command.successions,
    )
    if post.closed is not None:
        if closed == post.closed:
            return []
        raise Rejected("post.closed", post=command.post, on=post.closed.effective.isoformat())
    not_to_itself(command.post, (succession.to for succession in command.successions))
    named = tuple(
        AreaPart(country=succession.country, within=succession.within)
        for succession in command.successions
    )
    only_its_own(post, named)
    unassigned = tuple(
        f"{in_words(part)} ({agency})"
        for part, agency in product(post.area, post.beneficiaries)
        if not any(
            includes(succession, part) and agency in succession.beneficiaries
            for succession in command.successions
        )
    )
    if unassigned:
        raise Rejected("post.area-unassigned", post=command.post, parts=unassigned)
    return [closed]


def only_its_own(post: Post, area: tuple[AreaPart, ...]) -> None:
    """Whoever names a country that the area has only parts of, means those."""
    foreign = tuple(
        in_words(part)
        for part in area
        if not any(includes(part, own) or includes(own, part) for own in post.area)
    )
    if foreign:
        raise Rejected("post.part-not-in-area", post=post.announced.post, parts=foreign)


def not_to_itself(post: str, others: Iterable[str | None]) -> None:
    if post in others:
        raise Rejected("post.succeeds-itself", post=post)
