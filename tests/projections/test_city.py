from projections.city import city_key
from schemas.vocabulary import Place


def test_a_city_is_one_however_it_is_written() -> None:
    written = ["Montréal", "Montreal", "MONTREAL"]
    assert {city_key(Place(country="CA", city=city)) for city in written} == {("CA", "montreal")}


def test_the_same_name_in_another_country_is_another_city() -> None:
    assert city_key(Place(country="US", city="Paris")) != city_key(
        Place(country="FR", city="Paris")
    )


def test_an_unknown_city_is_like_no_other() -> None:
    assert city_key(Place(country="CA")) is None
