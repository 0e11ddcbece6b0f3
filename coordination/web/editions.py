"""The editions of a plan, and what differs between two of them or since one."""

from litestar import Response, get
from litestar.params import FromPath

from coordination.fields import heading, worded_plain
from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visiting
from projections.editions import Difference, Editions, FieldChange
from schemas.asking import AskDifference, AskEditions


@get("/{language:str}/editions/{cycle:str}")
@in_a_thread
def editions(visit: Visiting, cycle: FromPath[str]) -> Response[bytes]:
    answer: Editions = visit.service.answer(visit.question(AskEditions, cycle=cycle))
    secretariat = cycle.rpartition("-")[0]
    return page(visit, "editions.html", answer=answer, cycle=cycle, cycles=secretariat)


@get("/{language:str}/difference/{cycle:str}")
@in_a_thread
def difference(visit: Visiting, cycle: FromPath[str]) -> Response[bytes]:
    question = visit.question(AskDifference, cycle=cycle)
    answer: Difference = visit.service.answer(question)
    known: Editions = visit.service.answer(
        AskEditions(cycle=cycle, as_of=question.as_of, known_on=question.known_on)
    )

    def words(change: FieldChange) -> tuple[str, str, str]:
        before, after = (
            worded_plain(change.field, value, visit.reader)
            for value in (change.before, change.after)
        )
        return heading(change.field, visit.reader), before, after

    return page(
        visit,
        "difference.html",
        answer=answer,
        asked=question,
        cycle=cycle,
        known=known.cycle.editions if known.cycle else (),
        words=words,
    )
