"""The life of an action: published, prepared, moved perhaps, and held, cancelled or replaced."""

from datetime import date, datetime
from functools import partial
from random import Random

from msgspec.structs import replace

from schemas.action import ROYAL, MissionId
from tests.benchmarks.model import shares
from tests.benchmarks.model.action import Action, Intended
from tests.benchmarks.model.step import (
    LAST_YEAR,
    Happening,
    Life,
    States,
    later,
    played,
    some_day,
    some_days,
)
from tests.benchmarks.model.talks import talks


def life(
    random: Random,
    states: States,
    intended: Intended,
    since: datetime,
    replaces: MissionId | None = None,
) -> Life:
    """Everything that is asked about one action, from its publication on; nothing before
    `since`."""
    action = Action(random, states, intended)
    first = intended.published
    publish = Happening(first, partial(action.publish, replaces=replaces))
    for step in played(random, [publish], since):
        since = step.time
        yield step
    happenings = _prepared(random, action, first)
    while True:
        for step in played(random, happenings, since):
            since = step.time
            yield step
        fate = shares.drawn(random, shares.FATES)
        if fate == shares.POSTPONED and action.days.start.year >= LAST_YEAR - 1:
            fate = shares.CANCELLED
        if action.kind in ROYAL and fate == shares.REPLACED:
            fate = shares.HELD
        if fate != shares.POSTPONED:
            break
        moved = some_day(random, later(action.days.start, -40), later(action.days.start, -1))
        action.begins(later(action.days.start, random.randint(90, 400)))
        happenings = [Happening(moved, action.postpone), *_resumed(random, action, moved)]
    match fate:
        case shares.HELD:
            yield from played(random, _held(random, action), since)
        case shares.CANCELLED:
            cancelled = some_day(random, later(action.days.start, -30), action.days.start)
            yield from played(random, [Happening(cancelled, action.cancel)], since)
        case _:
            yield from _replaced(random, states, action, since)


def _prepared(random: Random, action: Action, first: date) -> list[Happening]:
    last = later(action.days.start, -45)
    revised = some_days(random, later(first, 3), last, random.randint(7, 15))
    happenings = [Happening(day, action.revise) for day in revised]
    happenings += talks(random, action, later(first, 2), last)
    if random.random() < 0.4:
        roughly = some_day(random, later(first, 30), later(last, -60))
        happenings.append(Happening(roughly, action.give_month))
    dated = some_day(random, later(first, 60), last)
    happenings.append(Happening(dated, action.give_days))
    if action.is_mission and random.random() < 0.4:
        happenings.append(Happening(some_day(random, dated, last), action.set_legs))
    if random.random() < 0.5:
        happenings.append(Happening(last, action.confirm))
    return happenings


def _resumed(random: Random, action: Action, moved: date) -> list[Happening]:
    """After a postponement."""
    last = later(action.days.start, -45)
    revised = some_days(random, later(moved, 10), last, random.randint(1, 4))
    return [
        *(Happening(day, action.revise) for day in revised),
        Happening(last, action.give_days),
        Happening(last, action.confirm),
    ]


def _held(random: Random, action: Action) -> list[Happening]:
    start, end = action.days.start, action.days.end
    held = later(end, random.randint(1, 15))
    happenings = [
        Happening(later(start, -44), action.give_days),  # else it is not known when it has begun
        Happening(later(start, -40), action.confirm),
        *(
            Happening(day, action.revise)
            for day in some_days(random, later(start, -44), start, random.randint(1, 4))
        ),
        Happening(held, action.hold),
    ]
    corrected = some_days(random, later(held, 5), later(held, 200), random.choice((0, 1, 1, 2)))
    happenings += [Happening(day, action.correct) for day in corrected]
    if random.random() < 0.25:
        happenings.append(Happening(later(held, 20), action.promise))
    return happenings


def _replaced(random: Random, states: States, action: Action, since: datetime) -> Life:
    """By an action of the same kind some weeks later, which has a life of its own."""
    day = max(since.date(), later(action.days.start, -60))
    intended = replace(
        action.intended,
        mission=f"{action.mission}-instead",
        published=day,
        start=later(action.days.start, random.randint(20, 120)),
    )
    instead = life(random, states, intended, since, replaces=action.mission)
    published = next(instead)
    yield published
    ended = Happening(published.time.date(), partial(action.replace, replacement=intended.mission))
    yield from played(random, [ended], published.time)
    yield from instead
