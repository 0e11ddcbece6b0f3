"""A row of a file of posts, converted: its columns, what they may hold, and what they say.

Two headings are known: that of the joint network, which names each post, and that of the sourced
posts of many years, which names agency and city.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from coordination.conversion import Malformed, read
from coordination.importing.sheet import Row
from coordination.importing.wanted import NOT_STATED, Notes, Situation, listed, slug
from schemas.post import AnnouncePost
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
# What the status column says, by the words it begins with. "closing": decided, not carried out.
STATUSES = MappingProxyType(
    {
        "open": "open",
        "opened": "open",
        "undated": "open",
        "vacant": "vacant",
        "closure": "closing",
        "closing": "closing",
        "being wound down": "closing",
        "closed": "closed",
        "post to be created": "announced",
        "announced": "announced",
    }
)
AGREEMENT = date(2005, 1, 1)  # of what has no date at all we know that the agreement is of 2005
NETWORK = date(2023, 1, 1)  # the network of 2023 names no days within the year
YEARS = range(1990, 2101)  # as schemas/period.py has it
# Areas that only a note tells; elsewhere the area is the country of the post.
AREAS = MappingProxyType({("LT", "Vilnius"): ("LT", "LV", "EE")})
EU_INSTITUTIONS = "EU institutions"
UNKNOWN = "unknown"


class Stated(Struct, frozen=True, kw_only=True):
    """A row, converted: the announcement it asks for, and what else it tells."""

    row: Row
    announcement: AnnouncePost
    beneficiaries: tuple[Agency, ...]
    state: str


def columns_of(row: Row) -> Mapping[str, str]:
    """The column that each field of a message is made of."""
    return {
        "area": "country_iso2",
        "beneficiary": _shared(row),
        "function": "function" if "function" in row.cells else "type",
        "places": "country_iso2",
        "places.city": "city",
        "places.latitude": "latitude",
        "places.longitude": "longitude",
        "post": "post" if row.cells.get("post") else "city",
        "provenance": "note",
        "provenance.source": "source" if row.cells.get("source") else "provenance",
        "reason": "status",
    }


def names(rows: list[Row], situation: Situation) -> dict[int, str]:
    """
    An identifier for each row: what the file calls the post, else agency and city.

    Two functions of an agency in one city are two posts: the first by name keeps the plain
    identifier, whatever the order of the rows.
    """
    named, offices = {}, dict[str, list[Row]]()
    for row in rows:
        if post := row.cells.get("post"):
            named[row.number] = f"post-{post}"
        else:
            office = f"post-{_owner(row, situation)[0]}-{slug(row.cells['city'])}"
            offices.setdefault(office, []).append(row)
    for plain, there in offices.items():
        functions = sorted(Counter(map(function_of, there)), key=str.casefold)
        for row in there:
            place = functions.index(function_of(row))
            named[row.number] = f"{plain}-{slug(functions[place])}" if place else plain
    return named


def function_of(row: Row) -> str:
    return row.cells.get("function") or row.cells.get("type") or ""


def converted(row: Row, post: str, situation: Situation, notes: Notes) -> Stated | None:
    """What a row says of the post of this identifier; None where it is mistaken."""
    cells = row.cells
    owner, operator = _owner(row, situation)
    if operator is None and cells["operating_agency"] != UNKNOWN:
        allowed = ", ".join((*sorted(situation.known.agencies), UNKNOWN))
        notes.on(row, "operating_agency", "expected.agency", allowed=allowed)
    state = _state(cells.get("status", ""))
    if state is None:
        notes.on(row, "status", "expected.one-of", allowed=", ".join(STATUSES))
    beneficiaries = listed(cells.get(_shared(row), ""))
    for beneficiary in beneficiaries:
        if beneficiary not in situation.known.agencies:
            allowed = ", ".join(sorted(situation.known.agencies))
            notes.on(row, _shared(row), "expected.agency", allowed=allowed)
    notes.not_spoken_for(row, "operating_agency", (owner,), situation)
    day = _day(row, notes)
    raw: dict[str, Any] = {
        "by": owner,
        "effective": day or situation.today,
        "post": post,
        "operated_by": operator,
        "function": function_of(row),
        "places": [
            {
                "country": cells["country_iso2"],
                "city": cells["city"],
                "latitude": cells.get("latitude", ""),
                "longitude": cells.get("longitude", ""),
            }
        ],
        "area": _area(cells["country_iso2"], cells["city"]),
        "provenance": _provenance(row),
    }
    try:
        announcement = read(AnnouncePost, raw, situation.known, text=True)
    except Malformed as malformed:
        # A mistake in the area is one in the place, and told there.
        problems = [one for one in malformed.problems if not one.field.startswith("area")]
        notes.of_fields(row, problems, columns_of(row))
        return None
    if state is None or row.number in notes.wrong:
        return None
    return Stated(row=row, announcement=announcement, beneficiaries=beneficiaries, state=state)


def _owner(row: Row, situation: Situation) -> tuple[Agency, Agency | None]:
    """Who keeps the record, and who operates the post, where the source says so."""
    operator = row.cells["operating_agency"]
    if operator in situation.known.agencies:
        return operator, operator
    return situation.settings.secretariat, None


def _shared(row: Row) -> str:
    return "available_to" if "available_to" in row.cells else "shared_with"


def _state(status: str) -> str | None:
    if not status:
        return "open"
    begins = [begin for begin in STATUSES if re.match(rf"{begin}(?= |$)", status)]
    return STATUSES[begins[0]] if begins else None


def _day(row: Row, notes: Notes) -> date | None:
    """The day a status names, else the first of its year, else of the row's year."""
    status, year = row.cells.get("status", ""), row.cells.get("year", "")
    if found := re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", status):
        try:
            return date.fromisoformat(found[0])
        except ValueError:
            notes.on(row, "status", "expected.date")
            return None
    if "year" not in row.cells:
        return NETWORK
    for column, text in (("status", status), ("year", year)):
        if written := re.search(r"\b[0-9]{4}\b", text):
            if int(written[0]) in YEARS:
                return date(int(written[0]), 1, 1)
            least, most = YEARS[0], YEARS[-1]
            notes.on(row, column, "expected.whole-number-between", least=least, most=most)
            return None
    return AGREEMENT


def _area(country: str, city: str) -> list[dict[str, Any]]:
    if (country, city) == ("BE", "Brussels"):
        return [{"country": "BE", "within": EU_INSTITUTIONS}]
    return [{"country": code} for code in AREAS.get((country, city), (country,))]


def _provenance(row: Row) -> dict[str, Any] | None:
    said = row.cells.get("provenance", "")
    kept = ("note", "status") if not said else ("note",)
    notes = "; ".join(one for one in (said, *(row.cells.get(name, "") for name in kept)) if one)
    source = row.cells.get("source") or said
    if not source and not notes:
        return None
    return {
        "source": source or NOT_STATED,
        "illustrative": "illustrative" in said,
        "note": notes,
    }
