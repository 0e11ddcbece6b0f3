"""The joint calendar of a year N [S4]: its cycle, its review, and what is published for N+1."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from random import Random

from schemas.action import ActionType
from schemas.cycle import (
    AFTER_JUNE,
    AFTER_SEPTEMBER,
    CloseCycle,
    HoldBilateral,
    HoldTriRegional,
    Observation,
    OpenCycle,
    PublishEdition,
)
from schemas.policy import AdoptPolicy, PolicyTopic
from schemas.recorded_event import AnyCommand
from schemas.review import CloseReview, DeclareFigure, GoThroughPost, OpenReview, Verdict
from schemas.vocabulary import AWEX, FIT, HUB, THREE, Agency, Claim, Qualified
from tests.benchmarks.model import shares
from tests.benchmarks.model.action import Intended
from tests.benchmarks.model.step import Happening, Life, States, later, played, some_day

SECRETARIAT = HUB
VERDICTS = {Verdict.KEEP: 90, Verdict.CHANGE: 6, Verdict.UNDER_THREAT: 3, Verdict.CLOSE: 1}


def intended(random: Random, year: int) -> Iterator[Intended]:
    """The actions of a year: four in five are published in the year before, for its cycle."""
    number = 0
    for agency, count in shares.A_YEAR.items():
        royal = shares.ROYAL_A_YEAR if agency == SECRETARIAT else {}
        kinds = [kind for kind, times in royal.items() for _ in range(times)]
        kinds += [shares.drawn(random, shares.TYPES) for _ in range(count - len(kinds))]
        for kind in kinds:
            number += 1
            yield _intended(random, agency, kind, year, number)


def _intended(random: Random, agency: Agency, kind: ActionType, year: int, number: int) -> Intended:
    country = shares.drawn(random, shares.countries())
    start = some_day(random, date(year, 1, 20), date(year, 12, 10))
    published = some_day(random, date(year - 1, 2, 1), date(year - 1, 8, 31))
    if random.random() < 0.2 and start.month > 5:
        published = some_day(random, later(start, -150), later(start, -90))
    mission = f"mission-{agency}-{year}-{country.lower()}-{number:03}"
    return Intended(mission, kind, published, start, country)


def cycle(random: Random, year: int, since: datetime) -> Life:
    """The cycle of a year, from its opening to its closing."""
    name = f"cycle-{SECRETARIAT}-{year}"

    def observed() -> tuple[Observation, ...]:
        return tuple(
            Observation(
                text="companies ask for this destination",
                sector=shares.drawn(random, shares.sector_shares()),
                country=shares.drawn(random, shares.countries()),
                agency=random.choice(THREE),
            )
            for _ in range(random.randint(2, 6))
        )

    def bilateral(agencies: tuple[Agency, Agency], day: date) -> AnyCommand:
        return HoldBilateral(
            by=SECRETARIAT,
            effective=day,
            cycle=name,
            meeting=f"meeting-{year}-june-{agencies[0]}-{agencies[1]}",
            agencies=agencies,
            observations=observed(),
        )

    def tri_regional(day: date) -> AnyCommand:
        return HoldTriRegional(
            by=SECRETARIAT,
            effective=day,
            cycle=name,
            meeting=f"meeting-{year}-september",
            agencies=THREE,
            observations=observed(),
        )

    def edition(words: str, day: date) -> AnyCommand:
        return PublishEdition(by=SECRETARIAT, effective=day, cycle=name, edition=words)

    happenings = [
        Happening(
            date(year, 1, 12), lambda day: OpenCycle(by=SECRETARIAT, effective=day, cycle=name)
        ),
        Happening(date(year, 6, 12), partial(bilateral, (HUB, AWEX))),
        Happening(date(year, 6, 19), partial(bilateral, (HUB, FIT))),
        Happening(date(year, 6, 28), partial(edition, AFTER_JUNE)),
        Happening(date(year, 9, 18), tri_regional),
        Happening(date(year, 9, 30), partial(edition, AFTER_SEPTEMBER)),
        Happening(date(year, 11, 25), partial(edition, "amendment")),
        Happening(
            date(year, 12, 18), lambda day: CloseCycle(by=SECRETARIAT, effective=day, cycle=name)
        ),
    ]
    yield from played(random, happenings, since)


def review(random: Random, states: States, year: int, since: datetime) -> Life:
    """The list of common posts, gone through by the chief executives in a week of November."""
    name, day = f"review-{SECRETARIAT}-{year}", date(year, 11, 10)
    opening = Happening(day, lambda day: OpenReview(by=SECRETARIAT, effective=day, review=name))
    for step in played(random, [opening], since):
        since = step.time
        yield step

    def go_through(post: str, day: date) -> AnyCommand:
        return GoThroughPost(
            by=SECRETARIAT,
            effective=day,
            review=name,
            post=post,
            verdict=shares.drawn(random, VERDICTS),
        )

    def declare(day: date) -> AnyCommand:
        figure = Qualified(value=86, unit="offices")
        claim = Claim(
            figure=figure, source="annual report", stated_on=day, stated_by="the agencies"
        )
        return DeclareFigure(by=SECRETARIAT, effective=day, review=name, claim=claim)

    happenings = [
        Happening(later(day, random.randint(1, 5)), partial(go_through, post))
        for post in states[name].posts
    ]
    happenings.append(Happening(later(day, 6), declare))
    closing = Happening(
        later(day, 10), lambda day: CloseReview(by=SECRETARIAT, effective=day, review=name)
    )
    yield from played(random, [*happenings, closing], since)


def policies(random: Random, year: int, since: datetime) -> Life:
    """A figure or two are adopted anew; fees of 100 and 300 EUR are the deputy's claim [S4]."""
    happenings = []
    for topic, usual, unit in random.sample(
        (
            (PolicyTopic.FEE_SME, 100, "EUR"),
            (PolicyTopic.FEE_LARGE_COMPANY, 300, "EUR"),
            (PolicyTopic.AREA_MANAGER_TRAVELS_FROM, 5, "participants"),
            (PolicyTopic.ROYAL_MISSIONS_A_YEAR, 2, "missions"),
        ),
        2,
    ):
        command = partial(
            AdoptPolicy,
            by=SECRETARIAT,
            policy=f"policy-{SECRETARIAT}-{topic.value}",
            topic=topic,
            value=Qualified(value=usual + year % 7, unit=unit),
            source=f"decision of {year}",
            attributed_to="hub.brussels",
        )
        day = some_day(random, date(year, 1, 15), date(year, 3, 1))
        happenings.append(Happening(day, partial(on_day, command)))
    yield from played(random, happenings, since)


def on_day(command: Callable[..., AnyCommand], day: date) -> AnyCommand:
    return command(effective=day)
