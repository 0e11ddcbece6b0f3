"""A file of missions: each row, or each series of postponed rows, as commands.

A mission that others lead is kept by the secretariat, which then is one of those that join.
Co-organisers that are agencies ask and are accepted in their own names: an import may do so only
where the node speaks for each of them.
"""

from datetime import date
from itertools import pairwise
from typing import Any

from msgspec import structs

from coordination.importing.dates import first_day, known_from, last_day
from coordination.importing.mission_rows import OPTIONAL, REQUIRED, Stated, columns_of, converted
from coordination.importing.sheet import Row
from coordination.importing.wanted import Notes, Situation, Wanted, differing, slug
from projections import missions
from projections.mission_line import MissionLine
from projections.read_model import Moment
from schemas.action import MissionChanges
from schemas.co_organisation import AcceptCoOrganisation, RequestCoOrganisation, Terms
from schemas.mission import (
    CancelMission,
    CorrectMission,
    HoldMission,
    PublishMission,
    RescheduleMission,
    ReviseMission,
)
from schemas.period import Period, Undated
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency

__all__ = ["NAME", "OPTIONAL", "REQUIRED", "TAKEN", "columns_of", "wanted"]

NAME, TAKEN = "title", "mission.already-published"
REVISED = (
    "title",
    "action",
    "places",
    "sectors",
    "themes",
    "coordinated_by",
    "partners",
    "cost",
    "provenance",
)
POSTPONED = "postponed, as the source's file has it"
CANCELLED = "cancelled, as the source's file has it"
CORRECTED = "the imported file says otherwise"


def wanted(rows: list[Row], situation: Situation, notes: Notes) -> list[Wanted]:
    """What the rows ask for, beyond what stands already. Mistakes go to the notes."""
    standing = situation.questions.missions(Moment()).lines
    told = situation.told(missions.evolve)
    found = []
    for group in _grouped(rows):
        right = []
        for row in group:
            if one := converted(row, _words_of_id(group), situation, notes):
                right.append(one)
            notes.done()
        if len(right) == len(group):
            stream = right[-1].publication.mission
            line = standing.get(stream)
            commands = (
                _new(right, situation)
                if line is None
                else _changed(right, line, told.get(stream), situation)
            )
            numbers = tuple(row.number for row in group)
            found.append(Wanted(stream, numbers, tuple(commands)))
    return found


def _grouped(rows: list[Row]) -> list[list[Row]]:
    """
    Rows that are one mission: those postponed in a series and type, and the row they led to, in
    order of their dates. Any other row is a mission by itself.
    """
    groups: list[list[Row]] = []
    series: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.cells.get("series"):
            series.setdefault((row.cells["series"], row.cells["type"]), []).append(row)
        else:
            groups.append([row])
    for members in series.values():
        chain: list[Row] = []
        for row in sorted(members, key=_by_date):
            chain.append(row)
            if row.cells["status"] != "postponed":
                groups.append(chain)
                chain = []
        if chain:
            groups.append(chain)
    return sorted(groups, key=lambda group: min(row.number for row in group))


def _by_date(row: Row) -> tuple[bool, str, str]:
    """An undated row comes last; of two on one day, their titles decide and not their order."""
    start = row.cells["start_date"]
    return not start, start, row.cells["title"]


def _words_of_id(group: list[Row]) -> str:
    """No part of it changes with the dates: a mission that moves stays the same mission."""
    one = group[0].cells
    return slug(one.get("series", "") if one["status"] == "postponed" else "") or slug(one["title"])


def _new(stated: list[Stated], situation: Situation) -> list[AnyCommand]:
    today, periods = situation.today, _chain(stated)
    since = known_from(periods, today)
    last = stated[-1]
    publication = structs.replace(last.publication, effective=since, period=periods[0])
    commands: list[AnyCommand] = [publication]
    for place, (before, after) in enumerate(pairwise(periods)):
        # At the latest on the first day of the period it left, a postponement was known.
        day = max(since, first_day(before, today))
        commands.append(_moved(publication, after, day, _why(stated, place)))
    commands += _joined(last, (), since)
    return [*commands, *_ended(last, today, since)]


def _chain(stated: list[Stated]) -> tuple[Period, ...]:
    """The periods one after another; postponed once more, the last has no date yet."""
    periods = [one.publication.period for one in stated]
    if stated[-1].status == "postponed":
        periods.append(Undated())
    return tuple(periods)


def _why(stated: list[Stated], place: int) -> str:
    """Why a period was left: what its row notes."""
    row = stated[place].row if 0 <= place < len(stated) else None
    noted = row.cells.get("notes", "") if row and row.cells["status"] == "postponed" else ""
    return noted or POSTPONED


def _moved(
    publication: PublishMission, period: Period, day: date, reason: str
) -> RescheduleMission:
    return RescheduleMission(
        by=publication.by,
        effective=day,
        mission=publication.mission,
        period=period,
        reason=reason,
    )


def _joined(last: Stated, already: tuple[Agency, ...], since: date) -> list[AnyCommand]:
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


def _ended(last: Stated, today: date, since: date) -> list[AnyCommand]:
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
        reason = last.row.cells.get("notes") or CANCELLED
        day = max(since, first_day(when, today))
        return [CancelMission(by=by, effective=day, mission=mission, reason=reason)]
    return []


def _changed(
    stated: list[Stated], line: MissionLine, told: MissionLine | None, situation: Situation
) -> list[AnyCommand]:
    """What the file says otherwise than it stands. A period the mission already had is no news,
    and a word with an agency that was spoken since is not spoken again."""
    if line.ending is not None:
        return []
    last, today = stated[-1], situation.today
    publication = last.publication
    day = max(line.published_on, today)
    changes: dict[str, Any] = differing(publication, line, told, REVISED)
    if line.held_on is not None:
        return _corrected(last, line, told, changes, day)
    commands: list[AnyCommand] = []
    if changes:
        commands.append(
            ReviseMission(
                by=publication.by,
                effective=day,
                mission=publication.mission,
                changes=MissionChanges(**changes),
            )
        )
    for place, period in _steps(stated, line):
        commands.append(_moved(publication, period, day, _why(stated, place - 1)))
    spoken = tuple(one.agency for one in line.co_organisations)
    commands += _joined(last, spoken, day)
    return [*commands, *_ended(last, today, day)]


def _steps(stated: list[Stated], line: MissionLine) -> list[tuple[int, Period]]:
    """The periods of the file's chain, with their places, that come after those already had."""
    had, periods = _had(line), _chain(stated)
    known = [place for place, period in enumerate(periods) if period in had]
    start = known[-1] + 1 if known else 0
    return [(place, periods[place]) for place in range(start, len(periods))]


def _had(line: MissionLine) -> tuple[Period, ...]:
    return (*(before.period for before in line.chain), line.period)


def _corrected(
    last: Stated,
    line: MissionLine,
    told: MissionLine | None,
    changes: dict[str, Any],
    day: date,
) -> list[AnyCommand]:
    """What was held is only corrected."""
    publication = last.publication
    when = publication.period
    moved = last.status != "postponed" and when not in _had(line)
    outcome = differing(last, line, told, ("participants", "results"))
    participants = last.participants if "participants" in outcome else ()
    results = last.results if "results" in outcome else None
    if not (changes or moved or participants or results):
        return []
    return [
        CorrectMission(
            by=publication.by,
            effective=day,
            mission=publication.mission,
            changes=MissionChanges(**changes),
            period=when if moved else None,
            participants=participants or None,
            results=results,
            reason=CORRECTED,
            source=last.row.cells.get("source") or None,
        )
    ]
