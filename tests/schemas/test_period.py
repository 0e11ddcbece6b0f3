from datetime import date

import msgspec
import pytest

from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear, bounds


@pytest.mark.parametrize(
    "period, start, end",
    [
        (Days(date(2027, 3, 15), date(2027, 3, 19)), date(2027, 3, 15), date(2027, 3, 19)),
        (Month(2027, 2), date(2027, 2, 1), date(2027, 2, 28)),
        (Month(2028, 2), date(2028, 2, 1), date(2028, 2, 29)),
        (Month(2027, 12), date(2027, 12, 1), date(2027, 12, 31)),
        (Quarter(2027, 1), date(2027, 1, 1), date(2027, 3, 31)),
        (Quarter(2027, 4), date(2027, 10, 1), date(2027, 12, 31)),
        (HalfYear(2022, 1), date(2022, 1, 1), date(2022, 6, 30)),
        (HalfYear(2022, 2), date(2022, 7, 1), date(2022, 12, 31)),
        (WholeYear(2027), date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period: Period, start: date, end: date) -> None:
    assert bounds(period) == Days(start, end)


def test_what_is_undated_has_none() -> None:
    assert bounds(Undated()) is None


@pytest.mark.parametrize(
    "raw",
    [
        b'{"period":"days","start":"2027-02-30","end":"2027-03-01"}',
        b'{"period":"days","start":"2027-03-19","end":"2027-03-15"}',
        b'{"period":"month","year":2027,"month":13}',
        b'{"period":"quarter","year":2027,"quarter":0}',
        b'{"period":"half-year","year":2027,"half":3}',
        b'{"period":"year","year":1989}',
        b'{"period":"fortnight"}',
    ],
)
def test_what_is_no_period_is_refused(raw: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=Period)


def test_a_day_is_a_period() -> None:
    day = date(2027, 3, 15)
    assert bounds(Days(day, day)) == Days(day, day)
