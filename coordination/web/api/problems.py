"""What went wrong, as RFC 9457 has it, in the reader's language."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from msgspec import Struct

from coordination.conversion import Malformed
from coordination.conversion import Problem as Mistaken
from coordination.mailroom.refusal import MailroomRefused
from coordination.store.refusal import StoreRefused
from coordination.web import languages
from coordination.wording import Reader
from schemas.answer import AnswerMalformed, AnswerRejected, Parameters

MEDIA = "application/problem+json"
# In the order of the documentation: what each status means is said by `web.problem.<status>`.
STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


class FieldMistake(Struct, frozen=True, kw_only=True):
    """A field that is not as the language has it: what was given, and in `text` what is allowed.

    `expected` and its parameters say the same to programs.
    """

    field: str
    given: str
    expected: str
    text: str
    parameters: Parameters = {}


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem of RFC 9457; title, detail and mistakes are in the language of the reader.

    `answer` is what became of a command, in all languages, as every door answers it.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    mistakes: tuple[FieldMistake, ...] = ()
    answer: AnswerRejected | AnswerMalformed | None = None


def type_of(status: int) -> str:
    """A place on the page of the API, which says more."""
    return f"/api#problem-{status}"


def reader_of(request: Request[Any, Any, Any], usual: str) -> Reader:
    return Reader(languages.chosen(request.headers.get("accept-language", ""), usual))


def problem(
    reader: Reader,
    status: int,
    *,
    detail: str = "",
    mistakes: Iterable[Mistaken] = (),
    answer: AnswerRejected | AnswerMalformed | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    said = Problem(
        type=type_of(status),
        title=reader.say(f"web.problem.{status}"),
        status=status,
        detail=detail,
        mistakes=tuple(_mistake(one, reader) for one in mistakes),
        answer=answer,
    )
    return Response(
        msgspec.json.encode(said),
        status_code=status,
        media_type=MEDIA,
        headers={"Content-Language": reader.language, **(headers or {})},
    )


def failed(request: Request[Any, Any, Any], error: Exception, usual: str) -> Response[bytes] | None:
    """The answer to an error; None for one that nobody foresaw."""
    reader = reader_of(request, usual)
    match error:
        case Malformed():
            return problem(reader, HTTPStatus.UNPROCESSABLE_ENTITY, mistakes=error.problems)
        case StoreRefused() | MailroomRefused():
            said = reader.say(error.key, **error.parameters)
            return problem(reader, HTTPStatus.SERVICE_UNAVAILABLE, detail=said)
        case HTTPException():
            status = error.status_code if error.status_code in STATUSES else HTTPStatus.BAD_REQUEST
            detail = reader.say("web.not-json") if status == HTTPStatus.BAD_REQUEST else ""
            return problem(reader, status, detail=detail, headers=_headers(error))
    return None


def _headers(error: HTTPException) -> dict[str, str]:
    headers = {**(error.headers or {})}
    match error.status_code:
        case HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        case HTTPStatus.TOO_MANY_REQUESTS:
            headers["Retry-After"] = headers.get("RateLimit-Reset", "60")
    return headers


def _mistake(said: Mistaken, reader: Reader) -> FieldMistake:
    return FieldMistake(
        field=said.field,
        given=said.given,
        expected=said.expected,
        text=reader.expected(f"expected.{said.expected}", said.parameters),
        parameters={**said.parameters},
    )
