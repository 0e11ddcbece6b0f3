from datetime import date

import pytest

from coordination.importing.dates import first_day, known_from, last_day, period, span
from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear

TODAY = date(2026, 9, 24)


@pytest.mark.parametrize(
    "start, end, precision, expected",
    [
        ("2027-03-15", "2027-03-19", "day", Days(date(2027, 3, 15), date(2027, 3, 19))),
        ("2027-03-15", "", "day", Days(date(2027, 3, 15), date(2027, 3, 15))),
        (
            "2019-11-16",
            "2019-11-22",
            "day-approximate",
            Days(date(2019, 11, 16), date(2019, 11, 22)),
        ),
        ("2027-03", "2027-03", "month", Month(2027, 3)),
        ("2024-02", "2024-02", "month", Month(2024, 2)),
        ("2027-04", "2027-06", "month", Quarter(2027, 2)),
        ("2022-07", "2022-12", "month", HalfYear(2022, 2)),
        ("2027-01", "2027-12", "month", WholeYear(2027)),
        ("2027", "2027", "year", WholeYear(2027)),
        ("2027-02", "2027-04", "month", Days(date(2027, 2, 1), date(2027, 4, 30))),
        ("2027-11", "2028-01", "month", Days(date(2027, 11, 1), date(2028, 1, 31))),
        ("", "", "undated", Undated()),
        ("2027-03-01", "2027-03-01", "month", Month(2027, 3)),
        ("2027-01-31", "2027-03-02", "month", Quarter(2027, 1)),
        ("2027-03", "", "year", WholeYear(2027)),
        ("2027", "2028", "year", Days(date(2027, 1, 1), date(2028, 12, 31))),
        ("1990", "1990", "year", WholeYear(1990)),
        ("2100-12", "2100-12", "month", Month(2100, 12)),
        ("2027", "2027", "undated", Undated()),
    ],
)
def test_dates_are_the_period_the_documents_mean(
    start: str, end: str, precision: str, expected: Period
) -> None:
    assert period(start, end, precision) == expected


@pytest.mark.parametrize(
    "text, precision",
    [
        ("2027-02-30", "day"),
        ("2027-02-30", "month"),
        ("2027-02-30", "year"),
        ("2027-13", "month"),
        ("30/02/2027", "day"),
        ("soon", "year"),
        ("2027-3-40", "day"),
        ("2027-03", "day"),
        ("2027-03", "day-approximate"),
        ("2027", "month"),
        ("1989", "year"),
        ("2101-01-01", "day"),
    ],
)
def test_what_is_no_date_of_its_precision_is_refused(text: str, precision: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        span(text, precision)


def test_an_end_before_its_start_is_refused() -> None:
    with pytest.raises(ValueError, match="an end on or after the start"):
        period("2027-03-19", "2027-03-15", "day")


def test_an_action_was_known_on_its_first_day_at_the_latest_and_never_in_the_future() -> None:
    assert known_from((Month(2020, 6), Month(2021, 6)), TODAY) == date(2020, 6, 1)
    assert known_from((Month(2027, 3),), TODAY) == TODAY
    assert known_from((Undated(),), TODAY) == TODAY
    assert first_day(Month(2020, 6), TODAY) == date(2020, 6, 1)
    assert last_day(Month(2020, 6), TODAY) == date(2020, 6, 30)
    assert first_day(Undated(), TODAY) == last_day(Undated(), TODAY) == TODAY
    assert first_day(Month(2027, 1), TODAY) == last_day(Month(2027, 1), TODAY) == TODAY
