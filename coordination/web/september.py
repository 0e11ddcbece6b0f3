"""The September meeting: a line per action, answered in place; everybody in the room sees it."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeAlias

from litestar import MediaType, Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.response.sse import ServerSentEvent
from msgspec import Struct
from msgspec.structs import replace

from coordination.store.answers import Done
from coordination.web import board, offers
from coordination.web.asking import Written, send, why, written
from coordination.web.board import IN_PLACE, TOKEN, Boards, Drawn, Said
from coordination.web.form import KINDS, Mistake, read_form
from coordination.web.live import Bell, stream
from coordination.web.pages import page
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visit, Visiting
from projections.editions import Editions
from schemas.asking import AskEditions, AskSeptember
from schemas.cycle import AFTER_SEPTEMBER, HoldTriRegional, PublishEdition
from schemas.message import name
from schemas.period import Year

PROJECTOR = "projector"
EDITION = "edition"  # closing the meeting publishes it


class Room(Struct, frozen=True):
    """The board of one plan, as one reader meets it."""

    visit: Visit
    year: Year
    boards: Boards
    bell: Bell

    @property
    def cycle(self) -> str:
        """In year N the agencies plan N+1 together [S4]."""
        return f"cycle-{self.visit.service.settings.secretariat}-{self.year - 1}"

    @property
    def meeting(self) -> str:
        """What is decided on the board carries it."""
        return f"meeting-{self.year - 1}-september"

    def page(self, status: int = 200, mistakes: Sequence[Mistake] = ()) -> Response[bytes]:
        visit, secretariat = self.visit, self.visit.service.settings.secretariat
        large = visit.query.get("view") == PROJECTOR
        now = self.boards.drawn(visit, self.year, large, self.bell.rings)
        cycle: Editions = visit.service.answer(AskEditions(cycle=self.cycle))
        editions = cycle.cycle.editions if cycle.cycle else ()
        may_close = offers.role_for(visit, name(PublishEdition)) and not visit.in_time
        return page(
            visit,
            "projector.html" if large else "september.html",
            status,
            plan_year=self.year,
            parts_of={part: html.replace(TOKEN, visit.csrf) for part, html in now.parts.items()},
            live=None if visit.in_time else visit.to("september", self.year, "live", seen=now.mark),
            cycle=cycle.cycle,
            cycle_id=self.cycle,
            published=next((one for one in editions if one.edition == AFTER_SEPTEMBER), None),
            may_close=may_close and visit.agency == secretariat,
            only_reads=offers.only_reads(visit, "mission"),
            mistakes=mistakes,
            illustrative=sum(row.illustrative for row in board.asked(visit, self.year).rows),
        )

    def decide(self, form: Written, in_place: bool) -> Response[Any]:
        """One answer about one action; the row then says how it stands, or what is wrong."""
        visit, asked = self.visit, form.noted.get("_ask", "")
        if asked not in IN_PLACE:
            return self.page(422)
        mission = next(iter(form.given.get("mission", ())), "")
        command, mistakes = read_form(KINDS[asked], form.given, visit, {})
        if command is not None:
            answer = send(visit, command, visit.service.new_id(), self.meeting)
            if isinstance(answer, Done):
                return self._answered(mission, in_place)
            mistakes = [Mistake("", why(answer, visit.reader))]
        rows = board.asked(visit, self.year).rows
        row = next((one for one in rows if one.mission == mission), None)
        if row is None or not in_place:
            return self.page(422, mistakes)
        said = Said(mistakes, {key: values[0] for key, values in form.given.items()}, asked)
        return _part(board.corrected(visit, self.year, row, said), 422)

    def _answered(self, mission: str, in_place: bool) -> Response[Any]:
        part = board.part(mission)
        if not in_place:
            return Redirect(f"{self.visit.to('september', self.year)}#{part}", status_code=303)
        now = self.boards.drawn(self.visit, self.year, False, self.bell.rings, anew=True)
        return _part(now.of(part, "counts", "agenda").replace(TOKEN, self.visit.csrf))

    def close(self, form: Written, in_place: bool) -> Response[Any]:
        """The meeting is recorded with what was observed, then the plan is frozen. Where the second
        is refused, the first may be said again."""
        del in_place
        visit = self.visit
        lines = [line.strip() for line in form.given.get("observed", [""])[0].splitlines()]
        observed = {f"observations.{n}.text": [line] for n, line in enumerate(lines) if line}
        held = {
            "cycle": [self.cycle],
            "meeting": [self.meeting],
            "agencies": [*visit.service.settings.known],
            **observed,
        }
        edition = {"cycle": [self.cycle], "edition": [AFTER_SEPTEMBER]}
        for kind, given in ((HoldTriRegional, held), (PublishEdition, edition)):
            command, mistakes = read_form(kind, given, visit, {})
            if command is not None:
                answer = send(visit, command, visit.service.new_id(), self.meeting)
                if isinstance(answer, Done):
                    continue
                mistakes = [Mistake("", why(answer, visit.reader))]
            return self.page(422, mistakes)
        return Redirect(visit.to("editions", self.cycle), status_code=303)

    def changes(self, seen: str) -> Callable[[int], Coroutine[Any, Any, tuple[str, str]]]:
        """What is new each time one looks, for a page that shows what is marked `seen`."""
        large = self.visit.query.get("view") == PROJECTOR
        visit = replace(self.visit, query={})
        shown: Drawn | None = None

        def look(rings: int) -> tuple[str, str]:
            nonlocal shown
            now = self.boards.drawn(visit, self.year, large, rings)
            new = now.since(shown) if shown else now.unless(seen)
            shown = now
            return new.replace(TOKEN, visit.csrf), now.mark

        return in_a_thread(look)


def room(
    visit: Visiting,
    year: FromPath[str],
    boards: NamedDependency[Boards],
    bell: NamedDependency[Bell],
) -> Room:
    return Room(visit, visit.question(AskSeptember, "view", "seen", year=year).year, boards, bell)


RoomHere: TypeAlias = NamedDependency[Room]
HERE = {"room": Provide(room, sync_to_thread=False)}


@get("/{language:str}/september/{year:str}", dependencies=HERE)
@in_a_thread
def september(room: RoomHere) -> Response[bytes]:
    return room.page()


@post("/{language:str}/september/{year:str}", dependencies=HERE)
async def decide(request: Request[Any, Any, Any], room: RoomHere) -> Response[Any]:
    form = await written(request)
    asked = room.close if form.noted.get("_ask") == EDITION else room.decide
    return await in_a_thread(asked)(form, request.headers.get("hx-request") == "true")


@get("/{language:str}/september/{year:str}/live", opt={"live": True}, dependencies=HERE)
async def live(request: Request[Any, Any, Any], room: RoomHere) -> ServerSentEvent:
    seen = request.headers.get("last-event-id") or room.visit.query.get("seen", "")
    return stream(room.bell, room.changes(seen))


def _part(html: str, status: int = 200) -> Response[bytes]:
    return Response(html.encode(), media_type=MediaType.HTML, status_code=status)


PAGES = (september, live, decide)
