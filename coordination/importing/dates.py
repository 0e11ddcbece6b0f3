"""The dates of the agencies' files as periods, and the days their facts are taken to hold from."""

import re
from calendar import monthrange
from datetime import date

from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear, bounds

PRECISIONS = ("day", "day-approximate", "month", "year", "undated")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")
_PARTS = {"year": 1, "month": 2, "day": 3, "day-approximate": 3}  # of a date, that must be there
_YEARS = range(1990, 2101)  # as schemas/period.py has it; others are slips of the pen


def span(text: str, precision: str) -> Days:
    """
    The days that a date means at its precision.

    A spreadsheet's cell holds no month alone and writes March as 1 March: so a date is read no
    finer than its precision says, and one that is coarser than that is a mistake.

    Raises ValueError.
    """
    found = _DATE.fullmatch(text)
    parts = [int(part) for part in found.groups() if part] if found else []
    if len(parts) < _PARTS[precision] or parts[0] not in _YEARS:
        raise ValueError(text)
    year, month, day = (*parts, 1, 1)[:3]
    written = date(year, month, day)
    if precision == "year":
        return Days(date(year, 1, 1), date(year, 12, 31))
    if precision == "month":
        return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Days(written, written)


def period(start: str, end: str, precision: str) -> Period:
    """
    The period of two dates. Months that are exactly a quarter or a half-year are that, for so the
    documents say it: "second half of 2022".

    Raises ValueError where a date is none, or the end lies before the start.
    """
    if precision == "undated":
        return Undated()
    first, last = span(start, precision), span(end or start, precision)
    days = Days(first.start, last.end)
    if precision.startswith("day"):
        return days
    named = (_named(days, precision), days)
    return next(one for one in named if one is not None and bounds(one) == days)


def _named(days: Days, precision: str) -> Period | None:
    year, first, last = days.start.year, days.start.month, days.end.month
    if precision == "year" or (first, last) == (1, 12):
        return WholeYear(year)
    if first == last:
        return Month(year, first)
    if first % 3 == 1 and last - first == 2:
        return Quarter(year, (first + 2) // 3)
    if first % 6 == 1 and last - first == 5:
        return HalfYear(year, (first + 5) // 6)
    return None


def known_from(periods: tuple[Period, ...], today: date) -> date:
    """
    The day from which a mission is taken to be on the plan.

    Inference: the files name no day of publication, but on its first day an action was planned at
    the latest; what still lies ahead is on the plan from today.
    """
    starts = (days.start for days in map(bounds, periods) if days is not None)
    return min((*starts, today))


def first_day(written: Period, today: date) -> date:
    days = bounds(written)
    return min(days.start, today) if days else today


def last_day(written: Period, today: date) -> date:
    days = bounds(written)
    return min(days.end, today) if days else today
