"""The joint network of posts, whole or as an agency sees it, and the cover of countries."""

from collections.abc import Iterable

from litestar import Response, get

from coordination.web.areas import AREA_OF, Area
from coordination.web.mapping import Marker, degrees, mapped
from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Shown, Visit, Visiting, alphabetical
from projections.coverage import Coverage
from projections.offices import JointList, OfficeRow
from projections.post_line import where
from schemas.asking import AskCoverage, AskOffices
from schemas.vocabulary import Country


@get("/{language:str}/offices")
@in_a_thread
def offices(visit: Visiting) -> Response[bytes]:
    answer: JointList = visit.service.answer(visit.question(AskOffices))
    return page(
        visit,
        "offices.html",
        answer=answer,
        shown=_counts(visit, answer),
        areas=_by_area(visit, answer.posts),
        markers=mapped(_markers(visit, answer.posts)),
        posts=visit.posts("seen-by"),
    )


def _counts(visit: Visit, answer: JointList) -> list[Shown]:
    counts = {
        "contributions": answer.contributions,
        "offices": answer.offices,
        "overlaps": len(answer.overlaps),
        "not-yet-open": len(answer.not_yet_open),
        "closed": len(answer.closed),
        "decided": len(answer.decided),
        "illustrative": answer.of_which_illustrative,
    }
    kept = {"contributions", "offices", "overlaps"}
    return [
        visit.figure(f"offices.{name}", value, agency=answer.seen_by)
        for name, value in counts.items()
        if value or name in kept
    ]


def _by_area(visit: Visit, posts: Iterable[OfficeRow]) -> list[tuple[Area, list[OfficeRow]]]:
    """By the names of countries in the reader's language, area after area."""
    ordered = sorted(posts, key=lambda row: _by_name(visit, row))
    found = (
        (area, [row for row in ordered if AREA_OF[where(row).country] is area]) for area in Area
    )
    return [(area, rows) for area, rows in found if rows]


def _by_name(visit: Visit, row: OfficeRow) -> tuple[str, str, str]:
    place = where(row)
    return alphabetical(visit.reader.country(place.country)), place.city or "", row.post


def _markers(visit: Visit, posts: Iterable[OfficeRow]) -> Iterable[Marker]:
    for row in posts:
        place = where(row)
        if at := degrees(place):
            words = f"{visit.reader.place(place)}, {row.function}"
            yield Marker(*at, row.operated_by, words, visit.to_stream(row.post))


@get("/{language:str}/coverage")
@in_a_thread
def coverage(visit: Visiting) -> Response[bytes]:
    question = visit.question(AskCoverage)
    answer: Coverage = visit.service.answer(question)
    countries = {line.country for line in answer.countries}
    return page(
        visit,
        "coverage.html",
        answer=answer,
        question=question,
        shown=_gaps(visit, answer, question),
        countries=sorted(answer.countries, key=lambda line: _named(visit, line.country)),
        choices=visit.countries(countries | _every_country(visit)),
        coloured=sorted({gap.country for gap in (*answer.gaps, *answer.to_come)}),
        markers=mapped(()),
        posts=visit.posts("agency", "country"),
    )


def _named(visit: Visit, country: Country) -> str:
    return alphabetical(visit.reader.country(country))


def _every_country(visit: Visit) -> set[Country]:
    """Whatever the address narrows the page to, other countries can be chosen."""
    times = visit.times("agency", "country")
    whole: Coverage = visit.service.answer(AskCoverage(as_of=times.as_of, known_on=times.known_on))
    return {line.country for line in whole.countries}


def _gaps(visit: Visit, answer: Coverage, question: AskCoverage) -> list[Shown]:
    if question.country is not None:
        return []  # a figure knows no country
    counts = {
        "gaps": len(answer.gaps),
        "to-come": len(answer.to_come),
        "without-cover": sum(len(one.countries) for one in answer.without_cover),
        "covered-by-nobody": len(answer.covered_by_nobody),
    }
    return [
        visit.figure(f"coverage.{name}", value, agency=question.agency)
        for name, value in counts.items()
    ]
