"""Signing in and out, and opening an account by invitation."""

from typing import Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from coordination.access import Role
from coordination.settings import LANGUAGES
from coordination.web.accounts import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    Accounts,
    Invitation,
    NameTaken,
)
from coordination.web.pages import page
from coordination.web.security import SESSION_COOKIE, session_cookie
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visit, Visiting

AccountsHere: TypeAlias = NamedDependency[Accounts]
Written: TypeAlias = URLEncodedBody[dict[str, str]]
TRIES = RateLimitConfig(("minute", 10))  # a person mistypes a few times; a program would not stop
LONGEST_NAME = 100


def safe(address: str) -> str:
    """Where to go after signing in: a page of ours, never another host."""
    language = address.partition("/")[2].partition("/")[0]
    inside = language in LANGUAGES and "\\" not in address and not address.startswith("//")
    return address if inside else "/"


@get("/{language:str}/sign-in")
async def ask(visit: Visiting) -> Response[bytes]:
    return page(
        visit, "sign_in.html", name="", wrong=False, go_to=safe(visit.query.get("next", ""))
    )


@post("/{language:str}/sign-in", middleware=[TRIES.middleware])
@in_a_thread
def sign_in(
    request: Request[Any, Any, Any], visit: Visiting, accounts: AccountsHere, data: Written
) -> Response[Any]:
    """A new session at each signing in: the one that the browser came with ends."""
    name, go_to = data.get("name", "").strip(), safe(data.get("next", ""))
    session = accounts.sign_in(name, data.get("password", ""))
    if session is None:
        return page(visit, "sign_in.html", 422, name=name, wrong=True, go_to=go_to)
    if before := request.cookies.get(SESSION_COOKIE):
        accounts.sign_out(before)
    return Redirect(
        visit.to() if go_to == "/" else go_to,
        status_code=303,
        cookies=[session_cookie(request, session)],
    )


@post("/{language:str}/sign-out")
@in_a_thread
def sign_out(
    request: Request[Any, Any, Any], visit: Visiting, accounts: AccountsHere
) -> Response[Any]:
    accounts.sign_out(request.cookies[SESSION_COOKIE])
    gone = Redirect(visit.to("sign-in"), status_code=303)
    gone.delete_cookie(SESSION_COOKIE)
    return gone


@get("/{language:str}/invitation/{token:str}")
@in_a_thread
def invited(visit: Visiting, accounts: AccountsHere, token: FromPath[str]) -> Response[bytes]:
    return _invitation(visit, accounts.invitation(token))


@post("/{language:str}/invitation/{token:str}", middleware=[TRIES.middleware])
@in_a_thread
def open_account(
    request: Request[Any, Any, Any],
    visit: Visiting,
    accounts: AccountsHere,
    token: FromPath[str],
    data: Written,
) -> Response[Any]:
    """All that is wrong is said at once; what was filled in stays, but for the passwords."""
    invitation = accounts.invitation(token)
    name, password = data.get("name", "").strip(), data.get("password", "")
    agency = (invitation and invitation.agency) or data.get("agency", "")
    wrong = {}
    if not 0 < len(name) <= LONGEST_NAME:
        wrong["name"] = visit.reader.say("web.name-wrong", most=LONGEST_NAME)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        wrong["password"] = visit.reader.say(
            "web.password-wrong", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD
        )
    elif password != data.get("again", ""):
        wrong["again"] = visit.reader.say("web.again-wrong")
    if agency not in visit.service.settings.speaks_for:
        wrong["agency"] = visit.reader.say("web.agency-wrong")
    if invitation is None or wrong:
        return _invitation(visit, invitation, name, agency, wrong)
    try:
        accounts.open(token, agency, _roles(invitation), name, password)
    except NameTaken:
        wrong["name"] = visit.reader.say("web.name-taken")
        return _invitation(visit, invitation, name, agency, wrong)
    session = accounts.sign_in(name, password)
    assert session is not None
    cookies = [session_cookie(request, session)]
    return Redirect(visit.to(), status_code=303, cookies=cookies)


def _roles(invitation: Invitation) -> tuple[Role, ...]:
    """Whoever sets a node up tries it out too, so decides what its agency decides."""
    if invitation.agency is None:
        return (Role.ADMINISTRATOR, Role.CHIEF_EXECUTIVE)
    return (invitation.role,)


def _invitation(
    visit: Visit,
    invitation: Invitation | None,
    name: str = "",
    agency: str = "",
    wrong: dict[str, str] | None = None,
) -> Response[bytes]:
    status = 404 if invitation is None else 422 if wrong else 200
    return page(
        visit,
        "invitation.html",
        status,
        invitation=invitation,
        roles=_roles(invitation) if invitation else (),
        agencies=visit.service.settings.speaks_for,
        name=name,
        agency=agency,
        wrong=wrong or {},
        least=SHORTEST_PASSWORD,
    )


PAGES = (ask, sign_in, sign_out, invited, open_account)
