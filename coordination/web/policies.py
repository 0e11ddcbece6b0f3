"""The policies in force, each with who says so."""

from litestar import Response, get

from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visiting
from schemas.asking import AskPolicies


@get("/{language:str}/policies")
@in_a_thread
def policies(visit: Visiting) -> Response[bytes]:
    answer = visit.service.answer(visit.question(AskPolicies))
    return page(visit, "policies.html", answer=answer)
