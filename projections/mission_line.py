"""A mission as it stands: its plan, its chain of dates, who organises it, and how it ended."""

from datetime import date

from msgspec import Struct

from schemas.action import ActionType, Leg, MissionId, MissionState, ProgrammeItem, Tag, tag_of
from schemas.co_organisation import Standing, Terms
from schemas.period import Days, Period, Undated, Year, bounds
from schemas.vocabulary import (
    Agency,
    Money,
    Organisation,
    Place,
    Provenance,
    Qualified,
    Sector,
    Title,
)


class CoOrganisation(Struct, frozen=True, kw_only=True, gc=False):
    """The last word with an agency that asked, on the latest terms put; `waits_for` is who has to
    answer, if anyone."""

    agency: Agency
    standing: Standing
    terms: Terms | None
    since: date
    waits_for: Agency | None = None
    reason: str | None = None

    @property
    def answer_due(self) -> date | None:
        return self.terms.answer_due if self.terms else None


class Dated(Struct, frozen=True, kw_only=True, gc=False):
    """A link of the chain of dates: the period a mission had, until when, and why it moved."""

    period: Period
    travel: Days | None
    until: date
    reason: str


class Coordinator(Struct, frozen=True, kw_only=True, gc=False):
    agency: Agency
    role: str
    contact: str


class Promised(Struct, frozen=True, kw_only=True, gc=False):
    promise: str
    period: Period
    where: Place | None


class Correction(Struct, frozen=True, kw_only=True, gc=False):
    on: date
    reason: str
    source: str | None


class Ending(Struct, frozen=True, kw_only=True, gc=False):
    """A cancellation or replacement."""

    on: date
    reason: str
    replacement: MissionId | None = None


class MissionLine(Struct, frozen=True, kw_only=True, gc=False):
    mission: MissionId
    owner: Agency
    title: Title
    action: ActionType
    period: Period
    travel: Days | None
    places: tuple[Place, ...]
    sectors: tuple[Sector, ...]
    themes: tuple[str, ...]
    programme: tuple[ProgrammeItem, ...]
    coordinated_by: Organisation | None
    partners: tuple[Organisation, ...]
    ethical_component: bool | None
    cost: Money | None
    legs: tuple[Leg, ...]
    follows: MissionId | None
    replaces: MissionId | None
    provenance: Provenance | None
    published_on: date
    chain: tuple[Dated, ...] = ()
    co_organisations: tuple[CoOrganisation, ...] = ()
    coordinators: tuple[Coordinator, ...] = ()
    promises: tuple[Promised, ...] = ()
    corrections: tuple[Correction, ...] = ()
    confirmed_on: date | None = None
    held_on: date | None = None
    participants: tuple[Qualified, ...] = ()
    results: str | None = None
    ending: Ending | None = None

    @property
    def state(self) -> MissionState:
        if self.ending is not None:
            return MissionState.REPLACED if self.ending.replacement else MissionState.CANCELLED
        if self.held_on is not None:
            return MissionState.HELD
        return MissionState.PLANNED if self.confirmed_on is None else MissionState.CONFIRMED

    @property
    def regions(self) -> tuple[Agency, ...]:
        """The agencies that organise it by their own consent, the leader first. Of a mission that
        others coordinate the owner only keeps the record, until it joins like everybody."""
        leader = () if self.coordinated_by else (self.owner,)
        accepted = sorted(
            one.agency for one in self.co_organisations if one.standing is Standing.ACCEPTED
        )
        return (*leader, *(agency for agency in accepted if agency not in leader))

    @property
    def tag(self) -> Tag:
        return tag_of(len(self.regions))

    @property
    def illustrative(self) -> bool:
        return self.provenance is not None and self.provenance.illustrative

    @property
    def stops(self) -> tuple[Place, ...]:
        """Where it goes, its legs included, in the order named."""
        return (*self.places, *(leg.place for leg in self.legs))

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.country for place in self.stops))

    @property
    def open_for_answer(self) -> bool:
        """Whether somebody still has to answer a request."""
        return any(one.waits_for for one in self.co_organisations)


def years_of(period: Period) -> range:
    """The years in which a period has a day."""
    days = bounds(period)
    return range(days.start.year, days.end.year + 1) if days else range(0)


def touches(period: Period, year: Year) -> bool:
    """Whether a period has a day in a year."""
    return year in years_of(period)


def is_undated(period: Period) -> bool:
    return isinstance(period, Undated)
