"""Draws static/maps/ anew, and finds the middle of each country, from the outlines of world-atlas
(Natural Earth, public domain).

npm pack world-atlas@2.0.2 && tar -xzf world-atlas-2.0.2.tgz
python -m coordination.web.map_drawing package/countries-110m.json package/countries-50m.json

A country is a path whose id is its ISO 3166-1 alpha-2 code, so that a page can colour it by
reference; the group `land` has them all.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from babel.core import get_global

from coordination.web.mapping import MIDDLES
from coordination.web.projection import EUROPE, MIDDLE, WORLD, Point, in_europe, on_the_world

MAPS = Path(str(files("coordination.web") / "static" / "maps"))
ANTARCTICA = "010"  # closes over the pole, and nobody trades there
WITHOUT_NUMBER = {"Kosovo": "XK"}  # the code of use; two others stay without any
Ring: TypeAlias = list[Point]
SOUTHERNMOST = -57.0  # where the drawing ends


def main(world: Path, europe: Path) -> None:
    (MAPS / "world.svg").write_text(_drawn(world, WORLD, _on_the_world, 0.35))
    (MAPS / "europe.svg").write_text(_drawn(europe, EUROPE, _in_europe, 0.45))
    middles = {
        code: _middle(max(rings, key=_size))
        for code, rings in _countries(msgspec.json.decode(europe.read_bytes())).items()
        if code is not None
    }
    MIDDLES.write_bytes(msgspec.json.encode(dict(sorted(middles.items()))) + b"\n")


def _drawn(
    atlas: Path, size: tuple[int, int], projected: Callable[[Ring], Iterator[Ring]], detail: float
) -> str:
    width, height = size
    frame = ((0.0, width), (0.0, height))
    paths = []
    for code, rings in _countries(msgspec.json.decode(atlas.read_bytes())).items():
        drawn = [
            _path(simple)
            for ring in rings
            for flat in projected(ring)
            for simple in [_simplified(_clipped(flat, frame), detail)]
            if len(simple) > 3
        ]
        if drawn:
            paths.append(f'<path{f" id={code!r}" if code else ""} d="{"".join(drawn)}"/>')
    body = "\n".join(paths).replace("'", '"')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">\n'
        f'<g id="land">\n{body}\n</g>\n</svg>\n'
    )


def _countries(atlas: dict[str, Any]) -> dict[str | None, list[Ring]]:
    """The rings of each country in degrees, from TopoJSON; far reefs stand under its number too."""
    found: dict[str | None, list[Ring]] = {}
    arcs = [_degrees(arc, atlas["transform"]) for arc in atlas["arcs"]]
    by_number = get_global("territory_aliases")
    for one in atlas["objects"]["countries"]["geometries"]:
        number = one.get("id")
        if number == ANTARCTICA:
            continue
        code = WITHOUT_NUMBER.get(one["properties"]["name"])
        if number in by_number:
            code = by_number[number][0]
        shapes = [one["arcs"]] if one["type"] == "Polygon" else one["arcs"]
        rings = found.setdefault(code, [])
        rings += [_unrolled(_ring(ring, arcs)) for shape in shapes for ring in shape]
    return found


def _unrolled(ring: Ring) -> Ring:
    """Without the jump at 180 degrees."""
    unrolled = [ring[0]]
    for (before, _), (after, latitude) in pairwise(ring):
        turned = (after - before + 180) % 360 - 180
        unrolled.append((unrolled[-1][0] + turned, latitude))
    return unrolled


def _degrees(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Ring:
    (scale_x, scale_y), (from_x, from_y) = transform["scale"], transform["translate"]
    x = y = 0
    found = []
    for right, up in arc:
        x, y = x + right, y + up
        found.append((x * scale_x + from_x, y * scale_y + from_y))
    return found


def _ring(numbers: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    found: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        found += arc[1:] if found else arc
    return found


def _on_the_world(ring: Ring) -> Iterator[Ring]:
    """The pieces of a ring on either side of the cut; the atlas stitches them across it."""
    for turn in (-360, 0, 360):
        sides = ((MIDDLE - 179.99, MIDDLE + 179.99), (SOUTHERNMOST, 90.0))
        piece = _clipped([(x + turn, y) for x, y in ring], sides)
        if piece:
            yield [on_the_world(*point) for point in piece]


def _in_europe(ring: Ring) -> Iterator[Ring]:
    near = _clipped(ring, ((-60.0, 80.0), (10.0, 85.0)))
    if near:
        yield [in_europe(*point) for point in near]


def _clipped(ring: Ring, frame: tuple[tuple[float, float], tuple[float, float]]) -> Ring:
    """Sutherland and Hodgman: what of a ring lies within a rectangle."""
    for axis, (least, most) in enumerate(frame):
        for limit, sign in ((least, 1), (most, -1)):
            kept: Ring = []
            for before, after in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
                inside = [sign * (point[axis] - limit) >= 0 for point in (before, after)]
                if inside[0] != inside[1]:
                    part = (limit - before[axis]) / (after[axis] - before[axis])
                    crossing = [b + part * (a - b) for b, a in zip(before, after, strict=True)]
                    kept.append((crossing[0], crossing[1]))
                if inside[1]:
                    kept.append(after)
            ring = kept
    return ring


def _simplified(ring: Ring, detail: float) -> Ring:
    """Douglas and Peucker: without the points nobody would miss."""
    if len(ring) < 4:
        return ring
    kept, spans = {0, len(ring) - 1}, [(0, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        far, farthest = 0.0, first
        for place in range(first + 1, last):
            away = _away(ring[place], ring[first], ring[last])
            if away > far:
                far, farthest = away, place
        if far > detail:
            kept.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [ring[place] for place in sorted(kept)]


def _away(point: Point, first: Point, last: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, first, last
    length = float(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
    if length == 0:
        return float(((x - x1) ** 2 + (y - y1) ** 2) ** 0.5)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


def _size(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)))


def _middle(ring: Ring) -> Point:
    """Halfway between the ends, to a tenth of a degree: enough to stand for a country."""
    (west, east), (south, north) = ((min(ends), max(ends)) for ends in zip(*ring, strict=True))
    return round((west + east) / 2, 1), round((south + north) / 2, 1)


def _path(ring: Ring) -> str:
    """Relative, in tenths: half as long."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in ring]
    steps = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(tenths))
    moved = "".join(f"l{x / 10:g} {y / 10:g}" for x, y in steps if x or y)
    return f"M{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}{moved}z"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
