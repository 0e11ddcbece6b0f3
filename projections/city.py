"""Montréal and Montreal, Hanoi and hanoi: one city, however it is written."""

from unicodedata import combining, normalize

from schemas.vocabulary import Country, Place


def city_key(place: Place) -> tuple[Country, str] | None:
    """What two writings of one city have in common; None where no city is known."""
    if place.city is None:
        return None
    letters = normalize("NFKD", place.city.casefold())
    return place.country, "".join(one for one in letters if not combining(one))
