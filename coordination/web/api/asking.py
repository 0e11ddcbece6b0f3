"""Every question by its name: `GET /api/plan?year=2027&country=VN`."""

from collections.abc import Callable, Hashable
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from coordination.conversion import Malformed, Problem, fields_of, read
from coordination.deciders.rejection import Rejected
from coordination.service import Service
from coordination.web.api import problems
from coordination.web.api.paging import Paging, cut, has_more, totals
from schemas.asking import AnyQuestion

_PAGING = frozenset(field.name for field in fields_of(Paging))
YEAR_MISSING = "explain.year-missing"  # the one rejection that is a mistake in the question


class Answered(Struct, frozen=True, kw_only=True):
    """
    `question` as it was understood, `totals` of the long lists of the answer, of which this page
    has a part; `next` is the address of the next one. `waiting` are streams at which the answer
    may be behind, as one of their events waits for a person.
    """

    question: AnyQuestion
    totals: dict[str, int]
    next: str | None
    waiting: tuple[str, ...]
    answer: Any


def route(kind: type[Struct], service: Service) -> HTTPRouteHandler:
    tag = str(kind.__struct_config__.tag)

    @get(f"/{tag}", name=f"api {tag}", exclude_from_csrf=True)
    async def asked(request: Request[Any, Any, Any]) -> Response[Any]:
        answer: Callable[[], Response[Any]] = partial(_answer, kind, request, service)
        return await run_sync(answer)

    return asked


def _answer(kind: type[Struct], request: Request[Any, Any, Any], service: Service) -> Response[Any]:
    question, paging = _question(kind, request, service)
    reader = problems.reader_of(request, service.settings.language)
    try:
        state = service.questions.state(question)
        mark = _mark(state, question, paging, service)
        if _has(request, mark):
            return Response(None, status_code=304, headers={"ETag": mark})
        waiting = service.questions.waiting(question)
        whole = service.answer(question)
    except Rejected as rejected:
        if rejected.reason == YEAR_MISSING:
            raise Malformed([Problem("year", "", "missing")]) from None
        detail = reader.say(f"rejection.{rejected.reason}", **rejected.parameters)
        return problems.problem(reader, 404, detail=detail)
    counted = totals(whole)
    after = _next(request, paging) if has_more(counted, paging) else None
    answered = Answered(
        question=question,
        totals=counted,
        next=after,
        waiting=tuple(sorted({one.stream for one in waiting})),
        answer=cut(whole, paging),
    )
    headers = {"ETag": mark, **({"Link": f'<{after}>; rel="next"'} if after else {})}
    return Response(msgspec.json.encode(answered), media_type="application/json", headers=headers)


def _question(
    kind: type[Struct], request: Request[Any, Any, Any], service: Service
) -> tuple[Any, Paging]:
    """The question with its day, and which part of its answer. Raises Malformed."""
    said: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        said[name] = [*said[name], value] if name in said else [value]
    given = {name: values[0] if len(values) == 1 else values for name, values in said.items()}
    paging = {name: given.pop(name) for name in _PAGING & given.keys()}
    wrong: list[Problem] = []
    parts: list[Any] = []
    tag_field = str(kind.__struct_config__.tag_field)
    if tag_field in given:  # the address says it
        allowed = ", ".join(field.name for field in fields_of(kind))
        unknown = Problem(tag_field, str(given.pop(tag_field)), "unknown", {"allowed": allowed})
        wrong.append(unknown)
    for part, values in ((kind, given), (Paging, paging)):
        try:
            parts.append(read(part, values, service.known, text=True))
        except Malformed as malformed:
            wrong += malformed.problems
    if wrong:
        raise Malformed(wrong)
    question, wanted = parts
    if question.as_of is None:
        question = msgspec.structs.replace(question, as_of=service.today())
    return question, wanted


def _mark(state: Hashable, question: Any, paging: Paging, service: Service) -> str:
    """The same as long as the answer is, in this run of the program."""
    said = repr((state, question, paging, id(service)))
    return f'W/"{sha256(said.encode()).hexdigest()[:32]}"'  # weak: it may be sent compressed


def _has(request: Request[Any, Any, Any], mark: str) -> bool:
    said = request.headers.get("if-none-match", "")
    return any(one.strip() in (mark, "*") for one in said.split(","))


def _next(request: Request[Any, Any, Any], paging: Paging) -> str:
    asked = [one for one in request.query_params.multi_items() if one[0] not in _PAGING]
    further = {"limit": paging.limit, "offset": paging.offset + paging.limit}
    return f"{request.scope['path']}?{urlencode([*asked, *further.items()])}"
