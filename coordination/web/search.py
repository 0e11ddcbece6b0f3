"""Searching everything: missions, posts, cycles, reviews and policies, in any of our languages."""

from collections.abc import Iterable, Iterator
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from coordination.catalogues import label
from coordination.reference import country_name
from coordination.settings import LANGUAGES
from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visiting
from projections.mission_line import MissionLine
from projections.policies import PolicyLine
from projections.post_line import PostLine
from projections.read_model import Reference
from projections.search import Document, document, search
from schemas.vocabulary import Country, Place

MOST = 60  # a reader who sees more says another word


class Known(Struct, frozen=True):
    behind: tuple[Reference, ...]
    said: Document


class Index:
    """What is said of each thing, made once as long as no event changes it."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def said(self, stream: str, line: Any, behind: tuple[Reference, ...]) -> Document:
        known = self._known.get(stream)
        if known is None or known.behind != behind:
            known = self._known[stream] = Known(behind, _document(stream, line))
        return known.said


@get("/{language:str}/search")
@in_a_thread
def find(visit: Visiting, index: NamedDependency[Index]) -> Response[bytes]:
    query = visit.query.get("q", "")
    lines, documents = {}, {}
    for stream, line, behind in visit.service.questions.everything(visit.moment("q")):
        lines[stream] = line
        documents[stream] = index.said(stream, line, behind)
    found = search(documents, query)
    shown = [(stream, lines[stream]) for stream in found[:MOST]]
    return page(
        visit,
        "search.html",
        query=query,
        found=len(found),
        most=MOST,
        missions=[one for one in shown if isinstance(one[1], MissionLine)],
        posts=[one for one in shown if isinstance(one[1], PostLine)],
        others=[stream for stream, line in shown if not isinstance(line, MissionLine | PostLine)],
    )


def _document(stream: str, line: Any) -> Document:
    match line:
        case MissionLine():
            titles = (getattr(line.title, code) for code in LANGUAGES)
            cities = (place.city for place in line.stops)
            return document(filter(None, (*titles, *cities)), (stream, *_of_mission(line)))
        case PostLine():
            places = line.places if line.place is None else (line.place,)
            return document(
                filter(None, (place.city for place in places)),
                (
                    *(stream, line.function, *_agency(line.operated_by), *_countries(places)),
                    *_names(part.country for part in line.area),
                    *(part.within for part in line.area if part.within),
                ),
            )
        case PolicyLine():
            return document(_labels("topic", line.topic), (stream, line.source, line.attributed_to))
    return document((stream,), ())


def _of_mission(line: MissionLine) -> Iterator[str]:
    yield from (*line.themes, *line.partners, line.coordinated_by or "")
    yield from _countries(line.stops)
    for sector in line.sectors:
        yield from _labels("sector", sector)
    yield from _labels("action", line.action)
    for agency in line.regions:
        yield from _agency(agency)


def _countries(places: Iterable[Place]) -> Iterator[str]:
    return _names(place.country for place in places)


def _names(countries: Iterable[Country]) -> Iterator[str]:
    return (country_name(one, language) for one in countries for language in LANGUAGES)


def _labels(vocabulary: str, code: str) -> Iterator[str]:
    return (label(vocabulary, code, language) for language in LANGUAGES)


def _agency(code: str | None) -> Iterator[str]:
    return _labels("agency", code) if code else iter(())
