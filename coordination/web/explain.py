"""How one thing stands and what is behind it, and what a figure counts, line by line."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from coordination.fields import heading, worded
from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visiting
from projections.explanation import Explanation
from schemas.asking import AskExplanation, AskFigure, AskHistory
from schemas.vocabulary import Provenance


@get("/{language:str}/explain/{stream:str}")
@in_a_thread
def explain(visit: Visiting, stream: FromPath[str]) -> Response[bytes]:
    answer: Explanation = visit.service.answer(visit.question(AskExplanation, stream=stream))
    known = {fact.field: fact.value for fact in answer.facts}
    return page(
        visit,
        "explain.html",
        stream=stream,
        explained=answer,
        known=known,
        facts=[
            (heading(name, visit.reader), worded(name, value, visit.reader))
            for name, value in known.items()
        ],
        illustrative=_is_illustrative(known.get("provenance")),
    )


def _is_illustrative(provenance: Any) -> bool:
    return isinstance(provenance, Provenance) and provenance.illustrative


@get("/{language:str}/explain/figure/{figure:str}")
@in_a_thread
def figure(visit: Visiting, figure: FromPath[str]) -> Response[bytes]:
    answer = visit.service.answer(visit.question(AskFigure, figure=figure))
    return page(visit, "figure.html", answer=answer)


@get("/{language:str}/history/{stream:str}")
@in_a_thread
def history(visit: Visiting, stream: FromPath[str]) -> Response[bytes]:
    answer = visit.service.answer(visit.question(AskHistory, stream=stream))
    return page(visit, "history.html", answer=answer)
