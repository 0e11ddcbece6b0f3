"""The table of missions."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from projections import missions
from projections.engine.projection import Column, Kind, Projection, listed
from projections.mission_line import MissionLine, years_of
from schemas.mission import MissionCorrected, MissionPublished, MissionRescheduled
from schemas.period import bounds


def _start(line: MissionLine) -> date | None:
    days = bounds(line.period)
    return days.start if days else None


def _end(line: MissionLine) -> date | None:
    days = bounds(line.period)
    return days.end if days else None


# The years a mission was ever planned for, in whose plans it may stand; and the year after its
# publication, where what has no date belongs.
YEARS: Mapping[type, Callable[[Any], Iterable[int]]] = MappingProxyType(
    {
        MissionPublished: lambda event: {event.effective.year + 1, *years_of(event.period)},
        MissionRescheduled: lambda event: years_of(event.period),
        MissionCorrected: lambda event: years_of(event.period) if event.period else (),
    }
)
MISSIONS = Projection(
    name="missions",
    subject="mission",
    comment="Economic missions and other actions of the agencies",
    line=MissionLine,
    evolve=missions.evolve,
    years=YEARS,
    columns=(
        Column("owner", Kind.TEXT, "agency that leads it", lambda line: line.owner),
        Column("title_fr", Kind.TEXT, "title in French", lambda line: line.title.fr),
        Column("title_nl", Kind.TEXT, "title in Dutch", lambda line: line.title.nl),
        Column("title_de", Kind.TEXT, "title in German", lambda line: line.title.de),
        Column("title_en", Kind.TEXT, "title in English", lambda line: line.title.en),
        Column("action", Kind.TEXT, "type of action", lambda line: line.action.value),
        Column(
            "state", Kind.TEXT, "where it stands, from what happened", lambda line: line.state.value
        ),
        Column("tag", Kind.TEXT, "how many regions, by consent", lambda line: line.tag.value),
        Column(
            "regions",
            Kind.TEXT,
            "agencies that organise it, the leader first",
            lambda line: listed(line.regions),
        ),
        Column(
            "period",
            Kind.TEXT,
            "days, month, quarter, half-year, year or undated",
            lambda line: line.period.__struct_config__.tag,
        ),
        Column("starts_on", Kind.DATE, "first day of the period; empty: no date", _start),
        Column("ends_on", Kind.DATE, "last day of the period; empty: no date", _end),
        Column(
            "countries",
            Kind.TEXT,
            "ISO 3166-1 alpha-2 codes, legs included",
            lambda line: listed(line.countries),
        ),
        Column(
            "cities",
            Kind.TEXT,
            "cities, legs included",
            lambda line: listed(place.city for place in line.stops if place.city is not None),
        ),
        Column(
            "sectors",
            Kind.TEXT,
            "sectors, by our list",
            lambda line: listed(one.value for one in line.sectors),
        ),
        Column(
            "coordinated_by",
            Kind.TEXT,
            "organisation that coordinates, if none of the agencies does",
            lambda line: line.coordinated_by,
        ),
        Column("published_on", Kind.DATE, "day of its publication", lambda line: line.published_on),
        Column(
            "confirmed_on", Kind.DATE, "day of its confirmation", lambda line: line.confirmed_on
        ),
        Column("held_on", Kind.DATE, "day it was reported as held", lambda line: line.held_on),
        Column(
            "ended_on",
            Kind.DATE,
            "day of its cancellation or replacement",
            lambda line: line.ending.on if line.ending else None,
        ),
        Column(
            "ended_because",
            Kind.TEXT,
            "reason of its cancellation or replacement",
            lambda line: line.ending.reason if line.ending else None,
        ),
        Column(
            "dates_before",
            Kind.INTEGER,
            "how many periods it had before this one",
            lambda line: len(line.chain),
        ),
        Column(
            "awaits_answer",
            Kind.BOOLEAN,
            "an agency still has to answer a request",
            lambda line: line.open_for_answer,
        ),
        Column(
            "illustrative",
            Kind.BOOLEAN,
            "made up to show how it looks, of no source",
            lambda line: line.illustrative,
        ),
    ),
)
