"""A file of missions: each row, or each series of postponed rows, as commands.

A row that others lead (the BFTA, the FPS Foreign Affairs …) is kept by the secretariat, which then
is one of those that join. Co-organisers that are agencies ask and are accepted in their own names:
an import may do so only where the node speaks for each of them.
"""

from itertools import pairwise
from typing import Any

from msgspec import Struct, structs

from coordination.conversion import Malformed, read
from coordination.importing import words
from coordination.importing.dates import PRECISIONS, first_day, known_from, last_day, period
from coordination.importing.sheet import Row
from coordination.importing.wanted import Notes, Situation, Wanted, listed, slug
from projections.mission_line import MissionLine
from projections.read_model import Moment
from schemas.mission import (
    AcceptCoOrganisation,
    CancelMission,
    CorrectMission,
    HoldMission,
    MissionChanges,
    PublishMission,
    RequestCoOrganisation,
    RescheduleMission,
    ReviseMission,
    Terms,
)
from schemas.period import Period, Undated
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency, Qualified

REQUIRED = frozenset(
    {
        "title",
        "start_date",
        "end_date",
        "date_precision",
        "country_iso2",
        "lead_agency",
        "type",
        "status",
    }
)
OPTIONAL = frozenset(
    {
        "cities",
        "sectors",
        "co_organisers",
        "cost_or_fee",
        "participants",
        "series",
        "source",
        "notes",
    }
)
STATUSES = ("planned", "held", "cancelled", "postponed")
COLUMNS = {"title": "title", "places": "country_iso2", "action": "type", "cost": "cost_or_fee"}
NOT_STATED = "not stated in the source"
# Where a row names several countries: the cities that are not in the first.
CITIES = {"Hong Kong": "HK", "Dubai": "AE", "Ramallah": "PS"}
REASON = "postponed, as the source's file has it"


class Stated(Struct, frozen=True, kw_only=True):
    """A row, converted: the publication it asks for, and what else it tells."""

    row: Row
    publication: PublishMission
    partners: tuple[Agency, ...]
    status: str
    participants: tuple[Qualified, ...]
    results: str | None


def wanted(rows: list[Row], situation: Situation, notes: Notes) -> list[Wanted]:
    """What the rows ask for, beyond what stands already. Mistakes go to the notes."""
    standing = situation.questions.missions(Moment()).lines
    found = []
    for group in _grouped(rows):
        stated = [_stated(row, group, situation, notes) for row in group]
        right = [one for one in stated if one is not None]
        if len(right) == len(group):
            stream = right[-1].publication.mission
            commands = _commands(right, standing.get(stream), situation)
            numbers = tuple(row.number for row in group)
            found.append(Wanted(stream, numbers, tuple(commands)))
    return found


def _grouped(rows: list[Row]) -> list[list[Row]]:
    """Rows of one series with a postponement among them are one mission, in order of its dates."""
    moved = {
        (row.cells.get("series", ""), row.cells["type"])
        for row in rows
        if row.cells["status"] == "postponed" and row.cells.get("series")
    }
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        series = (row.cells.get("series", ""), row.cells["type"])
        key = series if series in moved else ("", row.cells["title"] or str(row.number))
        groups.setdefault(key, []).append(row)
    return [sorted(group, key=lambda row: row.cells["start_date"]) for group in groups.values()]


