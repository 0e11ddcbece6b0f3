"""The plan of one action: what its leader would say of it on a day, given how it stands."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from msgspec import Struct

from coordination.deciders.mission.state import Mission, differences
from schemas.action import ROYAL, ActionType, Leg, MissionChanges, MissionId
from schemas.message import owner_of, said
from schemas.mission import (
    CancelMission,
    ConfirmMission,
    CorrectMission,
    HoldMission,
    PromiseAction,
    PublishMission,
    ReplaceMission,
    RescheduleMission,
    ReviseMission,
    SetLegs,
)
from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear
from schemas.vocabulary import THREE, Agency, Money, Place, Qualified, Qualifier
from tests.benchmarks.model import shares
from tests.benchmarks.model.step import LAST_YEAR, States, later

REASONS = (
    "the programme was agreed with the post",
    "the sector federation joins",
    "on the advice of the counsellor",
    "the budget was settled",
)
MOVED = ("the fair was moved", "elections in the country", "at the request of the hosts")
ENDED = ("too few companies registered", "the security situation", "the hosts withdrew")


class Intended(Struct, frozen=True):
    """An action as it is intended: what, and the days on which it becomes known and begins."""

    mission: MissionId
    kind: ActionType
    published: date
    start: date
    country: str


class Action:
    def __init__(self, random: Random, states: States, intended: Intended) -> None:
        self.random, self.states, self.intended = random, states, intended
        self.mission, self.kind = intended.mission, intended.kind
        self.owner: Agency = owner_of(self.mission)
        self.languages = random.randint(1, 3)
        self.begins(intended.start)

    def begins(self, start: date) -> None:
        """When it is meant to begin, whatever its period says as yet."""
        end = later(start, self.random.choice((0, 1, 2, 3, 4, 6)))
        self.days = Days(start, end)
        travels = self.is_mission and self.random.random() < 0.6
        self.travel = Days(later(start, -1), later(end, 1)) if travels else None

    @property
    def is_mission(self) -> bool:
        return self.kind in shares.MISSIONS or self.kind in ROYAL

    @property
    def now(self) -> Mission:
        mission: Mission = self.states[self.mission]
        return mission

    def publish(self, day: date, replaces: MissionId | None = None) -> PublishMission:
        random, sector = self.random, shares.drawn(self.random, shares.sector_shares())
        precision = shares.drawn(random, shares.PRECISIONS)
        themes = shares.themes()[sector]
        return PublishMission(
            by=self.owner,
            effective=day,
            mission=self.mission,
            title=self._title(),
            action=self.kind,
            period=self._period(precision),
            travel=self.travel if precision == "days" else None,
            places=self._places(),
            sectors=(sector,),
            themes=tuple(random.sample(themes, min(len(themes), random.randint(0, 2)))),
            coordinated_by="Belgian Foreign Trade Agency" if self.kind in ROYAL else None,
            replaces=replaces,
        )

    def _title(self) -> Any:
        year = self.days.start.year
        return shares.title(self.kind, self.intended.country, year, self.languages)

    def _places(self) -> tuple[Place, ...]:
        count = self.random.randint(1, 3) if self.is_mission else 1
        places = (shares.place(self.random, self.intended.country) for _ in range(count))
        return tuple(dict.fromkeys(places))

    def _period(self, precision: str) -> Period:
        start = self.days.start
        match precision:
            case "days":
                return self.days
            case "month":
                return Month(start.year, start.month)
            case "quarter":
                return Quarter(start.year, (start.month + 2) // 3)
            case "half-year":
                return HalfYear(start.year, (start.month + 5) // 6)
            case "year":
                return WholeYear(start.year)
        return Undated()

    def give_days(self, day: date) -> RescheduleMission | None:
        """The days become known."""
        return self._to(day, self.days, self.travel, "the days are known")

    def give_month(self, day: date) -> RescheduleMission | None:
        if isinstance(self.now.plan.period, Days):
            return None
        return self._to(day, self._period("month"), None, "the month is known")

    def postpone(self, day: date) -> RescheduleMission | None:
        precision = self.random.choice(("days", "month", "half-year"))
        travel = self.travel if precision == "days" else None
        return self._to(day, self._period(precision), travel, self.random.choice(MOVED))

    def _to(
        self, day: date, period: Period, travel: Days | None, reason: str
    ) -> RescheduleMission | None:
        if (period, travel) == (self.now.plan.period, self.now.plan.travel):
            return None
        return RescheduleMission(
            by=self.owner,
            effective=day,
            mission=self.mission,
            period=period,
            travel=travel,
            reason=reason,
        )

    def revise(self, day: date) -> ReviseMission:
        return ReviseMission(
            by=self.owner,
            effective=day,
            mission=self.mission,
            changes=self._changes(),
            reason=self.random.choice((None, *REASONS)),
        )

    def _changes(self) -> MissionChanges:
        """Something that is not so already."""
        while True:
            changes = MissionChanges(**self._change())
            if said(differences(self.now.plan, changes)):
                return changes

    def _change(self) -> dict[str, Any]:
        random = self.random
        match random.randrange(9):
            case 0:
                self.languages = min(3, self.languages + 1)
                return {"title": self._title()}
            case 1:
                return {"places": self._places()}
            case 2:
                drawn = (shares.drawn(random, shares.sector_shares()) for _ in range(2))
                return {"sectors": tuple(dict.fromkeys(drawn))}
            case 3:
                themes = shares.themes()[self.now.plan.sectors[0]]
                return {"themes": tuple(random.sample(themes, min(3, len(themes))))}
            case 4:
                return {"programme": tuple(random.sample(shares.PROGRAMME, random.randint(1, 3)))}
            case 5:
                return {"partners": tuple(random.sample(shares.PARTNERS, random.randint(1, 3)))}
            case 6:
                return {"ethical_component": random.random() < 0.7}
        # Each costs 3,000 to 80,000 EUR [DOMAIN §1], and is estimated more than once.
        return {"cost": Money(amount=Decimal(random.randrange(3_000, 80_000, 250)))}

    def set_legs(self, day: date) -> SetLegs | None:
        places = self.now.plan.places
        if len(places) < 2:
            return None
        leaders = (None, *THREE)
        legs = tuple(
            Leg(place=place, period=self.days, leader=self.random.choice(leaders))
            for place in places
        )
        if legs == self.now.plan.legs:
            return None
        return SetLegs(by=self.owner, effective=day, mission=self.mission, legs=legs)

    def confirm(self, day: date) -> ConfirmMission | None:
        if self.now.confirmed:
            return None
        return ConfirmMission(by=self.owner, effective=day, mission=self.mission)

    def cancel(self, day: date) -> CancelMission:
        reason = self.random.choice(ENDED)
        return CancelMission(by=self.owner, effective=day, mission=self.mission, reason=reason)

    def replace(self, day: date, replacement: MissionId) -> ReplaceMission:
        return ReplaceMission(
            by=self.owner,
            effective=day,
            mission=self.mission,
            replacement=replacement,
            reason=self.random.choice(ENDED),
        )

    def hold(self, day: date) -> HoldMission:
        participants = self.random.randint(3, 60) * (4 if self.kind in ROYAL else 1)
        companies = max(1, participants * 2 // 3)
        how = self.random.choices((Qualifier.EXACTLY, Qualifier.ABOUT), (3, 1))[0]
        counts = (
            Qualified(value=participants, unit="participants", qualifier=how),
            Qualified(value=companies, unit="companies", qualifier=how),
        )
        results = f"{companies * 3} meetings" if self.random.random() < 0.6 else None
        return HoldMission(
            by=self.owner,
            effective=day,
            mission=self.mission,
            participants=counts[: self.random.randint(1, 2)],
            results=results,
        )

    def correct(self, day: date) -> CorrectMission:
        held = self.now.held
        counted = held.participants if held else ()
        corrected = tuple(
            Qualified(value=one.value + self.random.randint(1, 3), unit=one.unit) for one in counted
        )
        return CorrectMission(
            by=self.owner,
            effective=day,
            mission=self.mission,
            participants=corrected,
            reason="the list of participants was checked",
            source="list of participants",
        )

    def promise(self, day: date) -> PromiseAction:
        year = min(LAST_YEAR, day.year + 1)
        return PromiseAction(
            by=self.owner,
            effective=day,
            mission=self.mission,
            promise="a return visit",
            period=Quarter(year, self.random.randint(1, 4)),
            where=self.now.plan.places[0],
        )
