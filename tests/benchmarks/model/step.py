"""What an agency asks at a moment, and how moments and days are drawn."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeAlias

from msgspec import Struct

from schemas.recorded_event import AnyCommand

LAST_YEAR = 2100  # schemas/period.py knows no later one
States: TypeAlias = Mapping[str, Any]  # what each stream has come to, as its decider sees it


class Step(Struct, frozen=True):
    """`time` lies in office hours, so that its day is the same in UTC and in Brussels."""

    time: datetime
    command: AnyCommand
    correlation: str | None = None


class Happening(Struct, frozen=True):
    """`ask` makes the command when its day has come, for that day; None where nothing is left to
    ask for."""

    day: date
    ask: Callable[[date], AnyCommand | None]
    correlation: str | None = None


Life: TypeAlias = Iterator[Step]  # goes on only after what it asked for was decided


def played(random: Random, happenings: list[Happening], since: datetime) -> Life:
    """What happens, in order of days and never before `since`; each at a moment of a working day,
    the day itself or the Monday after."""
    for happening in sorted(happenings, key=_day):
        day = happening.day
        if day.weekday() > 4:
            day += timedelta(days=7 - day.weekday())
        since = max(_moment(random, day), since + timedelta(seconds=random.randrange(5, 60)))
        command = happening.ask(since.date())
        if command is not None:
            yield Step(since, command, happening.correlation)


def _day(happening: Happening) -> date:
    return happening.day


def _moment(random: Random, day: date) -> datetime:
    microseconds = random.randrange(8 * 3600 * 1_000_000)
    return datetime.combine(day, time(8), UTC) + timedelta(microseconds=microseconds)


def some_day(random: Random, first: date, last: date) -> date:
    """A day from the first to the last; the first where there is none between."""
    return first + timedelta(days=random.randint(0, max(0, (last - first).days)))


def some_days(random: Random, first: date, last: date, count: int) -> list[date]:
    """So many days from the first to the last, in order."""
    return sorted(some_day(random, first, last) for _ in range(count))


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)
