"""Who comes in, and what browsers are told to refuse."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from coordination.web.accounts import SESSION, Accounts

SESSION_COOKIE = "session"
CSRF_COOKIE = "csrf"
PUBLIC = {"public": True}  # opt of a route that is open to everybody

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Recognising(AbstractAuthenticationMiddleware):
    """Who a request comes from, by its session; what an unknown session names is nobody."""

    def __init__(self, app: ASGIApp, accounts: Accounts) -> None:
        super().__init__(app)
        self._accounts = accounts

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        session = connection.cookies.get(SESSION_COOKIE)
        person = self._accounts.person(session) if session else None
        return AuthenticationResult(user=person, auth=session)


async def signed_in(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Every page but the public ones needs somebody who is signed in, in whatever role."""
    if not handler.opt.get("public") and connection.user is None:
        raise NotAuthorizedException


def session_cookie(request: Request[Any, Any, Any], session: str) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=session,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        max_age=int(SESSION.total_seconds()),
    )
