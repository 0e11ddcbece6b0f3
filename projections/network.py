"""Who serves which part of which country for which agency, and which successors are awaited."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from itertools import product

from msgspec import Struct

from projections.post_line import Basis, Loss, PostLine, meant
from schemas.message import owner_of
from schemas.post import AreaPart, PostId, includes
from schemas.vocabulary import Agency, Country


class Waits(StrEnum):
    """What a successor that was named waits for."""

    TAKE_OVER = "take-over"  # it belongs to another agency, which has not said yes
    DAY = "day"  # it serves from a later day
    POST = "post"  # it is not open, or no longer


class Served(Struct, frozen=True):
    part: AreaPart
    agency: Agency
    line: PostLine
    basis: Basis


class Promise(Struct, frozen=True):
    """What a closing or a hand-over leaves to another post, for one agency."""

    part: AreaPart
    agency: Agency
    from_post: PostId
    to: PostId
    from_day: date


class Network(Struct, frozen=True):
    """`lost` is in order of day; what was lost may have been found again since."""

    operators: frozenset[Agency]
    served: tuple[Served, ...]
    awaited: tuple[tuple[Promise, Waits], ...]
    lost: tuple[tuple[Loss, PostLine], ...]

    @property
    def agencies(self) -> list[Agency]:
        """Every agency that operates a post, or that one serves, served or is to serve."""
        return sorted(self.operators | {agency for _, agency in self._pairs()})

    @property
    def countries(self) -> list[Country]:
        return sorted({part.country for part, _ in self._pairs()})

    def in_country(self, country: Country, agency: Agency) -> list[Served]:
        return [one for one in self.served if one.agency == agency and one.part.country == country]

    def _pairs(self) -> Iterator[tuple[AreaPart, Agency]]:
        yield from ((one.part, one.agency) for one in self.served)
        yield from ((promise.part, promise.agency) for promise, _ in self.awaited)
        yield from ((loss.part, loss.agency) for loss, _ in self.lost)


def network(posts: Mapping[str, PostLine], day: date) -> Network:
    """A named successor of the same owner serves from its day on; one of another owner only once
    it has taken over itself, for nobody decides on the streams of another agency."""
    lines = [posts[stream] for stream in sorted(posts)]
    served = [
        Served(part, agency, line, basis)
        for line in lines
        if line.serves
        for part, agency, basis in line.served()
    ]
    awaited: list[tuple[Promise, Waits]] = []
    for promise in (promise for line in lines for promise in _promises(line)):
        successor = posts.get(promise.to)
        if successor is None or not successor.serves:
            awaited.append((promise, Waits.POST))
        elif any(_keeps(one, promise) for one in served) or _superseded(promise, successor):
            continue
        elif successor.owner != owner_of(promise.from_post):
            awaited.append((promise, Waits.TAKE_OVER))
        elif promise.from_day > day:
            awaited.append((promise, Waits.DAY))
        else:
            served.append(Served(promise.part, promise.agency, successor, Basis.SUCCESSOR))
    lost = ((loss, line) for line in lines for loss in line.lost)
    return Network(
        operators=frozenset(line.operated_by for line in lines if line.operated_by is not None),
        served=tuple(served),
        awaited=tuple(awaited),
        lost=tuple(sorted(lost, key=lambda found: found[0].on)),
    )


def _promises(line: PostLine) -> Iterator[Promise]:
    for handed in line.handed_over:
        for part, agency in product(handed.area, handed.beneficiaries):
            yield Promise(part, agency, line.post, handed.to, handed.on)
    for succession in line.closed.successions if line.closed else ():
        if succession.to is not None:
            named = AreaPart(country=succession.country, within=succession.within)
            for part, agency in product(meant(named, line.area), succession.beneficiaries):
                yield Promise(part, agency, line.post, succession.to, succession.from_day)


def _keeps(one: Served, promise: Promise) -> bool:
    return (
        one.line.post == promise.to
        and one.agency == promise.agency
        and includes(one.part, promise.part)
    )


def _superseded(promise: Promise, successor: PostLine) -> bool:
    """What the successor says of its area or its sharing after the promise prevails over it."""
    area_set_again = successor.area_since > max(promise.from_day, successor.announced_on)
    return area_set_again or any(
        stop.beneficiary == promise.agency and stop.on > promise.from_day
        for stop in successor.stopped
    )
