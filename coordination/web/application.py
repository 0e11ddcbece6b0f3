"""The web application, put together: its pages, who may come in, and what happens on mistakes."""

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from litestar import Litestar, Request, Response
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, MutableScopeHeaders, State
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotAuthorizedException, NotFoundException
from litestar.middleware import DefineMiddleware
from litestar.response import Redirect
from litestar.static_files import create_static_files_router
from litestar.types import Message, Scope
from litestar.utils.scope.state import ScopeState

from coordination.conversion import Malformed
from coordination.deciders.rejection import Rejected
from coordination.mailroom.mailroom import Mailroom
from coordination.mailroom.refusal import MailroomRefused
from coordination.service import Service
from coordination.settings import LANGUAGES
from coordination.store.refusal import StoreRefused
from coordination.web import (
    asking,
    editions,
    explain,
    june,
    languages,
    mission,
    network,
    people,
    plan,
    policies,
    review,
    search,
    september,
    sign_in,
    waiting,
)
from coordination.web.accounts import Accounts
from coordination.web.api import page as api_page
from coordination.web.api import problems
from coordination.web.api.routes import A_MINUTE, routes
from coordination.web.board import Boards
from coordination.web.live import Bell
from coordination.web.pages import STATIC, page
from coordination.web.refused import RefusedActs
from coordination.web.rights import guard
from coordination.web.security import API, CSRF_COOKIE, HEADERS, Recognising
from coordination.web.tokens import Tokens
from coordination.web.visit import Visit
from coordination.wording import Reader

YEAR = 365 * 24 * 3600  # seconds; the address of a static file changes with its bytes
PROBLEMS = problems.STATUSES  # those that have words of their own
log = logging.getLogger(__name__)

PAGES = [
    waiting.waits,
    search.find,
    plan.plan,
    mission.mission,
    explain.explain,
    explain.figure,
    explain.history,
    network.offices,
    network.coverage,
    review.review,
    june.june,
    *september.PAGES,
    editions.editions,
    editions.difference,
    policies.policies,
    *people.PAGES,
    *sign_in.PAGES,
    *asking.PAGES,
    api_page.described,
]


def application(
    service: Service, accounts: Accounts, mailroom: Mailroom, a_minute: int = A_MINUTE
) -> Litestar:
    """
    `a_minute`: how many requests of the API one account may make. `state.bell` ends what is still
    sent to those who look, before the pages end.
    """
    tokens, refused = Tokens(accounts), RefusedActs(accounts)
    bell, boards = Bell(service), Boards()
    index = search.Index()

    def visit_of(request: Request[Any, Any, Any]) -> Visit:
        return _visit(request, service)

    def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return _failed(request, error, service)

    return Litestar(
        [*PAGES, routes(service, mailroom, refused, a_minute), _static()],
        dependencies={
            "visit": Provide(visit_of, sync_to_thread=False),
            "accounts": Provide(lambda: accounts, sync_to_thread=False),
            "bell": Provide(lambda: bell, sync_to_thread=False),
            "boards": Provide(lambda: boards, sync_to_thread=False),
            "index": Provide(lambda: index, sync_to_thread=False),
        },
        middleware=[DefineMiddleware(Recognising, accounts=accounts, tokens=tokens)],
        guards=[guard(refused)],
        exception_handlers=dict.fromkeys(
            (Exception, HTTPException, Malformed, Rejected, StoreRefused, MailroomRefused), failed
        ),
        csrf_config=CSRFConfig(
            accounts.secret("csrf"), cookie_name=CSRF_COOKIE, cookie_httponly=True
        ),
        compression_config=CompressionConfig(
            "gzip",
            minimum_size=1_000,
            exclude_opt_key="live",  # it would hold back what is to be seen at once
        ),
        lifespan=[bell.hung],
        state=State({"bell": bell}),
        before_send=[_protected],
        cache_control=CacheControlHeader(private=True, no_cache=True),
        logging_config=None,  # it would log what people send
        openapi_config=None,
    )


async def _protected(message: Message, scope: Scope) -> None:
    """Every answer has the headers, those to mistakes too."""
    del scope
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers[name] = value


def _static() -> Any:
    return create_static_files_router(
        "/static",
        [STATIC],
        cache_control=CacheControlHeader(public=True, max_age=YEAR, immutable=True),
    )


def _visit(request: Request[Any, Any, Any], service: Service) -> Visit:
    language, path = _split(request)
    if language not in LANGUAGES:
        raise NotFoundException
    return _looked(request, service, language, path)


def _looked(request: Request[Any, Any, Any], service: Service, language: str, path: str) -> Visit:
    return Visit(
        reader=Reader(language),
        service=service,
        path=path,
        query=dict(request.query_params.items()),
        today=service.today(),
        person=request.scope.get("user"),
        csrf=str(ScopeState.from_scope(request.scope).csrf_token or ""),
    )


def _split(request: Request[Any, Any, Any]) -> tuple[str, str]:
    language, _, path = request.scope["path"].lstrip("/").partition("/")
    return language, path


def _failed(request: Request[Any, Any, Any], error: Exception, service: Service) -> Response[Any]:
    """What went wrong, said as a page in the reader's language."""
    if request.scope["path"].startswith(API):
        return _failed_of_api(request, error, service)
    language, path = _split(request)
    if language not in LANGUAGES:
        accepted = request.headers.get("accept-language", "")
        language, path = (
            languages.chosen(accepted, service.settings.language),
            "/".join(part for part in (language, path) if part),
        )
        if request.method == "GET" and not path.startswith("static/"):
            asked = request.url.query
            return Redirect(f"/{language}/{quote(path)}" + (f"?{asked}" if asked else ""))
    if isinstance(error, NotAuthorizedException):
        return Redirect(
            f"/{language}/sign-in?next={quote(_asked(request), safe='')}", status_code=303
        )
    visit = _looked(request, service, language, path)
    reader = visit.reader
    match error:
        case Malformed():
            status = HTTPStatus.BAD_REQUEST
            said = [
                reader.say(
                    "command.problem" if one.given else "command.problem-of-nothing",
                    field=one.field.replace("_", "-"),
                    given=one.given,
                    expected=reader.expected(f"expected.{one.expected}", one.parameters),
                )
                for one in error.problems
            ]
        case Rejected():
            status = HTTPStatus.NOT_FOUND
            said = [reader.say(f"rejection.{error.reason}", **error.parameters)]
        case StoreRefused() | MailroomRefused():
            status = HTTPStatus.SERVICE_UNAVAILABLE
            said = [reader.say(error.key, **error.parameters)]
        case HTTPException():
            status = HTTPStatus(error.status_code)
            said = []
        case _:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            said = []
            _note(request, error)
    problem = status if status in PROBLEMS else 400 if status < 500 else 500
    return page(visit, "failed.html", status, problem=int(problem), said=said)


def _failed_of_api(
    request: Request[Any, Any, Any], error: Exception, service: Service
) -> Response[Any]:
    usual = service.settings.language
    if (told := problems.failed(request, error, usual)) is not None:
        return told
    _note(request, error)
    reader = problems.reader_of(request, usual)
    return problems.problem(reader, HTTPStatus.INTERNAL_SERVER_ERROR)


def _note(request: Request[Any, Any, Any], error: Exception) -> None:
    """Without what people sent."""
    log.error("%s %s", request.method, request.scope["path"], exc_info=error)


def _asked(request: Request[Any, Any, Any]) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
