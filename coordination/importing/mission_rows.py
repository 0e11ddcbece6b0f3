"""A row of a file of missions, converted: its columns, what they may hold, and what they say."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct, structs

from coordination.conversion import Malformed, read
from coordination.importing import words
from coordination.importing.dates import PRECISIONS, period
from coordination.importing.sheet import Row
from coordination.importing.wanted import NOT_STATED, Notes, Situation, listed
from schemas.mission import PublishMission
from schemas.period import Period
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
COLUMNS = MappingProxyType(
    {
        "action": "type",
        "coordinated_by": "lead_agency",
        "cost": "cost_or_fee",
        "mission": "title",
        "participants": "participants",
        "partners": "co_organisers",
        "period": "start_date",
        "places": "country_iso2",
        "places.city": "cities",
        "provenance": "notes",
        "provenance.source": "source",
        "reason": "notes",
        "results": "participants",
        "sectors": "sectors",
        "source": "source",
        "themes": "sectors",
        "title": "title",
    }
)
UNKNOWN = "unknown"
# Where a row names several countries: in which of them the cities of the sources are. Elsewhere
# such a row writes the country with the city, as `UY Montevideo`.
CITIES = MappingProxyType(
    {
        "Beijing": "CN",
        "Dubai": "AE",
        "Duqm": "OM",
        "Hong Kong": "HK",
        "Muscat": "OM",
        "Ramallah": "PS",
        "Shanghai": "CN",
        "Tel Aviv": "IL",
    }
)


def columns_of(row: Row) -> Mapping[str, str]:
    """The column that each field of a message is made of: the same in every row."""
    return COLUMNS


class Stated(Struct, frozen=True, kw_only=True):
    """A row, converted: the publication it asks for, and what else it tells."""

    row: Row
    publication: PublishMission
    partners: tuple[Agency, ...]
    status: str
    participants: tuple[Qualified, ...]
    results: str | None


def converted(row: Row, name: str, situation: Situation, notes: Notes) -> Stated | None:
    """
    What a row says of the mission whose identifier ends in `name`; None where it is mistaken.

    A mission that others lead (the BFTA, the FPS Foreign Affairs …) is kept by the secretariat.
    """
    cells, known = row.cells, situation.known.agencies
    owner, coordinated_by = _lead(row, situation, notes)
    co_organisers = listed(cells.get("co_organisers", ""))
    _no_agency("co_organisers", co_organisers, row, situation, notes)
    partners = tuple(one for one in co_organisers if one in known)
    notes.not_spoken_for(row, "lead_agency", (owner,), situation)
    notes.not_spoken_for(row, "co_organisers", partners, situation)
    when = _period(row, notes)
    _one_of("status", STATUSES, row, notes)
    _one_of("type", tuple(words.ACTION_TYPES), row, notes)
    told = cells.get("participants", "")
    counted = words.counts(told)
    raw: dict[str, Any] = {
        "by": owner,
        "effective": situation.today,
        "mission": f"mission-{owner}-{name if cells['title'] else 'untitled'}",
        "title": {"en": cells["title"]},
        "action": words.ACTION_TYPES.get(cells["type"], "other"),
        "period": "undated",
        "places": _places(row, notes),
        "sectors": words.sectors(listed(cells.get("sectors", ""))),
        "themes": listed(cells.get("sectors", "")),
        "coordinated_by": coordinated_by,
        "partners": [one for one in co_organisers if one not in known],
        "cost": cells.get("cost_or_fee", ""),
        "provenance": _provenance(row, "" if cells["status"] == "held" else told),
    }
    try:
        publication = read(PublishMission, raw, situation.known, text=True)
    except Malformed as malformed:
        notes.of_fields(row, malformed.problems, columns_of(row))
        return None
    if when is None or row.number in notes.wrong:
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
    elif lead != UNKNOWN:
        _no_agency("lead_agency", (lead,), row, situation, notes)
    return situation.settings.secretariat, NOT_STATED if lead == UNKNOWN else lead


def _no_agency(
    column: str, names: tuple[str, ...], row: Row, situation: Situation, notes: Notes
) -> None:
    """
    Notes the names that look like the code of an agency and are none of ours: `awx`, `FIT`.

    Other organisations have capitals, blanks or points in their names: BFTA, visit.brussels.
    """
    known = situation.known.agencies
    strange = [
        one
        for one in names
        if one not in known
        if one.casefold() in known or re.fullmatch(r"[a-z][a-z0-9]*", one)
    ]
    if strange:
        unknown = (UNKNOWN,) if column == "lead_agency" else ()
        notes.on(row, column, "expected.agency", allowed=", ".join((*sorted(known), *unknown)))


def _period(row: Row, notes: Notes) -> Period | None:
    start, end = row.cells["start_date"], row.cells["end_date"]
    precision = row.cells["date_precision"]
    if not _one_of("date_precision", PRECISIONS, row, notes):
        return None
    if not start and precision != "undated":
        notes.on(row, "start_date", "expected.missing")
        return None
    form = "expected.date" if precision.startswith("day") else "expected.form-period"
    right = True
    for column, text in (("start_date", start), ("end_date", end or start)):
        try:
            period(text, text, precision)
        except ValueError:
            notes.on(row, column, form)
            right = False
    if not right:
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


def _places(row: Row, notes: Notes) -> list[dict[str, Any]]:
    countries = listed(row.cells["country_iso2"])
    cities = [one for one in listed(row.cells.get("cities", "")) if not one.startswith("(")]
    placed, lost = [], []
    for city in cities:
        code, _, name = city.partition(" ")
        if code in countries and name:
            placed.append({"country": code, "city": name})
        elif len(countries) == 1 or CITIES.get(city) in countries:
            country = countries[0] if len(countries) == 1 else CITIES[city]
            placed.append({"country": country, "city": city})
        else:
            lost.append(city)
    if lost and countries:
        notes.on(row, "cities", "expected.form-place")
    bare = [one for one in countries if one not in {each["country"] for each in placed}]
    return [*placed, *({"country": one} for one in bare)]


def _provenance(row: Row, participants: str) -> dict[str, Any] | None:
    approximate = (
        "dates are approximate" if row.cells["date_precision"].endswith("approximate") else ""
    )
    notes = "; ".join(one for one in (row.cells.get("notes", ""), participants, approximate) if one)
    source = row.cells.get("source", "")
    return {"source": source or NOT_STATED, "note": notes} if source or notes else None
