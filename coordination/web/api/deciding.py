"""Every command by its name: `POST /api/mission.request-co-organisation`."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, post
from litestar.exceptions import ClientException, HTTPException
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct
from msgspec.structs import replace

from coordination import answering
from coordination.conversion import Malformed, Problem, quoted, read
from coordination.mailroom.asked import IdTaken, read_answer
from coordination.mailroom.mailroom import Mailroom
from coordination.repeating import Identified, answer_before, identified, note
from coordination.service import Service
from coordination.store.answers import Answer, Refused
from coordination.web.accounts import Person
from coordination.web.api import problems
from coordination.web.refused import RefusedActs
from coordination.wording import Reader
from schemas.answer import AnswerMalformed, AnswerRejected, CommandId
from schemas.cycle import MeetingId
from schemas.message import stream_of
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency
from schemas.wire import COMMAND_ID, MEETING, MOST

# What somebody may not, whatever stands in the record; all else is a matter of the rules.
NOT_ALLOWED = frozenset({"access.speaks-for-another", "access.role-may-not"})


class Headers(Struct, frozen=True, kw_only=True):
    """How a command is asked, as it says on the wire."""

    command_id: CommandId | None = None
    meeting: MeetingId | None = None


ON_THE_WIRE = {"command_id": COMMAND_ID, "meeting": MEETING}


class Asked(Struct, frozen=True, kw_only=True):
    """A command as it came, and who asks it."""

    person: Person
    command: AnyCommand
    raw: bytes
    said: Headers

    @property
    def meeting(self) -> str | None:
        return self.said.meeting or getattr(self.command, "meeting", None)


class Desk:
    """Where commands are decided, each identifier once, however often it comes at the same time."""

    def __init__(self, service: Service, mailroom: Mailroom, refused: RefusedActs) -> None:
        self.service, self._mailroom, self._refused = service, mailroom, refused
        self._deciding: WeakValueDictionary[tuple[Agency, str], Any] = WeakValueDictionary()
        self._turn = Lock()

    def decide(self, asked: Asked, reader: Reader) -> Response[Any]:
        command_id = asked.said.command_id
        stream = stream_of(asked.command)
        if command_id is None:
            fresh = self.service.new_id()
            answer = self._ask(asked, fresh)
            return self._told(answering.encoded(answering.of(answer, fresh, stream)), reader)
        command = identified(
            asked.person.agency,
            command_id,
            asked.command,
            asked.raw,
            role=None,  # a token has one
            meeting=asked.meeting,
        )
        with self._alone(command):
            try:
                told = answer_before(self.service, self._mailroom, command)
                if told is None:
                    answer = self._ask(asked, command_id)
                    if isinstance(answer, Refused) and answer.reason in NOT_ALLOWED:
                        told = answering.encoded(answering.of(answer, command_id, stream))
                    else:
                        told = note(self._mailroom, command, answer)
            except IdTaken:
                detail = reader.say("web.id-taken", id=command_id)
                return problems.problem(reader, 409, detail=detail)
        return self._told(told, reader)

    def _ask(self, asked: Asked, command_id: str) -> Answer:
        person = asked.person
        answer = self.service.ask_for(
            person.agency,
            asked.command,
            command_id=command_id,
            role=person.roles[0],
            correlation=asked.meeting,
        ).result()
        if isinstance(answer, Refused) and answer.reason in NOT_ALLOWED:
            act = str(type(asked.command).__struct_config__.tag)
            about = stream_of(asked.command)
            self._refused.note(person, act, about, answer.reason, answer.parameters)
        return answer

    @contextmanager
    def _alone(self, command: Identified) -> Iterator[None]:
        with self._turn:
            lock = self._deciding.setdefault((command.asker, command.id), Lock())
        with lock:
            yield

    def _told(self, told: bytes, reader: Reader) -> Response[Any]:
        answer = read_answer(told)
        if isinstance(answer, AnswerRejected):
            status = 403 if answer.reason in NOT_ALLOWED else 409
            detail = getattr(answer.text, reader.language)
            return problems.problem(reader, status, detail=detail, answer=answer)
        return Response(told, media_type="application/json")


def route(kind: type[Struct], desk: Desk) -> HTTPRouteHandler:
    tag = str(kind.__struct_config__.tag)

    @post(
        f"/{tag}",
        name=f"api {tag}",
        status_code=200,
        exclude_from_csrf=True,
        request_max_body_size=MOST,
    )
    async def decided(request: Request[Any, Any, Any]) -> Response[Any]:
        if request.content_type[0] != "application/json":
            raise HTTPException(status_code=415)
        raw = await request.body()
        return await run_sync(partial(_decide, kind, request, raw, desk))

    return decided


def _decide(
    kind: type[Struct], request: Request[Any, Any, Any], raw: bytes, desk: Desk
) -> Response[Any]:
    reader = problems.reader_of(request, desk.service.settings.language)
    try:
        asked = _read(kind, request, raw, desk.service)
    except Malformed as malformed:
        said = tuple(map(answering.mistake, malformed.problems))
        answer = AnswerMalformed(problems=said)
        return problems.problem(reader, 422, mistakes=malformed.problems, answer=answer)
    return desk.decide(asked, reader)


def _read(
    kind: type[Struct], request: Request[Any, Any, Any], raw: bytes, service: Service
) -> Asked:
    """Every mistake of body and headers at once. Raises Malformed, and ClientException where the
    body is no JSON."""
    given = _object(raw)
    person: Person = request.user
    tag = str(kind.__struct_config__.tag)
    wrong: list[Problem] = []
    if (said := given.get("command", tag)) != tag:
        wrong.append(Problem("command", quoted(said), "one-of", {"allowed": tag}))
    filled = {"by": person.agency, "effective": service.today().isoformat()}
    try:
        command: Any = read(kind, {**filled, **given}, service.known)
    except Malformed as malformed:
        wrong += malformed.problems
    try:
        headers = {field: request.headers.get(one) for field, one in ON_THE_WIRE.items()}
        asking = read(Headers, headers, service.known)
    except Malformed as malformed:
        wrong += (replace(one, field=ON_THE_WIRE[one.field]) for one in malformed.problems)
    if wrong:
        raise Malformed(wrong)
    return Asked(person=person, command=command, raw=raw, said=asking)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ClientException from error
    if not isinstance(given, dict):
        raise Malformed([Problem("", quoted(given), "object")])
    return given
