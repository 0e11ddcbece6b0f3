"""The plan of a year: months by areas, a list, a map; filtered by its address."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct
from msgspec.structs import replace

from coordination.web import offers
from coordination.web.calendar import calendar
from coordination.web.mapping import Marker, degrees, mapped
from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Shown, Visit, Visiting
from projections.mission_plan import Plan, PlanRow
from schemas.action import MissionState, Tag
from schemas.asking import AskPlan
from schemas.vocabulary import Sector

VIEWS = ("calendar", "list", "map")
FILTERS = ("agency", "sector", "country", "tag", "state")


class Choice(Struct, frozen=True):
    """A filter with what it may be set to, by code and in words."""

    name: str
    chosen: str
    options: tuple[tuple[str, str], ...]


@get("/{language:str}/plan/{year:str}")
@in_a_thread
def plan(visit: Visiting, year: FromPath[str]) -> Response[bytes]:
    question = visit.question(AskPlan, "view", year=year)
    answer: Plan = visit.service.answer(question)
    chosen = visit.query.get("view")
    view = chosen if chosen in VIEWS else VIEWS[0]
    rows = (*answer.missions, *answer.undated, *answer.moved_away, *answer.ended)
    return page(
        visit,
        "plan.html",
        plan=answer,
        view=view,
        views=VIEWS,
        months=[date(answer.year, month, 1) for month in range(1, 13)],
        may_publish=offers.role_for(visit, "mission.publish") and not visit.in_time,
        areas=calendar(answer.missions, answer.year) if view == "calendar" else (),
        shown=_figures(visit, answer, question),
        choices=_choices(visit, question),
        filtered=any(visit.query.get(name) for name in FILTERS),
        markers=mapped(_markers(visit, answer.missions) if view == "map" else ()),
        illustrative=sum(row.illustrative for row in rows),
    )


def _figures(visit: Visit, answer: Plan, question: AskPlan) -> list[Shown]:
    """What the plan counts. A figure knows no filter but the agency: under others its lines are
    those of the list."""
    narrowed = any((question.sector, question.country, question.tag, question.state))

    def of(name: str, value: int, words: str, **further: str) -> Shown:
        if narrowed:
            return Shown(value, words, visit.here(view="list", **further))
        year, agency = answer.year, question.agency
        return visit.figure(f"plan.{name}", value, words, year=year, agency=agency)

    reader = visit.reader
    counts: dict[str, tuple[int, str]] = {
        "missions": (len(answer.missions), reader.say("plan.missions"))
    }
    for one in answer.by_tag:
        counts[one.tag] = (one.missions, reader.label("tag", one.tag))
    groups = {
        "undated": (answer.undated, reader.say("plan.undated")),
        "moved-away": (answer.moved_away, reader.say("plan.moved-away")),
        "ended": (answer.ended, reader.say("plan.ended")),
    }
    counts |= {name: (len(rows), words) for name, (rows, words) in groups.items() if rows}
    return [
        of(name, value, words, **({"tag": name} if name in set(Tag) else {}))
        for name, (value, words) in counts.items()
    ]


def _choices(visit: Visit, question: AskPlan) -> list[Choice]:
    """Of countries and sectors only those that the plan of the year has."""
    whole: Plan = visit.service.answer(
        replace(question, agency=None, sector=None, country=None, tag=None, state=None)
    )
    rows = (*whole.missions, *whole.undated, *whole.moved_away, *whole.ended)
    reader = visit.reader
    countries = {country for row in rows for country in row.line.countries}
    sectors = {sector for row in rows for sector in row.line.sectors}
    known = visit.service.settings.known
    return [
        Choice("agency", question.agency or "", tuple((a, reader.agency(a)) for a in known)),
        _choice(visit, "sector", question.sector, [one for one in Sector if one in sectors]),
        Choice("country", question.country or "", visit.countries(countries)),
        _choice(visit, "tag", question.tag, Tag),
        _choice(visit, "state", question.state, MissionState),
    ]


def _choice(visit: Visit, name: str, chosen: Any, codes: Iterable[str]) -> Choice:
    options = tuple((str(code), visit.reader.label(name, code)) for code in codes)
    return Choice(name, chosen or "", options)


def _markers(visit: Visit, rows: Iterable[PlanRow]) -> Iterable[Marker]:
    """Where each mission goes."""
    for row in rows:
        title = visit.reader.title(row.line.title)
        words = f"{title}, {visit.reader.period(row.line.period)}"
        leader = row.regions[0] if row.regions else None
        for place in row.line.stops:
            if at := degrees(place):
                yield Marker(*at, leader, words, visit.to_stream(row.line.mission))
