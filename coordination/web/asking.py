"""Asking for something in the browser: fill in, look at what would follow, send, read the answer.

One form for all commands, at their names: `/fr/mission.confirm?mission=mission-awex-2027-hanoi`.
"""

from collections.abc import Mapping, Sequence
from re import fullmatch
from threading import Lock
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from coordination.conversion import fields_of
from coordination.sentences import sentence_of
from coordination.store.answers import Answer, Done, Refused
from coordination.web import blanks, offers
from coordination.web.form import (
    CHANGES,
    KINDS,
    Form,
    Mistake,
    encoded,
    read_form,
    subject,
    without,
)
from coordination.web.pages import page
from coordination.web.sign_in import safe
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visit, Visiting
from coordination.wording import Reader
from projections.read_model import Moment
from schemas.co_organisation import CoOrganisationCounterProposed, CoOrganisationRequested
from schemas.message import Command, name, owner_of, stream_of, subject_of
from schemas.recorded_event import AnyCommand, RecordedEvent
from schemas.vocabulary import Agency

IDENTIFIER = r"[A-Za-z0-9._-]{1,64}"  # schemas.answer.CommandId
TURNS = tuple(Lock() for _ in range(64))


class Written(Struct, frozen=True):
    """A form as it came back: what its blanks hold, and what the page noted (`_step`, `_id` …)."""

    given: dict[str, list[str]]
    noted: dict[str, str]

    @property
    def id(self) -> str | None:
        found = self.noted.get("_id", "")
        return found if fullmatch(IDENTIFIER, found) else None

    @property
    def before(self) -> dict[str, Any]:
        try:
            said = msgspec.json.decode(self.noted.get("_before") or "{}")
        except msgspec.DecodeError:
            return {}
        return said if isinstance(said, dict) else {}


async def written(request: Request[Any, Any, Any]) -> Written:
    form = await request.form()
    given: dict[str, list[str]] = {}
    noted: dict[str, str] = {}
    for key, value in form.multi_items():
        if key.startswith("_"):
            noted[key] = str(value)
        else:
            given.setdefault(key, []).append(str(value).replace("\r\n", "\n"))
    return Written(given, noted)


@get([f"/{{language:str}}/{tag}" for tag in KINDS], name="form")
@in_a_thread
def fill_in(request: Request[Any, Any, Any], visit: Visiting) -> Response[bytes]:
    kind = KINDS[visit.path]
    if refused := _not_for(visit, kind):
        return refused
    query = {key: request.query_params.getall(key) for key in request.query_params}
    given = blanks.filled_by(kind, query)
    now = _as_it_stands(visit, kind, given)
    noted = {
        "_before": encoded(blanks.gathered(kind, now, without(kind)).plain.get("changes", {})),
        "_back": query.get("back", [""])[0],
    }
    said = {_field(name) for name in given}
    kept = {name: values for name, values in now.items() if _field(name) not in said}
    return _form(visit, kind, Written({**kept, **given}, noted))


def _field(name: str) -> tuple[str, ...]:
    """The field of a change that a blank is part of."""
    return tuple(name.split(".")[:2])


@post([f"/{{language:str}}/{tag}" for tag in KINDS])
async def ask(request: Request[Any, Any, Any], visit: Visiting) -> Response[Any]:
    return await _asked(visit, await written(request))


@in_a_thread
def _asked(visit: Visit, form: Written) -> Response[Any]:
    kind = KINDS[visit.path]
    if refused := _not_for(visit, kind):
        return refused
    if form.noted.get("_more") or form.noted.get("_step") == "back":
        return _form(visit, kind, form)
    command, mistakes = read_form(kind, form.given, visit, form.before)
    if command is None:
        return _form(visit, kind, form, mistakes)
    if form.noted.get("_step") != "send":
        [answer] = visit.service.ask_together([(command, None)], keep=False)
        if isinstance(answer, Done):
            return _confirm(visit, command, form, answer.events)
    else:
        identifier = form.id or visit.service.new_id()
        answer = send(visit, command, identifier)
        if isinstance(answer, Done):
            return Redirect(_after(visit, command, identifier, form), status_code=303)
    return _form(visit, kind, form, [Mistake("", why(answer, visit.reader))])


@get([f"/{{language:str}}/{tag}/{{identifier:str}}" for tag in KINDS])
@in_a_thread
def answered(visit: Visiting, identifier: FromPath[str]) -> Response[bytes]:
    """What became of a command, however often one looks."""
    command = visit.path.partition("/")[0]
    stream = visit.query.get(subject(KINDS[command]), "")
    events = visit.service.decided(stream, identifier, visit.agency)
    offered = [undone for event in events if (undone := offers.undoing(event.data, event.agency))]
    back = safe(visit.query.get("back", ""))
    return page(
        visit,
        "answered.html",
        command=command,
        stream=stream,
        entries=[(event, sentence_of(event.data, event.agency, visit.reader)) for event in events],
        undoing=[one for one in offered if _may(visit, one.command)],
        back=back if back != "/" else "",
    )


def send(visit: Visit, command: AnyCommand, identifier: str, meeting: str | None = None) -> Answer:
    """Decide on it, once: a form that is sent twice has one answer."""
    service = visit.service
    if (role := offers.role_for(visit, name(command))) is None:
        return role_may_not(visit, name(command))
    with TURNS[hash(identifier) % len(TURNS)]:
        known = service.decided(stream_of(command), identifier, visit.agency)
        if known:
            return Done(known, 0)
        return service.ask_for(
            visit.agency,
            command,
            command_id=identifier,
            role=role,
            correlation=meeting or getattr(command, "meeting", None),
        ).result()


