import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import Struct

from coordination import short_forms
from coordination.conversion import Known, read
from coordination.reference import countries
from schemas.action import Leg
from schemas.cycle import Head, Observation
from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear
from schemas.post import AreaPart, Succession
from schemas.vocabulary import Money, Place, Qualified, Qualifier

KNOWN = Known(frozenset({"hub", "awex", "fit"}), countries())


class Anything(Struct, frozen=True, kw_only=True):
    """One field for each kind that has a short form."""

    period: Period | None = None
    days: Days | None = None
    place: Place | None = None
    part: AreaPart | None = None
    money: Money | None = None
    count: Qualified | None = None
    head: Head | None = None
    succession: Succession | None = None
    leg: Leg | None = None
    observation: Observation | None = None


def as_read(**text: str) -> Any:
    message = read(Anything, text, KNOWN, text=True)
    return getattr(message, next(iter(text)))


years = some.integers(1990, 2100)
days = some.tuples(some.dates(), some.dates()).map(lambda pair: Days(min(pair), max(pair)))
periods: some.SearchStrategy[Any] = some.one_of(
    days,
    some.builds(Month, years, some.integers(1, 12)),
    some.builds(Quarter, years, some.integers(1, 4)),
    some.builds(HalfYear, years, some.integers(1, 2)),
    some.builds(WholeYear, years),
    some.just(Undated()),
)
country_codes = some.sampled_from(sorted(countries()))
words = some.from_regex(r"[A-Za-zÀ-ÿ'(-][A-Za-zÀ-ÿ0-9' ,.&()-]{0,40}", fullmatch=True).map(
    lambda text: text.strip()
)


@given(periods)
def test_a_period_reads_as_it_was_written(period: Period) -> None:
    assert as_read(period=short_forms.written(period)) == period


@given(days)
def test_days_read_as_they_were_written(days: Days) -> None:
    assert as_read(days=short_forms.written(days)) == days


@given(
    country_codes,
    some.none() | words,
    some.none() | some.tuples(some.floats(-90, 90), some.floats(-180, 180)),
)
def test_a_place_reads_as_it_was_written(
    country: str, city: str | None, at: tuple[float, float] | None
) -> None:
    latitude, longitude = at or (None, None)
    place = Place(country=country, city=city, latitude=latitude, longitude=longitude)
    assert as_read(place=short_forms.written(place)) == place


@given(country_codes, some.none() | words)
def test_an_area_part_reads_as_it_was_written(country: str, within: str | None) -> None:
    part = AreaPart(country=country, within=within)
    assert as_read(part=short_forms.written(part)) == part


@given(
    some.decimals(0, Decimal("999999999999.99"), allow_nan=False, allow_infinity=False),
    some.from_regex(r"[A-Z]{3}", fullmatch=True),
)
def test_money_reads_as_it_was_written(amount: Decimal, currency: str) -> None:
    money = Money(amount=amount, currency=currency)
    assert as_read(money=short_forms.written(money)) == money


@given(some.integers(0, 2**62), words, some.sampled_from(Qualifier))
def test_a_count_reads_as_it_was_written(value: int, unit: str, qualifier: Qualifier) -> None:
    count = Qualified(value=value, unit=unit, qualifier=qualifier)
    assert as_read(count=short_forms.written(count)) == count


@pytest.mark.parametrize(
    "text, period",
    [
        ("2027-03-21/2027-03-25", Days(date(2027, 3, 21), date(2027, 3, 25))),
        ("2027-03-21..2027-03-25", Days(date(2027, 3, 21), date(2027, 3, 25))),
        ("2027-03-21", Days(date(2027, 3, 21), date(2027, 3, 21))),
        ("2027-03", Month(2027, 3)),
        ("2027-Q1", Quarter(2027, 1)),
        ("2027-H2", HalfYear(2027, 2)),
        ("2027", WholeYear(2027)),
        ("undated", Undated()),
    ],
)
def test_a_period_is_written_in_many_ways(text: str, period: Period) -> None:
    assert as_read(period=text) == period


def test_a_place_is_a_country_a_city_and_where_that_is() -> None:
    assert as_read(place="VN") == Place(country="VN")
    assert as_read(place="VN Ho Chi Minh City") == Place(country="VN", city="Ho Chi Minh City")
    assert as_read(place="VN Hanoi @21.0278,105.8342") == Place(
        country="VN", city="Hanoi", latitude=21.0278, longitude=105.8342
    )


def test_a_head_says_how_far_a_ledger_is() -> None:
    assert as_read(head="awex=12") == Head("awex", 12)


def test_a_succession_says_who_takes_over_from_when_and_for_whom() -> None:
    assert as_read(succession="IN South India=post-awex-mumbai@2026-12-31:hub+fit") == Succession(
        country="IN",
        within="South India",
        to="post-awex-mumbai",
        from_day=date(2026, 12, 31),
        beneficiaries=("hub", "fit"),
    )


def test_a_succession_can_say_that_nobody_takes_over() -> None:
    assert as_read(succession="CU=nobody@2026-12-31:hub") == Succession(
        country="CU", to=None, from_day=date(2026, 12, 31), beneficiaries=("hub",)
    )


def test_a_leg_has_a_place_a_period_and_perhaps_a_leader() -> None:
    where, when = Place(country="RW", city="Kigali"), Days(date(2022, 3, 25), date(2022, 3, 31))
    assert as_read(leg="RW Kigali, 2022-03-25/2022-03-31, awex") == Leg(
        place=where, period=when, leader="awex"
    )
    assert as_read(leg="RW Kigali, 2022-03-25/2022-03-31") == Leg(place=where, period=when)


def test_an_observation_is_a_sentence() -> None:
    assert as_read(observation="Both look at water") == Observation(text="Both look at water")


@pytest.mark.parametrize("text", ["2027/03", "next year", "2027-03-21/", "21/03/2027"])
def test_what_is_no_period_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        short_forms.period(text)


def test_a_year_is_no_days() -> None:
    with pytest.raises(ValueError, match="2027"):
        short_forms.days("2027")


@pytest.mark.parametrize("text", ["54", "about 40", "-3 companies"])
def test_a_count_needs_its_unit(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        short_forms.qualified(text)


def test_what_has_no_short_form_is_not_written() -> None:
    with pytest.raises(TypeError):
        short_forms.written(Head("awex", 1))
