"""The area of a post, and for whom: changed, shared, handed over, left behind by a closing."""

from collections import Counter
from collections.abc import Iterable

from msgspec import structs

from coordination.deciders.post.state import Post, in_words, without
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
    includes,
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
    since = post.shared_since.get(command.beneficiary)
    if since is not None and since <= command.effective:
        return []
    return [
        PostShared(effective=command.effective, post=command.post, beneficiary=command.beneficiary)
    ]


def stop_sharing(post: Post, command: StopSharing) -> list[PostEvent]:
    if command.beneficiary not in post.shared_since:
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
    if handed in post.handed_over and without(post.area, command.area) == post.area:
        return []
    not_to_itself(command.post, (command.to,))
    only_its_own(post, command.area)
    inside = tuple(
        in_words(part) for part in command.area if not any(includes(part, own) for own in post.area)
    )
    if inside:
        raise Rejected("post.part-of-a-part", post=command.post, parts=inside)
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
    return [] if taken in known and set(command.area) <= set(post.area) else [taken]


def close(post: Post, command: ClosePost) -> list[PostEvent]:
    """For every part of the area: who takes over, from which day, for whom, or nobody (DOMAIN §3).

    Each agency the post serves must be told for each part; a part that serves nobody we know of is
    spoken for all the same.
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
    not_twice(command)
    unassigned = tuple(
        f"{in_words(part)} ({agency})"
        for part, agency in post.served
        if not any(
            includes(succession, part) and agency in succession.beneficiaries
            for succession in command.successions
        )
    )
    serving = {part for part, _ in post.served}
    unnamed = tuple(
        in_words(part)
        for part in post.area
        if part not in serving
        and not any(includes(succession, part) for succession in command.successions)
    )
    if unassigned or unnamed:
        raise Rejected("post.area-unassigned", post=command.post, parts=(*unassigned, *unnamed))
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


def not_twice(command: ClosePost) -> None:
    """One successor for a part and an agency: two answers would be none."""
    said = Counter(
        (succession.country, succession.within, agency)
        for succession in command.successions
        for agency in succession.beneficiaries
    )
    again = tuple(
        f"{in_words(AreaPart(country=country, within=within))} ({agency})"
        for (country, within, agency), times in said.items()
        if times > 1
    )
    if again:
        raise Rejected("post.two-successors", post=command.post, parts=again)


def not_to_itself(post: str, others: Iterable[str | None]) -> None:
    if post in others:
        raise Rejected("post.succeeds-itself", post=post)