def _stated(row: Row, group: list[Row], situation: Situation, notes: Notes) -> Stated | None:
    before = len(notes.problems)
    cells = row.cells
    owner, coordinated_by = _lead(row, situation, notes)
    co_organisers = listed(cells.get("co_organisers", ""))
    known = situation.known.agencies
    partners = tuple(one for one in co_organisers if one in known)
    _speaks_for((owner, *partners), row, situation, notes)
    when = _period(row, notes)
    _one_of("status", STATUSES, row, notes)
    _one_of("type", tuple(words.ACTION_TYPES), row, notes)
    told = cells.get("participants", "")
    counted = words.counts(told)
    held = cells["status"] == "held"
    raw: dict[str, Any] = {
        "by": owner,
        "effective": situation.today,
        "mission": f"mission-{owner}-{_words_of_id(group)}",
        "title": {"en": cells["title"]},
        "action": words.ACTION_TYPES.get(cells["type"], "other"),
        "period": "undated",
        "places": _places(row),
        "sectors": words.sectors(listed(cells.get("sectors", ""))),
        "themes": listed(cells.get("sectors", "")),
        "coordinated_by": coordinated_by,
        "partners": [one for one in co_organisers if one not in known],
        "cost": cells.get("cost_or_fee", ""),
        "provenance": _provenance(row, "" if held else told),
    }
    try:
        publication = read(PublishMission, raw, situation.known, text=True)
    except Malformed as malformed:
        for problem in malformed.problems:
            if problem.field == "mission" and not cells["title"]:
                continue  # the identifier is made of the title, which is missed already
            column = COLUMNS.get(problem.field.partition(".")[0].partition("[")[0], "title")
            notes.on(row, column, f"expected.{problem.expected}", **problem.parameters)
        return None
    if when is None or len(notes.problems) > before:
        return None
    return Stated(
        row=row,
        publication=structs.replace(publication, period=when),
        partners=partners,
        status=cells["status"],
        participants=counted or (),
        results=told or None if counted is None else None,
    )


def _lead(row: Row, situation: Situation, notes: Notes) -> tuple[Agency, str | None]:
    lead = row.cells["lead_agency"]
    if lead in situation.known.agencies:
        return lead, None
    if not lead:
        notes.on(row, "lead_agency", "expected.missing")
    return situation.settings.secretariat, NOT_STATED if lead == "unknown" else lead


def _speaks_for(agencies: tuple[Agency, ...], row: Row, situation: Situation, notes: Notes) -> None:
    """Each agency may only speak for itself, and a person only for the agency signed in."""
    signed_in = situation.settings.agency
    may = (signed_in,) if signed_in else situation.settings.speaks_for
    others = sorted({one for one in agencies if one not in may})
    if others:
        notes.on(
            row,
            "lead_agency",
            "import.not-spoken-for",
            agencies=", ".join(others),
            allowed=", ".join(may),
        )


def _period(row: Row, notes: Notes) -> Period | None:
    start, end = row.cells["start_date"], row.cells["end_date"]
    precision = row.cells["date_precision"]
    if not _one_of("date_precision", PRECISIONS, row, notes):
        return None
    for column, text in (("start_date", start), ("end_date", end)):
        try:
            period(text, text, precision)
        except ValueError:
            notes.on(row, column, "expected.form-period")
            return None
    try:
        return period(start, end, precision)
    except ValueError:
        notes.on(row, "end_date", "expected.rule-period")
        return None


def _one_of(column: str, allowed: tuple[str, ...], row: Row, notes: Notes) -> bool:
    if row.cells[column] in allowed:
        return True
    notes.on(row, column, "expected.one-of", allowed=", ".join(allowed))
    return False


def _words_of_id(group: list[Row]) -> str:
    """No part of it changes with the dates: a mission that moves stays the same mission."""
    one = group[0].cells
    return slug(
        one["series"]
        if len(group) > 1 or (one["status"] == "postponed" and one.get("series"))
        else one["title"]
    )


def _places(row: Row) -> list[dict[str, Any]]:
    countries = listed(row.cells["country_iso2"])
    cities = [one for one in listed(row.cells.get("cities", "")) if not one.startswith("(")]
    if not countries:
        return []
    placed = [
        {
            "country": CITIES.get(one, countries[0]) if len(countries) > 1 else countries[0],
            "city": one,
        }
        for one in cities
    ]
    bare = [one for one in countries if one not in {each["country"] for each in placed}]
    return [*placed, *({"country": one} for one in bare)]


def _provenance(row: Row, participants: str) -> dict[str, Any] | None:
    approximate = (
        "dates are approximate" if row.cells["date_precision"].endswith("approximate") else ""
    )
    notes = "; ".join(one for one in (row.cells.get("notes", ""), participants, approximate) if one)
    source = row.cells.get("source", "")
    return {"source": source, "note": notes} if source else None


