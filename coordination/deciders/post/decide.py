"""From a command about a post to the function that decides it: one per verb."""

from typing import assert_never

from coordination.deciders.post import area, life
from coordination.deciders.post.state import Post
from coordination.deciders.rejection import Rejected
from schemas.message import owner_of
from schemas.post import (
    AnnouncePost,
    ChangeArea,
    ClosePost,
    DecideClosing,
    HandOverArea,
    OpenPost,
    PostCommand,
    PostEvent,
    RelocatePost,
    RevisePost,
    SharePost,
    StaffPost,
    StopSharing,
    TakeOverArea,
    VacatePost,
    WithdrawClosing,
)


def decide(post: Post | None, command: PostCommand) -> list[PostEvent]:
    if isinstance(command, AnnouncePost):
        return life.announce(post, command)
    if post is None:
        raise Rejected("post.unknown", post=command.post)
    only_the_operator(command)
    if command.effective < post.since:
        raise Rejected(
            "post.before-announced",
            effective=command.effective.isoformat(),
            announced=post.since.isoformat(),
        )
    match command:
        case WithdrawClosing():
            return life.withdraw_closing(post, command)
        case ClosePost():
            return area.close(post, command)
        case _ if post.closed is not None:
            raise Rejected("post.closed", post=command.post, on=post.closed.effective.isoformat())
        case OpenPost():
            return life.open_(post, command)
        case StaffPost():
            return life.staff(post, command)
        case VacatePost():
            return life.vacate(post, command)
        case RelocatePost():
            return life.relocate(post, command)
        case ChangeArea():
            return area.change_area(post, command)
        case SharePost():
            return area.share(post, command)
        case StopSharing():
            return area.stop_sharing(post, command)
        case HandOverArea():
            return area.hand_over(post, command)
        case TakeOverArea():
            return area.take_over(post, command)
        case DecideClosing():
            return life.decide_closing(post, command)
        case RevisePost():
            return life.revise(post, command)
        case _:
            assert_never(command)


def only_the_operator(command: PostCommand) -> None:
    operator = owner_of(command.post)
    if command.by != operator:
        raise Rejected("post.not-the-operator", agency=command.by, operator=operator)
