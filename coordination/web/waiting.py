"""The first page: what waits for the agency of who is signed in."""

from litestar import Response, get

from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Shown, Visiting


@get("/{language:str}/")
@in_a_thread
def waits(visit: Visiting) -> Response[bytes]:
    moment = visit.moment()
    day = moment.as_of or visit.today
    answer = visit.service.questions.waiting_for(visit.agency, moment, day)
    say = visit.reader.say
    counts = {
        "to-answer": (answer.to_answer, say("web.to-answer")),
        "awaited": (answer.awaited, say("web.awaited")),
        "threatened": (answer.threatened, say("web.threatened")),
        "untranslated": (answer.untranslated, say("web.untranslated")),
        "not-yet": (answer.not_yet, say("web.not-yet")),
    }
    parts = (answer.to_answer, answer.awaited, answer.threatened, answer.untranslated)
    return page(
        visit,
        "waiting.html",
        answer=answer,
        shown=[Shown(len(lines), words, f"#{name}") for name, (lines, words) in counts.items()],
        posts=visit.posts(),
        illustrative=sum(one.illustrative for lines in (*parts, answer.not_yet) for one in lines),
    )