def _may(visit: Visit, command: str) -> bool:
    return offers.role_for(visit, command) is not None


def role_may_not(visit: Visit, command: str) -> Refused:
    assert visit.person is not None
    allowed = offers.named_roles(visit, command.partition(".")[0])
    return Refused("access.role-may-not", {"role": visit.person.roles, "allowed": allowed})


def _not_for(visit: Visit, kind: type[Command]) -> Response[bytes] | None:
    """Why somebody has no such form: their role, or an agency that this node does not speak for."""
    command = str(kind.__struct_config__.tag)
    if not _may(visit, command):
        refused = role_may_not(visit, command)
    elif visit.agency not in visit.service.settings.speaks_for:
        allowed = ", ".join(visit.service.settings.speaks_for)
        refused = Refused("access.not-spoken-for", {"agency": visit.agency, "allowed": allowed})
    else:
        return None
    said = [why(refused, visit.reader)]
    return page(visit, "failed.html", 403, problem=403, said=said)


def why(refused: Answer, reader: Reader) -> str:
    assert isinstance(refused, Refused)
    return reader.say(f"rejection.{refused.reason}", **refused.parameters)


def _as_it_stands(visit: Visit, kind: type[Command], given: blanks.Given) -> dict[str, list[str]]:
    """Where a command changes what is written of a thing, the form begins with what is."""
    kinds = {field.name: field.annotation for field in fields_of(kind)}
    if kinds.get("changes") not in CHANGES:
        return {}
    stream = next(iter(given.get(subject(kind), ())), "")
    line = _line(visit, stream)
    if line is None:
        return {}
    known = {**blanks.plain(line), "changes": blanks.plain(line)}
    return blanks.spread(kind, {"changes": known["changes"]})


def _line(visit: Visit, stream: str) -> Any:
    moment = Moment(as_of=visit.today)
    match subject_of(stream):
        case "mission":
            return visit.service.questions.mission(stream, moment)
        case "post":
            return visit.service.questions.posts(moment).lines.get(stream)
    return None


def _form(
    visit: Visit, kind: type[Command], written: Written, mistakes: Sequence[Mistake] = ()
) -> Response[bytes]:
    """With what was typed, and what the page noted when it was handed out."""
    of = subject(kind)
    stream = next(iter(written.given.get(of, ())), "")
    line = _line(visit, stream)
    form = Form(visit, kind, written.given, mistakes, written.noted.get("_more", ""))
    fixed = (of,) if line is not None else ()
    at_once, further = form.blanks(fixed)
    return page(
        visit,
        "form.html",
        422 if mistakes else 200,
        command=str(kind.__struct_config__.tag),
        blanks=at_once,
        further=further,
        fixed={of: stream} if fixed else {},
        stream=stream,
        line=line,
        mistakes=mistakes,
        named={one.name: one for blank in (*at_once, *further) for one in _every(blank)},
        more=written.noted.get("_more", ""),
        noted={name: written.noted.get(name, "") for name in ("_before", "_back")},
    )


def _every(blank: Any) -> list[Any]:
    return [blank, *(one for within in blank.within for one in _every(within))]


def _confirm(
    visit: Visit, command: AnyCommand, form: Written, events: tuple[RecordedEvent, ...]
) -> Response[bytes]:
    """What would follow, as the deciders say; nothing is recorded yet."""
    stream = stream_of(command)
    reader = visit.reader
    return page(
        visit,
        "confirm.html",
        command=name(command),
        stream=stream,
        line=_line(visit, stream),
        effective=command.effective,
        sentences=[sentence_of(one.data, one.agency, reader) for one in events],
        concerned=_concerned(visit, command),
        waits_for=[one for event in events if (one := _waits_for(event))],
        owner=owner_of(stream),
        given=form.given,
        noted={
            "_before": form.noted.get("_before", ""),
            "_back": form.noted.get("_back", ""),
            "_id": form.id or visit.service.new_id(),
        },
    )


def _concerned(visit: Visit, command: AnyCommand) -> list[Agency]:
    """Whom a decision touches beside who asks: the owner, who joins, and who is named."""
    stream = stream_of(command)
    found: list[Agency] = [owner_of(stream)]
    for field in ("partner", "beneficiary", "beneficiaries", "agencies", "operated_by"):
        value = getattr(command, field, None) or ()
        found += [value] if isinstance(value, str) else [*value]
    line = _line(visit, stream)
    if line is not None and subject_of(stream) == "mission":
        found += [*line.regions, *(one.agency for one in line.co_organisations)]
    if line is not None and subject_of(stream) == "post":
        found += [one.beneficiary for one in line.sharings]
    return [one for one in dict.fromkeys(found) if one != visit.agency]


def _waits_for(recorded: RecordedEvent) -> Agency | None:
    """Who is asked for an answer (DOMAIN §2: the leading agency answers)."""
    owner = owner_of(recorded.stream)
    match recorded.data:
        case CoOrganisationRequested():
            return owner
        case CoOrganisationCounterProposed(partner=partner, agency=agency):
            return partner if agency == owner else owner
    return None


def _after(visit: Visit, command: AnyCommand, identifier: str, form: Written) -> str:
    query: Mapping[str, str | None] = {
        subject(type(command)): stream_of(command),
        "back": form.noted.get("_back") or None,
    }
    return visit.to(name(command), identifier, **query)


PAGES = (fill_in, ask, answered)
