"""How people write structured values on one line: in a terminal, a spreadsheet cell, a form.

    a period      2027-03-21/2027-03-25   2027-03-21   2027-03   2027-Q1   2027-H1   2027   undated
    a place       VN   VN Hanoi   VN Hanoi @21.0278,105.8342
    an area part  VN   IN South India
    money         80000   80000 EUR
    a count       54 companies   >=54 participations   >10 SMEs   ~40 operators
    a head        awex=12
    a succession  VN=post-awex-hanoi@2026-12-31:hub+fit   CU=nobody@2026-12-31:hub
    a leg         VN Hanoi, 2027-03-21/2027-03-25, awex
    observation   any sentence

Each function turns the text into the plain data of the JSON form, for the same checks to follow;
it raises ValueError where the text has not the form, and leaves the values' own checks to them.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from schemas.action import Leg
from schemas.cycle import Head, Observation
from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear
from schemas.post import AreaPart, Succession
from schemas.vocabulary import Money, Place, Qualified, Qualifier

_DAY = r"\d{4}-\d{2}-\d{2}"
_PERIODS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (rf"({_DAY})(?:/|\.\.)({_DAY})", "days", ("start", "end")),
    (r"(\d{4})-(\d{2})", "month", ("year", "month")),
    (r"(\d{4})-Q(\d)", "quarter", ("year", "quarter")),
    (r"(\d{4})-H(\d)", "half-year", ("year", "half")),
    (r"(\d{4})", "year", ("year",)),
    (r"undated", "undated", ()),
)
_QUALIFIERS = {
    "": Qualifier.EXACTLY,
    ">=": Qualifier.AT_LEAST,
    ">": Qualifier.MORE_THAN,
    "~": Qualifier.ABOUT,
}


def period(text: str) -> dict[str, Any]:
    if re.fullmatch(_DAY, text):
        return {"period": "days", "start": text, "end": text}
    for form, tag, fields in _PERIODS:
        if found := re.fullmatch(form, text):
            numbers = found.groups() if tag == "days" else map(int, found.groups())
            return {"period": tag, **dict(zip(fields, numbers, strict=True))}
    raise ValueError(text)


def days(text: str) -> dict[str, Any]:
    read = period(text)
    if read.pop("period") != "days":
        raise ValueError(text)
    return read


def place(text: str) -> dict[str, Any]:
    found = _match(r"(?P<country>\S+)(?: (?P<city>[^@]+?))?(?: ?@(?P<at>.+))?", text)
    read: dict[str, Any] = {"country": found["country"], "city": found["city"]}
    if found["at"]:
        latitude, _, longitude = found["at"].partition(",")
        read |= {"latitude": float(latitude), "longitude": float(longitude)}
    return read


def area_part(text: str) -> dict[str, Any]:
    country, _, within = text.partition(" ")
    return {"country": country, "within": within.strip() or None}


def money(text: str) -> dict[str, Any]:
    found = _match(r"(?P<amount>-?[\d.]+)(?: (?P<currency>[A-Za-z]+))?", text)
    return {"amount": found["amount"], "currency": found["currency"] or "EUR"}


def qualified(text: str) -> dict[str, Any]:
    found = _match(r"(?P<qualifier>>=|>|~|) ?(?P<value>\d+) (?P<unit>.+)", text)
    return {
        "value": int(found["value"]),
        "unit": found["unit"],
        "qualifier": _QUALIFIERS[found["qualifier"]].value,
    }


def head(text: str) -> dict[str, Any]:
    found = _match(r"(?P<ledger>[^=]+)=(?P<seq>\d+)", text)
    return {"ledger": found["ledger"], "seq": int(found["seq"])}


def succession(text: str) -> dict[str, Any]:
    found = _match(r"(?P<part>[^=]+)=(?P<to>[^@]+)@(?P<day>[^:]+):(?P<agencies>.+)", text)
    return {
        **area_part(found["part"].strip()),
        "to": None if found["to"] == "nobody" else found["to"],
        "from_day": found["day"],
        "beneficiaries": found["agencies"].split("+"),
    }


def leg(text: str) -> dict[str, Any]:
    where, when, *leader = [part.strip() for part in text.split(",")]
    return {"place": place(where), "period": period(when), "leader": leader[0] if leader else None}


def observation(text: str) -> dict[str, Any]:
    return {"text": text}


def _match(form: str, text: str) -> re.Match[str]:
    if found := re.fullmatch(form, text):
        return found
    raise ValueError(text)


def of(kind: type) -> Callable[[str], dict[str, Any]] | None:
    """The reader of a Struct's short form; None where it has none."""
    return READERS.get(kind)


READERS: Mapping[type, Callable[[str], dict[str, Any]]] = MappingProxyType(
    {
        Days: days,
        Place: place,
        AreaPart: area_part,
        Money: money,
        Qualified: qualified,
        Head: head,
        Succession: succession,
        Leg: leg,
        Observation: observation,
    }
)


def written(value: msgspec.Struct) -> str:
    """A period, place, area part, money or count as one line: what the readers above read."""
    match value:
        case Days(start, end) if start == end:
            return start.isoformat()
        case Days(start, end):
            return f"{start.isoformat()}/{end.isoformat()}"
        case Month(year, month):
            return f"{year}-{month:02}"
        case Quarter(year, quarter):
            return f"{year}-Q{quarter}"
        case HalfYear(year, half):
            return f"{year}-H{half}"
        case WholeYear(year):
            return str(year)
        case Undated():
            return "undated"
        case Place():
            return value.country + (f" {value.city}" if value.city else "") + _coordinates(value)
        case AreaPart():
            return value.country + (f" {value.within}" if value.within else "")
        case Money():
            return f"{value.amount:f} {value.currency}"
        case Qualified():
            sign = next(sign for sign, each in _QUALIFIERS.items() if each == value.qualifier)
            return f"{sign}{value.value} {value.unit}"
    raise TypeError(f"{type(value).__name__} has no short form")


def _coordinates(place: Place) -> str:
    if place.latitude is None or place.longitude is None:
        return ""
    return f" @{place.latitude},{place.longitude}"


PERIOD_KINDS = frozenset(Period.__args__)
WRITTEN_KINDS = PERIOD_KINDS | {Place, AreaPart, Money, Qualified}
