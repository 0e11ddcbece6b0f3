"""A file of posts: each row as the commands that announce, open, share, vacate or close a post.

Two headings are known: that of the joint network, which names each post, and that of the sourced
posts of many years, which names agency and city.
"""

import re
from collections import Counter
from datetime import date
from typing import Any

from msgspec import Struct

from coordination.conversion import Malformed, read
from coordination.importing.sheet import Row
from coordination.importing.wanted import Notes, Situation, Wanted, listed, slug
from projections.post_line import PostLine
from projections.read_model import Moment
from schemas.period import Undated
from schemas.post import (
    AnnouncePost,
    AreaPart,
    ClosePost,
    DecideClosing,
    OpenPost,
    PostChanges,
    PostShared,
    RelocatePost,
    RevisePost,
    SharePost,
    StopSharing,
    Succession,
    VacatePost,
)
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency

REQUIRED = frozenset({"country_iso2", "city", "operating_agency"})
OPTIONAL = frozenset(
    {
        "post",
        "latitude",
        "longitude",
        "function",
        "type",
        "available_to",
        "shared_with",
        "provenance",
        "year",
        "source",
        "status",
        "note",
    }
)
COLUMNS = {"places": "country_iso2", "function": "function", "post": "post", "area": "country_iso2"}
# What the status column says, by how it begins. "closing": decided, and not carried out.
STATUSES = {
    "": "open",
    "open": "open",
    "undated": "open",
    "vacant": "vacant",
    "closure": "closing",
    "closing": "closing",
    "being wound down": "closing",
    "closed": "closed",
    "post to be created": "announced",
    "announced": "announced",
}
AGREEMENT = date(2005, 1, 1)  # of what has no date at all we know that the agreement is of 2005
NETWORK = date(2023, 1, 1)  # the network of 2023 names no days within the year
# Areas that only a note tells; elsewhere the area is the country of the post.
AREAS = {
    "Vilnius": ("LT", "LV", "EE"),
}
EU_INSTITUTIONS = AreaPart(country="BE", within="EU institutions")
FROM_FILE = "import-"  # how the correlation of an imported event begins


class Stated(Struct, frozen=True, kw_only=True):
    row: Row
    announcement: AnnouncePost
    beneficiaries: tuple[Agency, ...]
    state: str


def wanted(rows: list[Row], situation: Situation, notes: Notes) -> list[Wanted]:
    """What the rows ask for, beyond what stands already. Mistakes go to the notes."""
    standing = situation.questions.posts(Moment()).lines
    names = _names(rows, situation)
    found = []
    for row in rows:
        stated = _stated(row, names[row.number], situation, notes)
        if stated is not None:
            post = stated.announcement.post
            line = standing.get(post)
            commands = _new(stated) if line is None else _changed(stated, line, situation)
            found.append(Wanted(post, (row.number,), tuple(commands)))
    return found


def _names(rows: list[Row], situation: Situation) -> dict[int, str]:
    """An identifier for each row. Two functions of an agency in one city are two posts: the first
    by name keeps the plain identifier, whatever the order of the rows."""
    by_office: dict[str, list[Row]] = {}
    for row in rows:
        owner = _owner(row, situation)[0]
        plain = row.cells.get("post") or f"{owner}-{slug(row.cells['city'])}"
        by_office.setdefault(f"post-{plain}", []).append(row)
    names = {}
    for plain, there in by_office.items():
        ordered = sorted(there, key=lambda row: (_function(row).casefold(), row.number))
        again = Counter(_function(row) for row in there)
        for place, row in enumerate(ordered):
            other = f"{plain}-{slug(_function(row))}" if again[_function(row)] == 1 else plain
            names[row.number] = other if place else plain
    return names


def _function(row: Row) -> str:
    return row.cells.get("function") or row.cells.get("type") or ""


def _owner(row: Row, situation: Situation) -> tuple[Agency, Agency | None]:
    """Who keeps the record, and who operates the post, where the source says so."""
    operator = row.cells["operating_agency"]
    if operator in situation.known.agencies:
        return operator, operator
    return situation.settings.secretariat, None


