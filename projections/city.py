"""Montréal and Montreal, Hanoi and hanoi: one city, however it is written."""

from functools import lru_cache
from unicodedata import combining, normalize

from schemas.vocabulary import Country, Place


@lru_cache(maxsize=4_096)  # there are a few hundred places
def city_key(place: Place) -> tuple[Country, str] | None:
    """What two writings of one city have in common; None where no city is known."""
    if place.city is None:
        return None
    letters = normalize("NFKD", place.city.casefold())
    return place.country, "".join(one for one in letters if not combining(one))
