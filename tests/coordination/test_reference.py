import pytest

from coordination.reference import countries, country_name


def test_the_countries_are_those_of_the_iso_list_and_kosovo() -> None:
    assert len(countries()) == 250
    assert {"BE", "VN", "XK", "PS", "HK", "TW"} <= countries()


@pytest.mark.parametrize("code", ["EU", "UN", "XX", "ZZ", "QO", "UK", "be", ""])
def test_what_is_no_country_is_not_taken_for_one(code: str) -> None:
    assert code not in countries()


@pytest.mark.parametrize(
    "language, name",
    [("fr", "Corée du Sud"), ("nl", "Zuid-Korea"), ("de", "Südkorea"), ("en", "South Korea")],
)
def test_a_country_has_a_name_in_each_language(language: str, name: str) -> None:
    assert country_name("KR", language) == name


def test_a_code_without_a_name_stands_for_itself() -> None:
    assert country_name("XX", "fr") == "XX"
