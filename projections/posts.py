"""The fold over what happened to posts: one line per post."""

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace

from projections.post_line import (
    Cause,
    Closed,
    Closing,
    HandedOver,
    Loss,
    Move,
    PostLine,
    Sharing,
    Stopped,
    TakenOver,
    Vacancy,
    Withdrawn,
    meant,
)
from schemas.message import owner_of, said
from schemas.post import (
    AreaChanged,
    AreaHandedOver,
    AreaPart,
    AreaTakenOver,
    ClosingDecided,
    ClosingWithdrawn,
    PostAnnounced,
    PostClosed,
    PostOpened,
    PostRelocated,
    PostRevised,
    PostShared,
    PostStaffed,
    PostVacated,
    SharingStopped,
    includes,
)
from schemas.recorded_event import Told
from schemas.vocabulary import Agency


def evolve(line: PostLine | None, recorded: Told) -> PostLine | None:
    """Total: what cannot follow leaves the line as it was."""
    event = recorded.data
    match line, event:
        case None, PostAnnounced():
            return announced(event)
        case PostLine(), PostOpened():
            return replace(line, place=event.place, opened_on=event.effective)
        case PostLine(vacancy=Vacancy()), PostStaffed():
            return replace(line, vacancy=None, staffed_on=event.effective)
        case PostLine(vacancy=None), PostVacated():
            return replace(line, vacancy=Vacancy(on=event.effective, reason=event.reason))
        case PostLine(), PostRelocated():
            return relocated(line, event)
        case PostLine(), AreaChanged():
            return area_changed(line, event)
        case PostLine(), PostShared():
            return shared(line, event)
        case PostLine(), SharingStopped():
            return sharing_stopped(line, event)
        case PostLine(), AreaHandedOver():
            return area_handed_over(line, event)
        case PostLine(), AreaTakenOver():
            return area_taken_over(line, event)
        case PostLine(), ClosingDecided():
            decided = Closing(on=event.effective, expected=event.expected, reason=event.reason)
            return replace(line, closing=decided)
        case PostLine(), ClosingWithdrawn():
            return closing_withdrawn(line, event)
        case PostLine(closed=None), PostClosed():
            return closed(line, event)
        case PostLine(), PostRevised():
            return replace(line, **said(event.changes))
    return line


def announced(event: PostAnnounced) -> PostLine:
    return PostLine(
        post=event.post,
        owner=owner_of(event.post),
        operated_by=event.operated_by,
        function=event.function,
        places=event.places,
        own_area=event.area,
        area_since=event.effective,
        provenance=event.provenance,
        announced_on=event.effective,
    )


def relocated(line: PostLine, event: PostRelocated) -> PostLine:
    move = Move(left=line.place, reached=event.place, on=event.effective, reason=event.reason)
    return replace(line, place=event.place, moves=(*line.moves, move))


def area_changed(line: PostLine, event: AreaChanged) -> PostLine:
    """The area is set as a whole: what was taken over stays only where it is still named."""

    def kept(part: AreaPart) -> bool:
        return any(includes(named, part) for named in event.area)

    return replace(
        _losing(line, Cause.AREA_CHANGED, event.effective, event.reason, lambda p, _: not kept(p)),
        own_area=event.area,
        area_since=event.effective,
        taken_over=tuple(taken for taken in line.taken_over if kept(taken.part)),
    )


def shared(line: PostLine, event: PostShared) -> PostLine:
    if event.beneficiary in line.shared_with:
        return line
    sharing = Sharing(beneficiary=event.beneficiary, since=event.effective)
    return replace(line, sharings=(*line.sharings, sharing))


def sharing_stopped(line: PostLine, event: SharingStopped) -> PostLine:
    """Whoever the post no longer serves, it serves nowhere: nor in parts taken over for it."""
    left_out = event.beneficiary
    stop = Stopped(beneficiary=left_out, on=event.effective, reason=event.reason)
    return replace(
        _losing(
            line, Cause.SHARING_STOPPED, event.effective, event.reason, lambda _, a: a == left_out
        ),
        sharings=tuple(kept for kept in line.sharings if kept.beneficiary != left_out),
        stopped=(*line.stopped, stop),
        taken_over=tuple(_without(taken, left_out) for taken in line.taken_over),
    )


def area_handed_over(line: PostLine, event: AreaHandedOver) -> PostLine:
    def gone(part: AreaPart) -> bool:
        return any(includes(given, part) for given in event.area)

    handed = HandedOver(
        area=tuple(part for named in event.area for part in meant(named, line.area)),
        to=event.to,
        beneficiaries=event.beneficiaries,
        on=event.effective,
        reason=event.reason,
    )
    return replace(
        _losing(line, Cause.HANDED_OVER, event.effective, event.reason, lambda p, _: gone(p)),
        own_area=tuple(part for part in line.own_area if not gone(part)),
        taken_over=tuple(taken for taken in line.taken_over if not gone(taken.part)),
        handed_over=(*line.handed_over, handed),
    )


def area_taken_over(line: PostLine, event: AreaTakenOver) -> PostLine:
    taken = (
        TakenOver(
            part=part,
            from_post=event.from_post,
            beneficiaries=event.beneficiaries,
            on=event.effective,
        )
        for part in event.area
    )
    return replace(line, taken_over=(*line.taken_over, *taken))


def closing_withdrawn(line: PostLine, event: ClosingWithdrawn) -> PostLine:
    """Decided or carried out, the closing is undone: the post is again what it was before."""
    lost = tuple(loss for loss in line.lost if loss.cause is not Cause.CLOSED)
    withdrawn = (*line.withdrawn, Withdrawn(on=event.effective, reason=event.reason))
    return replace(line, closing=None, closed=None, withdrawn=withdrawn, lost=lost)


def closed(line: PostLine, event: PostClosed) -> PostLine:
    return replace(
        _losing(line, Cause.CLOSED, event.effective, event.reason, lambda *_: True),
        closed=Closed(on=event.effective, reason=event.reason, successions=event.successions),
    )


def _losing(
    line: PostLine,
    cause: Cause,
    on: date,
    reason: str | None,
    gone: Callable[[AreaPart, Agency], bool],
) -> PostLine:
    """A post loses only what it served: nothing before it opened, nothing after it closed."""
    if not line.serves:
        return line
    served = dict.fromkeys((part, agency) for part, agency, _ in line.served())
    lost = tuple(
        Loss(part=part, agency=agency, cause=cause, on=on, reason=reason)
        for part, agency in served
        if gone(part, agency)
    )
    return replace(line, lost=(*line.lost, *lost))


def _without(taken: TakenOver, left_out: Agency) -> TakenOver:
    return replace(taken, beneficiaries=tuple(a for a in taken.beneficiaries if a != left_out))
