"""From degrees to places on our two maps: the world, and Europe larger, where posts are dense.

The world is Equal Earth (Šavrič, Patterson and Jenny 2018), so that countries keep their areas,
and cut in the Bering Strait, so that none is torn. Europe is Lambert's azimuthal equal-area.
"""

from math import asin, cos, radians, sin, sqrt
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]

WORLD = (1000, 452)  # width and height of the drawing, in its own units
EUROPE = (460, 452)

MIDDLE = 11.0  # degrees east; the cut is opposite, where no country is
_NORTH, _WIDEST = 84.0, 2.7066
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_SCALE = WORLD[0] / (2 * _WIDEST)

_CENTRE = (10.0, 51.5)
_EUROPE_SCALE = 800.0
_EUROPE_MIDDLE = (218, 250)


def on_the_world(longitude: float, latitude: float) -> Point:
    east = (longitude - MIDDLE + 180) % 360 - 180
    x, y = _equal_earth(east, latitude)
    return WORLD[0] / 2 + x * _SCALE, (_equal_earth(0, _NORTH)[1] - y) * _SCALE


def _equal_earth(east: float, latitude: float) -> Point:
    """`east` of the middle; both in degrees."""
    root = sqrt(3) / 2
    theta = asin(root * sin(radians(latitude)))
    power = theta**6
    y = theta * (_A[0] + _A[1] * theta**2 + power * (_A[2] + _A[3] * theta**2))
    slope = _A[0] + 3 * _A[1] * theta**2 + power * (7 * _A[2] + 9 * _A[3] * theta**2)
    return radians(east) * cos(theta) / (root * slope), y


def in_europe(longitude: float, latitude: float) -> Point:
    east, north, centre = map(radians, (longitude - _CENTRE[0], latitude, _CENTRE[1]))
    far = 1 + sin(centre) * sin(north) + cos(centre) * cos(north) * cos(east)
    scale = _EUROPE_SCALE * sqrt(2 / max(far, 1e-6))
    x = scale * cos(north) * sin(east)
    y = scale * (cos(centre) * sin(north) - sin(centre) * cos(north) * cos(east))
    return _EUROPE_MIDDLE[0] + x, _EUROPE_MIDDLE[1] - y


def shows_europe(point: Point) -> bool:
    return 0 <= point[0] <= EUROPE[0] and 0 <= point[1] <= EUROPE[1]
