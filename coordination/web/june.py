"""The June meeting: the intentions of two agencies side by side, what meets first."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from coordination.web import offers
from coordination.web.offers import Offer
from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visit, Visiting
from projections.june import June, Meeting
from schemas.asking import AskJune
from schemas.message import owner_of


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
        offered=_offered(visit, answer),
        only_reads=offers.only_reads(visit, "mission"),
        shown=[visit.figure(f"june.{name}", value, **of) for name, value in met.items()],
        illustrative=len(found),
    )


def _offered(visit: Visit, answer: June) -> dict[tuple[str, str], Offer]:
    """To co-organise what the other agency intends, where one's own intention meets it: for the
    agency of who reads, on each pair that it is one side of and has not yet spoken of."""
    if visit.in_time or offers.role_for(visit, "mission.request-co-organisation") is None:
        return {}
    if visit.agency not in (answer.agency, answer.other):
        return {}
    theirs = {
        (one.own, one.other): one.other if visit.agency == answer.agency else one.own
        for one in (*answer.conflicts, *answer.synergies)
    }
    lines = visit.service.questions.missions(visit.moment("agency", "other")).lines
    found = {}
    for one in (*answer.conflicts, *answer.synergies):
        pair = (one.own, one.other)
        line = lines.get(theirs[pair])
        if line is None or not offers.may_ask_to_join(line, visit.agency):
            continue
        found[pair] = Offer(
            "mission.request-co-organisation",
            {"mission": line.mission, "terms.reason": _reason(visit, one), "back": visit.here()},
        )
    return found


def _reason(visit: Visit, one: Meeting) -> str:
    """What the two have in common, in the words of who asks."""
    own = one.own if visit.agency == owner_of(one.own) else one.other
    where = visit.reader.listed(visit.reader.country(code) for code in one.countries)
    return visit.reader.say("web.june-reason", mission=own, where=where)
