"""Values of the messages in the words of a reader: days, periods, places, counts, names of codes.

What the CLDR knows (days, months, quarters, countries, lists, amounts) comes from Babel, the rest
from the catalogues.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_timedelta,
)
from babel.lists import format_list
from babel.numbers import format_currency, format_percent
from msgspec import Struct

from coordination import catalogues, reference
from coordination.catalogues import Parameter
from projections.read_model import CIVIL, civil_day
from schemas.action import Leg, MissionChanges
from schemas.co_organisation import Terms
from schemas.message import said
from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear
from schemas.post import AreaPart, PostChanges
from schemas.vocabulary import Agency, Claim, Country, Money, Place, Qualified, Title

# CLDR skeletons: a day with its month in short, without its year, a whole month, a quarter.
_DAY, _DAY_OF_YEAR, _MONTH, _QUARTER = "yMMMd", "MMMd", "yMMMM", "yQQQ"
AT_HAND = 8_192  # a page words the same few hundred days and periods again and again
_THIN = "\N{THIN SPACE}"  # around the dash of an interval; terminals and searches lose it


class Reader(Struct, frozen=True):
    """Somebody who reads a language."""

    language: str

    @property
    def _belgian(self) -> str:
        """Days and amounts as they are written in Belgium, in English too."""
        return f"{self.language}_BE"

    def say(self, key: str, **parameters: Parameter) -> str:
        return catalogues.say(key, self.language, **parameters)

    def expected(self, key: str, parameters: Mapping[str, Parameter]) -> str:
        """What is allowed; a structure without a form of its own is written as JSON."""
        if key.startswith("expected.form-") and key not in catalogues.keys(self.language):
            key = "expected.form-json"
        return self.say(key, **parameters)

    def label(self, vocabulary: str, code: str | None) -> str:
        return catalogues.label(vocabulary, code, self.language) if code else ""

    def agency(self, code: Agency | None) -> str:
        return self.label("agency", code)

    def agencies(self, codes: Iterable[Agency]) -> str:
        names = [self.agency(code) for code in codes]
        return str(format_list(names, locale=self.language)) if names else ""

    def country(self, code: Country) -> str:
        return reference.country_name(code, self.language)

    def listed(self, words: Iterable[str]) -> str:
        """A list as a cell or a parenthesis has it."""
        return ", ".join(words)

    def pair(self, name: str, value: str) -> str:
        """`name: value`, with the space of the language."""
        return self.say("word.pair", name=name, value=value)

    def day(self, day: date | None) -> str:
        return _day(day, self._belgian) if day else ""

    def moment(self, at: datetime) -> str:
        """The day and the minute in Brussels."""
        return f"{self.day(civil_day(at))}, {self.time(at)}"

    def time(self, at: datetime) -> str:
        """The minute of the day in Brussels."""
        return f"{at.astimezone(CIVIL):%H:%M}"

    def period(self, period: Period | None) -> str:
        return _period(self, period) if period else ""

    def _period(self, period: Period) -> str:
        match period:
            case Days(start, end) if start == end:
                return self.day(start)
            case Days(start, end):
                return self._interval(start, end, _DAY)
            case Month(year, month):
                return self._part_of_year(date(year, month, 1), _MONTH)
            case Quarter(year, quarter):
                return self._part_of_year(date(year, 3 * quarter - 2, 1), _QUARTER)
            case HalfYear(year, half):
                return self.say(f"period.half-{half}", year=str(year))
            case WholeYear(year):
                return str(year)
            case Undated():
                return self.say("period.undated")

    def _part_of_year(self, first: date, skeleton: str) -> str:
        return str(format_skeleton(skeleton, first, locale=self._belgian))

    def month(self, first: date, whole: bool = False) -> str:
        """Standing alone: in short, as the head of a column has it, or whole."""
        return str(format_date(first, "LLLL" if whole else "LLL", locale=self._belgian))

    def days(self, period: Period) -> str:
        """Days without their year, where the year is said already; nothing of other periods."""
        return _days(self, period) if isinstance(period, Days) else ""

    def _days(self, period: Days) -> str:
        if period.start == period.end:
            return str(format_skeleton(_DAY_OF_YEAR, period.start, locale=self._belgian))
        return self._interval(period.start, period.end, _DAY_OF_YEAR)

    def _interval(self, start: date, end: date, skeleton: str) -> str:
        interval = str(format_interval(start, end, skeleton, locale=self._belgian))
        return interval.replace(_THIN, "")

    def place(self, place: Place | None) -> str:
        if place is None:
            return ""
        country = self.country(place.country)
        return f"{place.city} ({country})" if place.city else country

    def places(self, places: Iterable[Place]) -> str:
        return self.listed(map(self.place, places))

    def part(self, part: AreaPart) -> str:
        country = self.country(part.country)
        return f"{country} ({part.within})" if part.within else country

    def title(self, title: Title) -> str:
        """In the reader's language where it was given, else in the first that was."""
        own = getattr(title, self.language)
        given = (own, title.fr, title.nl, title.en, title.de)
        return str(next(words for words in given if words))

    def duration(self, seconds: int) -> str:
        """About how long, in the one unit that says it best."""
        return str(format_timedelta(timedelta(seconds=seconds), locale=self.language))

    def percent(self, value: int) -> str:
        return str(format_percent(value / 100, locale=self._belgian))

    def money(self, money: Money) -> str:
        return str(format_currency(money.amount, money.currency, locale=self._belgian))

    def count(self, count: Qualified) -> str:
        return self.say(
            f"qualifier.{count.qualifier.value}", value=str(count.value), unit=count.unit
        )

    def claim(self, claim: Claim) -> str:
        return self.say(
            "claim",
            figure=self.count(claim.figure),
            by=claim.stated_by,
            source=claim.source,
            day=self.day(claim.stated_on) or self.say("claim.day-unknown"),
        )

    def terms(self, terms: Terms) -> str:
        said = {
            "role": terms.role,
            "share-of-cost": terms.share_of_cost,
            "places": terms.places,
            "reason": terms.reason,
            "answer-due": self.day(terms.answer_due),
        }
        return self.listed(
            self.say(f"terms.{name}", value=value)
            for name, value in said.items()
            if value not in (None, "")
        )

    def changes(self, changes: MissionChanges | PostChanges) -> str:
        """The names of the fields that change."""
        return self.listed(self.say(f"field.{name.replace('_', '-')}") for name in said(changes))

    def value(self, value: Any) -> str:
        """Any value of a message, as one line."""
        match value:
            case None:
                return ""
            case bool():
                return self.say("word.yes" if value else "word.no")
            case StrEnum():
                return value.value
            case date():
                return self.day(value)
            case Place():
                return self.place(value)
            case AreaPart():
                return self.part(value)
            case Title():
                return self.title(value)
            case Money():
                return self.money(value)
            case Qualified():
                return self.count(value)
            case Claim():
                return self.claim(value)
            case Terms():
                return self.terms(value)
            case MissionChanges() | PostChanges():
                return self.changes(value)
            case Days() | Month() | Quarter() | HalfYear() | WholeYear() | Undated():
                return self.period(value)
            case Leg():
                return f"{self.place(value.place)}, {self.period(value.period)}"
            case tuple():
                return self.listed(map(self.value, value))
        return str(value)


@lru_cache(maxsize=AT_HAND)
def _day(day: date, locale: str) -> str:
    return str(format_date(day, format="medium", locale=locale))


@lru_cache(maxsize=AT_HAND)
def _period(reader: Reader, period: Period) -> str:
    return reader._period(period)


@lru_cache(maxsize=AT_HAND)
def _days(reader: Reader, period: Days) -> str:
    return reader._days(period)
