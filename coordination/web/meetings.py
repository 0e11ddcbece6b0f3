"""What the agencies have before them when they meet: in June two side by side, in September all."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visiting
from projections.june import June
from projections.september import September
from schemas.asking import AskJune, AskSeptember


@get("/{language:str}/june/{year:str}")
@in_a_thread
def june(visit: Visiting, year: FromPath[str]) -> Response[bytes]:
    answer: June = visit.service.answer(visit.question(AskJune, year=year))
    of: dict[str, Any] = {"year": answer.year, "agency": answer.agency, "other": answer.other}
    met = {"conflicts": len(answer.conflicts), "synergies": len(answer.synergies)}
    found = {one.mission for one in (*answer.own, *answer.others) if one.illustrative}
    for one in (*answer.conflicts, *answer.synergies):
        found |= {one.own} if one.own_illustrative else set()
        found |= {one.other} if one.other_illustrative else set()
    return page(
        visit,
        "june.html",
        answer=answer,
        shown=[visit.figure(f"june.{name}", value, **of) for name, value in met.items()],
        illustrative=len(found),
    )


@get("/{language:str}/september/{year:str}")
@in_a_thread
def september(visit: Visiting, year: FromPath[str]) -> Response[bytes]:
    answer: September = visit.service.answer(visit.question(AskSeptember, year=year))
    counts = {
        "undecided": answer.undecided,
        "decided": answer.decided,
        "proposed": answer.proposed,
    }
    return page(
        visit,
        "september.html",
        answer=answer,
        shown=[
            visit.figure(f"september.{name}", value, year=answer.year)
            for name, value in counts.items()
        ],
        illustrative=sum(row.illustrative for row in answer.rows),
    )
