"""How often things are in the agencies' work: counted in the files of the repository where they
tell, else as DOMAIN §1 has it, else an assumption, and marked so."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from random import Random
from typing import TypeVar

from coordination.importing.words import sectors
from coordination.reference import country_name
from schemas.action import ActionType, ProgrammeItem
from schemas.co_organisation import Standing
from schemas.vocabulary import AWEX, FIT, HUB, Agency, Place, Sector, Title

DATA = files("coordination.demo_data")
Value = TypeVar("Value")

# Actions a year: hub.brussels about 150, AWEX 151 to 174, the three about 450 [DOMAIN §1].
A_YEAR: Mapping[Agency, int] = {HUB: 150, AWEX: 163, FIT: 137}
# Royal ones among those of the secretariat, which keeps the record [DOMAIN §1].
ROYAL_A_YEAR: Mapping[ActionType, int] = {
    ActionType.STATE_VISIT: 2,
    ActionType.PRINCELY_MISSION: 2,
}
# About 40 of 150 are missions [DOMAIN §1]; how the others divide is an assumption.
TYPES: Mapping[ActionType, int] = {
    ActionType.AGENCY_MISSION: 21,
    ActionType.MINISTERIAL_MISSION: 4,
    ActionType.GROUP_STAND: 22,
    ActionType.FAIR_PARTICIPATION: 12,
    ActionType.SEMINAR: 14,
    ActionType.BUYERS_INVITATION: 9,
    ActionType.INCOMING_DELEGATION: 6,
    ActionType.FACT_FINDING: 4,
    ActionType.EXPO_WEEK: 2,
    ActionType.BRUSSELS_DAYS: 1,
    ActionType.INSTITUTIONAL_MISSION: 2,
    ActionType.OFFICE_OPENING: 1,
    ActionType.OTHER: 2,
}
MISSIONS = frozenset({ActionType.AGENCY_MISSION, ActionType.MINISTERIAL_MISSION})
# How the talks of an action end, by how many other agencies ask: an assumption, for no source
# counts tags. Of what is not royal, about 68 in a hundred stay uni-regional.
WISHES: Mapping[tuple[Standing, ...], int] = {
    (): 55,
    (Standing.DECLINED,): 6,
    (Standing.WITHDRAWN,): 5,
    (Standing.ACCEPTED,): 19,
    (Standing.ACCEPTED, Standing.DECLINED): 3,
    (Standing.DECLINED, Standing.DECLINED): 2,
    (Standing.ACCEPTED, Standing.ACCEPTED): 10,
}
# What becomes of what was planned: an assumption, after the fates in missions-sourced.csv.
HELD, POSTPONED, CANCELLED, REPLACED = "held", "postponed", "cancelled", "replaced"
FATES: Mapping[str, int] = {HELD: 80, POSTPONED: 11, CANCELLED: 7, REPLACED: 2}
PRECISIONS: Mapping[str, int] = {
    "days": 20,
    "month": 40,
    "quarter": 25,
    "half-year": 8,
    "year": 4,
    "undated": 3,
}
PROGRAMME = tuple(ProgrammeItem)
PARTNERS = (
    "Agoria",
    "Belgian Foreign Trade Agency",
    "Brussels International",
    "citydev.brussels",
    "Digital Wallonia",
    "Essenscia",
    "Fevia",
    "finance&invest.brussels",
    "Flemish Industry Forum",
    "innoviris.brussels",
    "visit.brussels",
    "Wallonie-Bruxelles International",
)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


@cache
def countries() -> Mapping[str, int]:
    """Destinations: those of the sourced missions, three times as likely as a post's country."""
    counted: Counter[str] = Counter()
    for row in rows("missions-sourced.csv"):
        counted.update(dict.fromkeys(row["country_iso2"].split(";"), 3))
    counted.update(row["country_iso2"] for row in rows("network-2023.csv"))
    return {code: times for code, times in sorted(counted.items()) if len(code) == 2}


@cache
def cities() -> Mapping[str, tuple[Place, ...]]:
    """Cities by country, with their place on the map where the network has a post there."""
    found: dict[str, dict[str, Place]] = {}
    for place in _places():
        found.setdefault(place.country, {}).setdefault(place.city or "", place)
    return {code: tuple(there.values()) for code, there in found.items()}


def _places() -> Iterator[Place]:
    for row in rows("network-2023.csv"):
        yield place_of(row)
    for row in rows("missions-sourced.csv"):
        named = [city.strip() for city in row["cities"].split(";") if city.strip()]
        if ";" not in row["country_iso2"]:  # else which city lies where is not said
            yield from (Place(country=row["country_iso2"], city=city) for city in named)


def place_of(row: Mapping[str, str]) -> Place:
    return Place(
        country=row["country_iso2"],
        city=row["city"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
    )


@cache
def themes() -> Mapping[Sector, tuple[str, ...]]:
    """The words of the sources, by sector."""
    found: dict[Sector, dict[str, None]] = {}
    for row in rows("missions-sourced.csv"):
        for theme in filter(None, row["sectors"].split(";")):
            for sector in sectors((theme,)):
                found.setdefault(sector, {})[theme] = None
    return {sector: tuple(words) for sector, words in sorted(found.items())}


@cache
def sector_shares() -> Mapping[Sector, int]:
    counted = Counter(
        sector
        for row in rows("missions-sourced.csv")
        for sector in sectors(tuple(filter(None, row["sectors"].split(";"))))
    )
    return {sector: counted[sector] for sector in sorted(counted)}


def drawn(random: Random, shares: Mapping[Value, int]) -> Value:
    return random.choices(tuple(shares), tuple(shares.values()))[0]


def place(random: Random, country: str) -> Place:
    known = cities().get(country)
    return random.choice(known) if known else Place(country=country)


# fr, nl, en; the kind of action stands before the country and the number.
_TITLES = {
    ActionType.GROUP_STAND: ("Stand collectif", "Groepsstand", "Group stand"),
    ActionType.FAIR_PARTICIPATION: ("Salon", "Beurs", "Fair"),
    ActionType.SEMINAR: ("Séminaire", "Seminarie", "Seminar"),
    ActionType.BUYERS_INVITATION: ("Invitation d’acheteurs", "Kopersbezoek", "Buyers’ invitation"),
    ActionType.STATE_VISIT: ("Visite d’État", "Staatsbezoek", "State visit"),
}
_MISSION = ("Mission économique", "Economische missie", "Economic mission")


def title(action: ActionType, country: str, year: int, languages: int) -> Title:
    """A title in the first one, two or three of fr, nl, en."""
    said = [
        f"{words} {_country(country, language)} {year}"
        for words, language in zip(_TITLES.get(action, _MISSION), ("fr", "nl", "en"), strict=True)
    ]
    return Title(**dict(zip(("fr", "nl", "en")[:languages], said, strict=False)))


@cache
def _country(code: str, language: str) -> str:
    return country_name(code, language)
