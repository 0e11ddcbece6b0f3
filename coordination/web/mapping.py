"""What stands on the maps, and where: beside each other at one place, not over each other."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from math import cos, radians, sin
from pathlib import Path

import msgspec
from msgspec import Struct

from coordination.web.projection import Point, in_europe, on_the_world, shows_europe
from schemas.vocabulary import Agency, Country, Place

MIDDLES = Path(str(files("coordination.web") / "middles.json"))


class Marker(Struct, frozen=True):
    """Something at a place, in degrees: whose it is, what it is in words, where it leads."""

    longitude: float
    latitude: float
    agency: Agency | None
    words: str
    address: str


class Placed(Struct, frozen=True):
    """A marker on a drawing, in the drawing's units."""

    x: float
    y: float
    marker: Marker


class Maps(Struct, frozen=True):
    world: tuple[Placed, ...]
    europe: tuple[Placed, ...]


def degrees(place: Place) -> Point | None:
    """Longitude and latitude; the middle of the country where the record says no more."""
    if place.longitude is not None and place.latitude is not None:
        return place.longitude, place.latitude
    return _middles().get(place.country)


@cache
def _middles() -> dict[Country, Point]:
    return msgspec.json.decode(MIDDLES.read_bytes(), type=dict[str, tuple[float, float]])


def mapped(markers: Iterable[Marker]) -> Maps:
    markers = list(markers)
    near = (one for one in markers if shows_europe(in_europe(one.longitude, one.latitude)))
    return Maps(
        tuple(_apart(((on_the_world(m.longitude, m.latitude), m) for m in markers), 4.0)),
        tuple(_apart(((in_europe(m.longitude, m.latitude), m) for m in near), 6.0)),
    )


def _apart(placed: Iterable[tuple[Point, Marker]], distance: float) -> Iterable[Placed]:
    """Several at one place stand in a ring around it."""
    at: dict[tuple[int, int], list[tuple[Point, Marker]]] = defaultdict(list)
    for point, marker in placed:
        at[round(point[0]), round(point[1])].append((point, marker))
    for there in at.values():
        away = distance if len(there) > 1 else 0.0
        for number, ((x, y), marker) in enumerate(there):
            turn = radians(360 * number / len(there))
            yield Placed(round(x + away * cos(turn), 1), round(y + away * sin(turn), 1), marker)
