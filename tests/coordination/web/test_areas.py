"""Every country lies in one area."""

from collections import Counter

from coordination.reference import countries
from coordination.web import areas


def test_every_country_lies_in_one_area() -> None:
    named = Counter(code for codes in areas._COUNTRIES.values() for code in codes.split())
    assert named == dict.fromkeys(countries(), 1)
