"""A file of posts: each row as the commands that announce, open, share, vacate or close a post."""

from datetime import date
from typing import Any

from coordination.importing.post_rows import (
    OPTIONAL,
    REQUIRED,
    Stated,
    columns_of,
    converted,
    names,
)
from coordination.importing.sheet import Row
from coordination.importing.wanted import Notes, Situation, Wanted, differing
from projections import posts
from projections.post_line import PostLine
from projections.read_model import Moment
from schemas.period import Undated
from schemas.post import (
    AreaPart,
    ClosePost,
    DecideClosing,
    OpenPost,
    PostChanges,
    RelocatePost,
    RevisePost,
    SharePost,
    StopSharing,
    Succession,
    VacatePost,
)
from schemas.recorded_event import AnyCommand

__all__ = ["NAME", "OPTIONAL", "REQUIRED", "TAKEN", "columns_of", "wanted"]

NAME, TAKEN = "post", "post.already-announced"


def wanted(rows: list[Row], situation: Situation, notes: Notes) -> list[Wanted]:
    """What the rows ask for, beyond what stands already. Mistakes go to the notes."""
    standing = situation.questions.posts(Moment()).lines
    told = situation.told(posts.evolve)
    named = names(rows, situation)
    found = []
    for row in rows:
        post = named[row.number]
        stated = converted(row, post, situation, notes)
        if stated is not None:
            line = standing.get(post)
            commands = (
                _new(stated) if line is None else _changed(stated, line, told.get(post), situation)
            )
            found.append(Wanted(post, (row.number,), tuple(commands)))
        notes.done()
    return found


def _new(stated: Stated) -> list[AnyCommand]:
    announcement = stated.announcement
    by, post, day = announcement.by, announcement.post, announcement.effective
    commands: list[AnyCommand] = [announcement]
    if stated.state != "announced":
        commands.append(OpenPost(by=by, effective=day, post=post, place=announcement.places[0]))
    for beneficiary in stated.beneficiaries:
        commands.append(SharePost(by=by, effective=day, post=post, beneficiary=beneficiary))
    return [*commands, *_state_commands(stated, announcement.area, day)]


def _state_commands(stated: Stated, area: tuple[AreaPart, ...], day: date) -> list[AnyCommand]:
    by, post = stated.announcement.by, stated.announcement.post
    said = stated.row.cells.get("status") or "as the source's file has it"
    if stated.state == "vacant":
        return [VacatePost(by=by, effective=day, post=post, reason=said)]
    if stated.state == "closing":
        return [DecideClosing(by=by, effective=day, post=post, expected=Undated(), reason=said)]
    if stated.state == "closed":
        served = tuple(dict.fromkeys((by, *stated.beneficiaries)))
        successions = tuple(
            Succession(
                country=part.country,
                within=part.within,
                to=None,  # no column of the file names a successor
                from_day=day,
                beneficiaries=served,
            )
            for part in area
        )
        return [ClosePost(by=by, effective=day, post=post, reason=said, successions=successions)]
    return []


def _changed(
    stated: Stated, line: PostLine, told: PostLine | None, situation: Situation
) -> list[AnyCommand]:
    """What the file says otherwise than it stands; a source older than that tells nothing new."""
    announcement = stated.announcement
    day = announcement.effective
    if day < line.announced_on or line.closed is not None:
        return []
    by, post = announcement.by, announcement.post
    day = max(day, situation.today)
    place = announcement.places[0]
    commands: list[AnyCommand] = []
    moved = told is None or told.place != place
    if line.place is None and stated.state != "announced":
        commands.append(OpenPost(by=by, effective=day, post=post, place=place))
    elif line.place is not None and line.place.city != place.city and moved:
        commands.append(
            RelocatePost(
                by=by, effective=day, post=post, place=place, reason="the imported file says so"
            )
        )
    elif line.place is not None and line.place != place and moved:
        changes = PostChanges(place=place)
        commands.append(RevisePost(by=by, effective=day, post=post, changes=changes))
    texts: dict[str, Any] = differing(announcement, line, told, ("function", "provenance"))
    if texts:
        commands.append(RevisePost(by=by, effective=day, post=post, changes=PostChanges(**texts)))
    commands += _sharing(stated, line, told, day)
    known = {line.state.value, told.state.value if told else None}
    if stated.state in ("vacant", "closing", "closed") and stated.state not in known:
        commands += _state_commands(stated, line.area, day)
    return commands


def _sharing(stated: Stated, line: PostLine, told: PostLine | None, day: date) -> list[AnyCommand]:
    """Whom the file names anew is added; whom files had added and it names no more, is taken off.
    What people have shared or stopped since, stays so."""
    by, post = stated.announcement.by, stated.announcement.post
    before = told.shared_with if told else ()
    added: list[AnyCommand] = [
        SharePost(by=by, effective=day, post=post, beneficiary=one)
        for one in stated.beneficiaries
        if one not in (*line.shared_with, *before)
    ]
    dropped: list[AnyCommand] = [
        StopSharing(
            by=by,
            effective=day,
            post=post,
            beneficiary=one,
            reason="the imported file names it no more",
        )
        for one in before
        if one in line.shared_with and one not in stated.beneficiaries
    ]
    return [*added, *dropped]
