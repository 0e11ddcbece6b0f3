"""A mission with all that is known of it, and who said what when."""

from litestar import Response, get
from litestar.params import FromPath

from coordination.deciders.rejection import Rejected
from coordination.web import offers
from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visiting
from schemas.asking import AskExplanation


@get("/{language:str}/mission/{mission:str}")
@in_a_thread
def mission(visit: Visiting, mission: FromPath[str]) -> Response[bytes]:
    explained = visit.service.answer(visit.question(AskExplanation, stream=mission))
    line = visit.service.questions.mission(mission, visit.moment())
    if line is None and not explained.to_come:
        raise Rejected("mission.unknown", mission=mission)
    return page(
        visit,
        "mission.html",
        line=line,
        explained=explained,
        stream=mission,
        offered=offers.of_mission(line, visit) if line else [],
        only_reads=offers.only_reads(visit, "mission"),
    )
