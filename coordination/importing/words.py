"""What the words of the agencies' files mean in ours: sectors, action types, counts."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from schemas.action import ActionType
from schemas.vocabulary import Qualified, Qualifier, Sector

# A sector is named by words that begin like these; the words themselves are kept as themes.
# What ends in a point is a whole word: "airport" is no "ai".
SECTOR_WORDS: Mapping[Sector, tuple[str, ...]] = MappingProxyType(
    {
        Sector.AGRIFOOD: ("food", "agri", "gastronomy", "brewing", "equine"),
        Sector.CONSTRUCTION: (
            "construction",
            "eco-construction",
            "infrastructure",
            "real estate",
            "passive",
            "urban",
            "smart cities",
        ),
        Sector.CREATIVE: (
            "creative",
            "culture",
            "design",
            "entertainment",
            "heritage",
            "multimedia",
            "video games",
            "archaeology",
        ),
        Sector.DIGITAL: (
            "ai.",
            "cybersecurity",
            "digital",
            "high-tech",
            "ict.",
            "robotics",
            "technology",
            "telecom",
        ),
        Sector.ENERGY: ("decarbon", "energy", "green hydrogen", "renewable"),
        Sector.ENVIRONMENT: (
            "biomass",
            "circular",
            "clean-tech",
            "cleantech",
            "climate",
            "environment",
            "social and environmental",
            "sustainable",
            "water",
        ),
        Sector.FINANCE: ("fintech", "finance"),
        Sector.HEALTH: (
            "bio-engineering",
            "biomed",
            "biotech",
            "health",
            "life sciences",
            "medical",
            "medtech",
            "pharma",
            "green biotech",
        ),
        Sector.INDUSTRY: (
            "aerospace",
            "chemistry",
            "engineering",
            "industrial",
            "steel",
            "textile",
        ),
        Sector.LOGISTICS: ("airport", "logistics", "port", "smart mobility", "transport"),
        Sector.SECURITY: ("defence", "security"),
        Sector.TOURISM: ("tourism",),
        Sector.MULTISECTORAL: ("multisectoral",),
    }
)

# Bi- and tri-regional are no types: the tag follows from consent.
ACTION_TYPES: Mapping[str, ActionType] = MappingProxyType(
    {
        "princely mission": ActionType.PRINCELY_MISSION,
        "state visit": ActionType.STATE_VISIT,
        "royal official visit": ActionType.ROYAL_OFFICIAL_VISIT,
        "royal domestic mission": ActionType.ROYAL_DOMESTIC_MISSION,
        "ministerial mission": ActionType.MINISTERIAL_MISSION,
        "mission": ActionType.AGENCY_MISSION,
        "regional mission": ActionType.AGENCY_MISSION,
        "bi-regional mission": ActionType.AGENCY_MISSION,
        "tri-regional mission": ActionType.AGENCY_MISSION,
        "group participation at fair": ActionType.GROUP_STAND,
        "group participation at festival/fair": ActionType.GROUP_STAND,
        "group stand at fair": ActionType.GROUP_STAND,
        "fair participation": ActionType.FAIR_PARTICIPATION,
        "Brussels Days": ActionType.BRUSSELS_DAYS,
        "incoming mission": ActionType.INCOMING_DELEGATION,
        "expo week": ActionType.EXPO_WEEK,
        "institutional mission": ActionType.INSTITUTIONAL_MISSION,
        "seminar": ActionType.SEMINAR,
        "buyers invitation": ActionType.BUYERS_INVITATION,
        "fact-finding mission": ActionType.FACT_FINDING,
        "office opening": ActionType.OFFICE_OPENING,
    }
)

_NUMBERS = MappingProxyType({"forty": 40, "fifty": 50, "thirty": 30, "sixty": 60})
_QUALIFIERS = MappingProxyType(
    {
        "more than": Qualifier.MORE_THAN,
        "about": Qualifier.ABOUT,
        "nearly": Qualifier.ABOUT,
        "at least": Qualifier.AT_LEAST,
    }
)
_COUNT = re.compile(
    r"^(?P<qualifier>more than|about|nearly|at least)? ?"
    r"(?P<value>[0-9]{1,9}|forty|fifty|thirty|sixty)(?P<plus>\+)? "
    r"(?P<unit>(?!from )[A-Za-z][A-Za-z/ ]*?)(?: \((?!\d)[^)]*\))?(?: for .*)?$"
)


def sectors(themes: tuple[str, ...]) -> tuple[Sector, ...]:
    """The sectors that themes belong to; multisectoral where they belong to none of ours."""
    found = [
        sector
        for sector, beginnings in SECTOR_WORDS.items()
        if any(_begins(theme, beginnings) for theme in themes)
    ]
    return tuple(found) or (Sector.MULTISECTORAL,)


def _begins(theme: str, beginnings: tuple[str, ...]) -> bool:
    """Also what stands after "and" or "sustainable": the latter qualifies a sector, and is one."""
    words = [
        re.escape(one.rstrip(".")) + (r"\b" if one.endswith(".") else "") for one in beginnings
    ]
    return re.search(rf"(?:^|\band |^sustainable )(?:{'|'.join(words)})", theme.lower()) is not None


def counts(text: str) -> tuple[Qualified, ...] | None:
    """
    `84 participants, 55 companies` as counts with their qualifier and unit.

    None where any part is no single count: sources that disagree ("218 or 221 companies") are
    kept as they are written and nobody chooses for them.
    """
    parts = [part.strip() for part in re.split(r"[,;]|\band\b(?= \d)", text) if part.strip()]
    found = [_COUNT.match(part) for part in parts]
    if not all(found):
        return None
    return tuple(_count(one) for one in found if one)


def _count(found: "re.Match[str]") -> Qualified:
    value = found["value"]
    qualifier = _QUALIFIERS.get(found["qualifier"] or "", Qualifier.EXACTLY)
    return Qualified(
        value=int(value) if value.isdigit() else _NUMBERS[value],
        unit=found["unit"].strip(),
        qualifier=Qualifier.AT_LEAST if found["plus"] else qualifier,
    )
