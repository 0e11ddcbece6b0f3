"""How the others come to co-organise an action, or not, and who coordinates on each side."""

from collections.abc import Callable
from datetime import date
from functools import partial
from random import Random

from schemas.action import ROYAL, MissionId
from schemas.co_organisation import (
    AcceptCoOrganisation,
    CounterProposeCoOrganisation,
    DeclineCoOrganisation,
    NameCoordinator,
    RequestCoOrganisation,
    Standing,
    Terms,
    WithdrawCoOrganisation,
)
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import THREE, Agency
from tests.benchmarks.model import shares
from tests.benchmarks.model.action import Action
from tests.benchmarks.model.step import Happening, later, some_day

COUNTERED = 0.4  # of the requests, before the answer: an assumption
LEAVES = 0.05  # of those accepted, before the action begins: an assumption
ROLES = ("area manager", "sector manager", "head of missions")


class Talk:
    """Between the leader, who is the record keeper of a royal mission, and one agency."""

    def __init__(self, random: Random, action: Action, partner: Agency) -> None:
        self.random, self.partner = random, partner
        self.mission: MissionId = action.mission
        self.owner = action.owner
        self.last = partner  # whoever put the last terms

    @property
    def other(self) -> Agency:
        """Whoever answers."""
        return self.owner if self.last == self.partner else self.partner

    def _terms(self, day: date) -> Terms:
        return Terms(
            role=self.random.choice((None, "co-organiser", "seminar on the second day")),
            share_of_cost=self.random.choice((None, 20, 25, 30, 40, 50)),
            places=self.random.randint(2, 20),
            answer_due=later(day, 30),
        )

    def request(self, day: date) -> AnyCommand:
        return RequestCoOrganisation(
            by=self.partner, effective=day, mission=self.mission, terms=self._terms(day)
        )

    def counter(self, day: date) -> AnyCommand:
        self.last = self.other
        return CounterProposeCoOrganisation(
            by=self.last,
            effective=day,
            mission=self.mission,
            partner=self.partner,
            terms=self._terms(day),
        )

    def accept(self, day: date) -> AnyCommand:
        return AcceptCoOrganisation(
            by=self.other, effective=day, mission=self.mission, partner=self.partner
        )

    def decline(self, day: date) -> AnyCommand:
        return DeclineCoOrganisation(
            by=self.other,
            effective=day,
            mission=self.mission,
            partner=self.partner,
            reason="no budget for this destination",
        )

    def withdraw(self, day: date) -> AnyCommand:
        return WithdrawCoOrganisation(by=self.partner, effective=day, mission=self.mission)


def talks(random: Random, action: Action, first: date, last: date) -> list[Happening]:
    """All that is said between the first day and the last: most wishes in September [S4], each
    step of a talk some weeks after the one before."""
    if action.kind in ROYAL:  # all three organise it, the secretariat like the others
        ends = tuple((agency, Standing.ACCEPTED) for agency in THREE)
    else:
        others = [agency for agency in THREE if agency != action.owner]
        random.shuffle(others)
        wished: tuple[Standing, ...] = random.choices(
            tuple(shares.WISHES), tuple(shares.WISHES.values())
        )[0]
        ends = tuple(zip(others, wished, strict=False))
    happenings = []
    for partner, end in ends:
        happenings += _talk(random, Talk(random, action, partner), end, first, last)
    if any(end is Standing.ACCEPTED for _, end in ends):
        for agency in dict.fromkeys((action.owner, *(partner for partner, _ in ends))):
            for _ in range(random.choice((1, 2, 2))):
                name = partial(_name_coordinator, random, action, agency)
                happenings.append(Happening(some_day(random, later(first, 60), last), name))
    return happenings


def _talk(random: Random, talk: Talk, end: Standing, first: date, last: date) -> list[Happening]:
    day, meeting = some_day(random, first, last), None
    september = date(first.year, 9, 18)
    if first <= september <= last and random.random() < 0.75:
        day, meeting = september, f"meeting-{first.year}-september"
    said: list[Callable[[date], AnyCommand]] = [talk.request]
    if talk.partner != talk.owner:
        while random.random() < COUNTERED:
            said.append(talk.counter)
    match end:
        case Standing.ACCEPTED:
            said.append(talk.accept)
            if random.random() < LEAVES:
                said.append(talk.withdraw)
        case Standing.DECLINED:
            said.append(talk.decline)
        case _:
            said.append(talk.withdraw)
    happenings = [Happening(day, said[0], meeting)]
    for ask in said[1:]:
        day = min(later(day, random.randint(3, 25)), last)
        happenings.append(Happening(day, ask))
    return happenings


def _name_coordinator(
    random: Random, action: Action, agency: Agency, day: date
) -> NameCoordinator | None:
    """Where the agency organises the action by then."""
    mission = action.now
    leaders = frozenset() if mission.plan.coordinated_by else {mission.owner}
    if not mission.partners or agency not in mission.partners | leaders:
        return None
    return NameCoordinator(
        by=agency,
        effective=day,
        mission=action.mission,
        role=random.choice(ROLES),
        contact=f"contact-{random.randrange(10**9)}",
    )
