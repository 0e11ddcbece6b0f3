"""A period of a plan: day, month, quarter, half-year, year or no date are all legal (DOMAIN §2)."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Year: TypeAlias = Annotated[int, Meta(ge=1990, le=2100)]


class Days(Struct, frozen=True, gc=False, tag_field="period", tag="days"):
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("an end on or after the start")


class Month(Struct, frozen=True, gc=False, tag_field="period", tag="month"):
    year: Year
    month: Annotated[int, Meta(ge=1, le=12)]


class Quarter(Struct, frozen=True, gc=False, tag_field="period", tag="quarter"):
    year: Year
    quarter: Annotated[int, Meta(ge=1, le=4)]


class HalfYear(Struct, frozen=True, gc=False, tag_field="period", tag="half-year"):
    year: Year
    half: Annotated[int, Meta(ge=1, le=2)]


class WholeYear(Struct, frozen=True, gc=False, tag_field="period", tag="year"):
    year: Year


class Undated(Struct, frozen=True, gc=False, tag_field="period", tag="undated"):
    """No date yet, or none any more."""


Period: TypeAlias = Days | Month | Quarter | HalfYear | WholeYear | Undated


@lru_cache(maxsize=4_096)  # a page asks for the same few hundred again and again
def bounds(period: Period) -> Days | None:
    """The first and the last day a period can touch; None when it has no date."""
    match period:
        case Days():
            return period
        case Month(year, month):
            return _months(year, month, 1)
        case Quarter(year, quarter):
            return _months(year, 3 * quarter - 2, 3)
        case HalfYear(year, half):
            return _months(year, 6 * half - 5, 6)
        case WholeYear(year):
            return _months(year, 1, 12)
        case Undated():
            return None


def _months(year: int, first: int, count: int) -> Days:
    after = first + count
    following = date(year + (after > 12), after - 12 * (after > 12), 1)
    return Days(date(year, first, 1), following - timedelta(days=1))