def _commands(
    stated: list[Stated], line: MissionLine | None, situation: Situation
) -> list[AnyCommand]:
    if line is None:
        return _new(stated, situation)
    return _changed(stated, line, situation)


def _new(stated: list[Stated], situation: Situation) -> list[AnyCommand]:
    today, periods = situation.today, _chain(stated)
    since = known_from(periods, today)
    last = stated[-1]
    publication = structs.replace(last.publication, effective=since, period=periods[0])
    mission, owner = publication.mission, publication.by
    commands: list[AnyCommand] = [publication]
    for before, after in pairwise(periods):
        # At the latest on the first day of the period it left, a postponement was known.
        moved = RescheduleMission(
            by=owner,
            effective=max(since, first_day(before, today)),
            mission=mission,
            period=after,
            reason=REASON,
        )
        commands.append(moved)
    commands += _joined(last, (), since)
    return [*commands, *_ended(last, today, since)]


def _chain(stated: list[Stated]) -> tuple[Period, ...]:
    """The periods one after another; postponed once more, the last has no date yet."""
    periods = [one.publication.period for one in stated]
    if stated[-1].status == "postponed":
        periods.append(Undated())
    return tuple(periods)


def _joined(last: Stated, already: tuple[Agency, ...], since: Any) -> list[AnyCommand]:
    publication = last.publication
    commands: list[AnyCommand] = []
    for partner in last.partners:
        if partner in already or (partner == publication.by and not publication.coordinated_by):
            continue
        asked = RequestCoOrganisation(
            by=partner, effective=since, mission=publication.mission, terms=Terms()
        )
        accepted = AcceptCoOrganisation(
            by=publication.by, effective=since, mission=publication.mission, partner=partner
        )
        commands += [asked, accepted]
    return commands


def _ended(last: Stated, today: Any, since: Any) -> list[AnyCommand]:
    publication = last.publication
    by, mission, when = publication.by, publication.mission, publication.period
    if last.status == "held":
        day = max(since, last_day(when, today))
        return [
            HoldMission(
                by=by,
                effective=day,
                mission=mission,
                participants=last.participants,
                results=last.results,
            )
        ]
    if last.status == "cancelled":
        reason = last.row.cells.get("notes") or "cancelled, as the source's file has it"
        day = max(since, first_day(when, today))
        return [CancelMission(by=by, effective=day, mission=mission, reason=reason)]
    return []


def _changed(stated: list[Stated], line: MissionLine, situation: Situation) -> list[AnyCommand]:
    """What the file says otherwise than it stands. A period the mission already had is no news,
    and a word with an agency that was spoken since is not spoken again."""
    if line.ending is not None:
        return []
    last, today = stated[-1], situation.today
    publication = last.publication
    by, mission = publication.by, publication.mission
    fields = ("title", "action", "places", "sectors", "themes", "coordinated_by", "partners")
    differing = {
        name: getattr(publication, name)
        for name in (*fields, "cost", "provenance")
        if getattr(publication, name) != getattr(line, name)
    }
    changes = MissionChanges(**differing)
    had = (*(before.period for before in line.chain), line.period)
    when = _chain(stated)[-1]
    moved = when not in had
    day = max(line.published_on, today)
    if line.held_on is not None:
        participants = last.participants if last.participants != line.participants else None
        results = last.results if last.results != line.results else None
        if not (differing or moved or participants or results):
            return []
        return [
            CorrectMission(
                by=by,
                effective=day,
                mission=mission,
                changes=changes,
                period=when if moved else None,
                participants=participants or None,
                results=results,
                reason="the imported file says otherwise",
                source=last.row.cells.get("source") or None,
            )
        ]
    commands: list[AnyCommand] = []
    if differing:
        commands.append(ReviseMission(by=by, effective=day, mission=mission, changes=changes))
    if moved:
        commands.append(
            RescheduleMission(by=by, effective=day, mission=mission, period=when, reason=REASON)
        )
    spoken = tuple(one.agency for one in line.co_organisations)
    commands += _joined(last, spoken, day)
    return [*commands, *_ended(last, today, day)]
