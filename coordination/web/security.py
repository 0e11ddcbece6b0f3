"""Who comes in, and what browsers are told to refuse."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from coordination.web.accounts import SESSION, Accounts
from coordination.web.tokens import Tokens

SESSION_COOKIE = "session"
CSRF_COOKIE = "csrf"
API = "/api/"  # where all paths of the API begin

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
    """Who a request comes from: on a page by its session, on the API by its token and by nothing
    else, so that no other site's page can use it; what an unknown one names is nobody."""

    def __init__(self, app: ASGIApp, accounts: Accounts, tokens: Tokens) -> None:
        super().__init__(app)
        self._accounts, self._tokens = accounts, tokens

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        if connection.scope["path"].startswith(API):
            scheme, _, token = connection.headers.get("authorization", "").partition(" ")
            bears = scheme.lower() == "bearer" and token
            return AuthenticationResult(
                user=self._tokens.person(token.strip()) if bears else None, auth=None
            )
        session = connection.cookies.get(SESSION_COOKIE)
        person = self._accounts.person(session) if session else None
        return AuthenticationResult(user=person, auth=session)


def session_cookie(request: Request[Any, Any, Any], session: str) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=session,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        max_age=int(SESSION.total_seconds()),
    )
