"""What changes in the network between two states of it: since last year, or from now on."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from projections.post_line import PostLine
from projections.read_model import ReadModel, Reference
from schemas.period import Period
from schemas.post import PostId
from schemas.vocabulary import Agency, Place


class ChangeKind(StrEnum):
    ANNOUNCED = "announced"
    OPENED = "opened"
    VACATED = "vacated"
    STAFFED = "staffed"
    RELOCATED = "relocated"
    AREA_CHANGED = "area-changed"
    AREA_HANDED_OVER = "area-handed-over"
    AREA_TAKEN_OVER = "area-taken-over"
    SHARED = "shared"
    SHARING_STOPPED = "sharing-stopped"
    CLOSING = "closing"
    CLOSING_WITHDRAWN = "closing-withdrawn"
    CLOSED = "closed"


class NetworkChange(Struct, frozen=True, kw_only=True):
    """`other` is the post an area goes to or comes from, `agency` the beneficiary."""

    post: PostId
    kind: ChangeKind
    on: date
    reason: str | None = None
    place: Place | None = None
    other: PostId | None = None
    agency: Agency | None = None
    expected: Period | None = None
    behind: tuple[Reference, ...] = ()


def changes(before: ReadModel[PostLine], after: ReadModel[PostLine]) -> tuple[NetworkChange, ...]:
    """What became true between the two, by day."""
    return _told(after, (_new(before.lines.get(one.post), one) for one in after.lines.values()))


def to_come(now: ReadModel[PostLine], decided: ReadModel[PostLine]) -> tuple[NetworkChange, ...]:
    """What is decided and not yet so: what takes effect later, and each closing not carried out
    (Beijing was approved in 2021, never staffed, and closing in 2024: DOMAIN §3)."""
    lines = decided.lines.values()
    return _told(decided, (_not_so_yet(now.lines.get(line.post), line) for line in lines))


def _new(before: PostLine | None, after: PostLine) -> list[NetworkChange]:
    if before == after:  # most posts, most of the time
        return []
    known = set(_facts(before))
    return [change for change in _facts(after) if change not in known]


def _not_so_yet(now: PostLine | None, decided: PostLine) -> list[NetworkChange]:
    new = _new(now, decided)
    closing = (one for one in _facts_of_closing(decided) if one.kind is ChangeKind.CLOSING)
    return [*new, *(one for one in closing if one not in new)]


def _told(
    after: ReadModel[PostLine], found: Iterable[list[NetworkChange]]
) -> tuple[NetworkChange, ...]:
    """By day and post, with the events behind the line."""
    return tuple(
        replace(change, behind=after.behind[change.post])
        for change in sorted(chain.from_iterable(found), key=lambda one: (one.on, one.post))
    )


def _facts(line: PostLine | None) -> Iterator[NetworkChange]:
    """Every dated fact that a line still knows."""
    if line is None:
        return
    post = line.post
    yield NetworkChange(post=post, kind=ChangeKind.ANNOUNCED, on=line.announced_on)
    if line.opened_on:
        yield NetworkChange(post=post, kind=ChangeKind.OPENED, on=line.opened_on)
    if line.vacancy:
        vacated = line.vacancy
        yield NetworkChange(
            post=post, kind=ChangeKind.VACATED, on=vacated.on, reason=vacated.reason
        )
    if line.staffed_on:
        yield NetworkChange(post=post, kind=ChangeKind.STAFFED, on=line.staffed_on)
    for move in line.moves:
        yield NetworkChange(
            post=post,
            kind=ChangeKind.RELOCATED,
            on=move.on,
            reason=move.reason,
            place=move.reached,
        )
    yield from _facts_of_area(line)
    for sharing in line.sharings:
        yield NetworkChange(
            post=post, kind=ChangeKind.SHARED, on=sharing.since, agency=sharing.beneficiary
        )
    for stop in line.stopped:
        yield NetworkChange(
            post=post,
            kind=ChangeKind.SHARING_STOPPED,
            on=stop.on,
            reason=stop.reason,
            agency=stop.beneficiary,
        )
    yield from _facts_of_closing(line)


def _facts_of_area(line: PostLine) -> Iterator[NetworkChange]:
    if line.area_since != line.announced_on:
        yield NetworkChange(post=line.post, kind=ChangeKind.AREA_CHANGED, on=line.area_since)
    for handed in line.handed_over:
        yield NetworkChange(
            post=line.post,
            kind=ChangeKind.AREA_HANDED_OVER,
            on=handed.on,
            reason=handed.reason,
            other=handed.to,
        )
    for on, other in dict.fromkeys((taken.on, taken.from_post) for taken in line.taken_over):
        yield NetworkChange(post=line.post, kind=ChangeKind.AREA_TAKEN_OVER, on=on, other=other)


def _facts_of_closing(line: PostLine) -> Iterator[NetworkChange]:
    if line.closing and not line.closed:
        yield NetworkChange(
            post=line.post,
            kind=ChangeKind.CLOSING,
            on=line.closing.on,
            reason=line.closing.reason,
            expected=line.closing.expected,
        )
    for withdrawn in line.withdrawn:
        yield NetworkChange(
            post=line.post,
            kind=ChangeKind.CLOSING_WITHDRAWN,
            on=withdrawn.on,
            reason=withdrawn.reason,
        )
    if line.closed:
        yield NetworkChange(
            post=line.post, kind=ChangeKind.CLOSED, on=line.closed.on, reason=line.closed.reason
        )