def _stated(row: Row, post: str, situation: Situation, notes: Notes) -> Stated | None:
    before = len(notes.problems)
    cells = row.cells
    owner, operator = _owner(row, situation)
    if operator is None and cells["operating_agency"] != "unknown":
        allowed = ", ".join((*sorted(situation.known.agencies), "unknown"))
        notes.on(row, "operating_agency", "expected.agency", allowed=allowed)
    state = _state(cells.get("status", ""))
    if state is None:
        allowed = ", ".join(begin for begin in STATUSES if begin)
        notes.on(row, "status", "expected.one-of", allowed=allowed)
    shared = "available_to" if "available_to" in cells else "shared_with"
    beneficiaries = listed(cells.get(shared, ""))
    for beneficiary in beneficiaries:
        if beneficiary not in situation.known.agencies:
            allowed = ", ".join(sorted(situation.known.agencies))
            notes.on(row, shared, "expected.agency", allowed=allowed)
    signed_in = situation.settings.agency
    may = (signed_in,) if signed_in else situation.settings.speaks_for
    if owner not in may:
        allowed = ", ".join(may)
        notes.on(row, "operating_agency", "import.not-spoken-for", agencies=owner, allowed=allowed)
    place = {
        "country": cells["country_iso2"],
        "city": cells["city"],
        "latitude": cells.get("latitude", ""),
        "longitude": cells.get("longitude", ""),
    }
    day = _day(row, notes)
    raw: dict[str, Any] = {
        "by": owner,
        "effective": day or situation.today,
        "post": post,
        "operated_by": operator,
        "function": _function(row),
        "places": [place],
        "area": _area(cells["country_iso2"], cells["city"]),
        "provenance": _provenance(row),
    }
    try:
        announcement = read(AnnouncePost, raw, situation.known, text=True)
    except Malformed as malformed:
        for problem in malformed.problems:
            if not problem.field.startswith("area"):  # told of the place already
                column = _column(problem.field)
                notes.on(row, column, f"expected.{problem.expected}", **problem.parameters)
        return None
    if state is None or day is None or len(notes.problems) > before:
        return None
    return Stated(row=row, announcement=announcement, beneficiaries=beneficiaries, state=state)


def _column(field: str) -> str:
    name, _, inner = field.partition(".")
    if inner in ("latitude", "longitude", "city"):
        return inner
    return COLUMNS.get(name.partition("[")[0], name)


def _state(status: str) -> str | None:
    begins = [begin for begin in STATUSES if begin and status.startswith(begin)]
    return STATUSES[max(begins, key=len)] if begins else STATUSES.get(status)


def _day(row: Row, notes: Notes) -> date | None:
    """The day a status names, else the first of its year, else of the row's year."""
    status, year = row.cells.get("status", ""), row.cells.get("year", "")
    if found := re.search(r"\d{4}-\d{2}-\d{2}", status):
        try:
            return date.fromisoformat(found[0])
        except ValueError:
            notes.on(row, "status", "expected.date")
            return None
    if "year" not in row.cells:
        return NETWORK
    if found := re.search(r"\b\d{4}\b", f"{status} {year}"):
        return date(int(found[0]), 1, 1)
    return AGREEMENT


def _area(country: str, city: str) -> list[dict[str, Any]]:
    if (country, city) == ("BE", "Brussels"):
        return [{"country": "BE", "within": EU_INSTITUTIONS.within}]
    return [{"country": code} for code in AREAS.get(city, (country,))]


def _provenance(row: Row) -> dict[str, Any] | None:
    said = row.cells.get("provenance", "")
    kept = ("note", "status") if not said else ("note",)
    notes = "; ".join(one for one in (said, *(row.cells.get(name, "") for name in kept)) if one)
    source = row.cells.get("source") or said
    if not source:
        return None
    return {"source": source, "illustrative": "illustrative" in said, "note": notes}


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


def _changed(stated: Stated, line: PostLine, situation: Situation) -> list[AnyCommand]:
    """What the file says otherwise than it stands; a source older than that tells nothing new."""
    announcement = stated.announcement
    day = announcement.effective
    if day < line.announced_on or line.closed is not None:
        return []
    by, post = announcement.by, announcement.post
    day = max(day, situation.today)
    place = announcement.places[0]
    commands: list[AnyCommand] = []
    if line.place is None and stated.state != "announced":
        commands.append(OpenPost(by=by, effective=day, post=post, place=place))
    elif line.place is not None and line.place.city != place.city:
        commands.append(
            RelocatePost(
                by=by, effective=day, post=post, place=place, reason="the imported file says so"
            )
        )
    elif line.place is not None and line.place != place:
        changes = PostChanges(place=place)
        commands.append(RevisePost(by=by, effective=day, post=post, changes=changes))
    texts = {
        name: getattr(announcement, name)
        for name in ("function", "provenance")
        if getattr(announcement, name) != getattr(line, name)
    }
    if texts:
        commands.append(RevisePost(by=by, effective=day, post=post, changes=PostChanges(**texts)))
    commands += _sharing(stated, line, situation, day)
    state = line.state.value
    if stated.state in ("vacant", "closing", "closed") and stated.state != state:
        commands += _state_commands(stated, line.area, day)
    return commands


def _sharing(stated: Stated, line: PostLine, situation: Situation, day: date) -> list[AnyCommand]:
    """Whom a file adds is added; whom only a file had added and it names no more, is taken off."""
    by, post = stated.announcement.by, stated.announcement.post
    imported = {
        event.data.beneficiary
        for event in situation.questions.events()
        if event.stream == post and event.correlation.startswith(FROM_FILE)
        if isinstance(event.data, PostShared)
    }
    stopped = {stop.beneficiary for stop in line.stopped}
    added: list[AnyCommand] = [
        SharePost(by=by, effective=day, post=post, beneficiary=one)
        for one in stated.beneficiaries
        if one not in line.shared_with
        if one not in stopped
    ]
    dropped: list[AnyCommand] = [
        StopSharing(
            by=by,
            effective=day,
            post=post,
            beneficiary=one,
            reason="the imported file names it no more",
        )
        for one in line.shared_with
        if one in imported
        if one not in stated.beneficiaries
    ]
    return [*added, *dropped]
