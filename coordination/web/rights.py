"""Who may do what over HTTP: one table, with a row for each route. One without a row is nobody's.

What a command needs beyond it, that somebody acts for their own agency and decides on what this
node decides, is checked with the command, by the service.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from anyio.to_thread import run_sync
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from coordination import access
from coordination.access import Role
from coordination.conversion import kinds_by_tag
from coordination.web.accounts import Person
from coordination.web.refused import RefusedActs
from schemas.recorded_event import AnyCommand

EVERYBODY: tuple[Role, ...] | None = None  # signed in or not
SIGNED_IN = tuple(Role)
NOBODY: tuple[Role, ...] = ()

PAGES: Mapping[str, Sequence[Role] | None] = {
    "GET /static/{file_path}": EVERYBODY,
    "HEAD /static/{file_path}": EVERYBODY,
    "GET /{language}/sign-in": EVERYBODY,
    "POST /{language}/sign-in": EVERYBODY,
    "GET /{language}/invitation/{token}": EVERYBODY,
    "POST /{language}/invitation/{token}": EVERYBODY,
    "GET /{language}/api": EVERYBODY,
    "POST /{language}/sign-out": SIGNED_IN,
    "GET /{language}/plan/{year}": SIGNED_IN,
    "GET /{language}/mission/{mission}": SIGNED_IN,
    "GET /{language}": SIGNED_IN,
    "GET /{language}/coverage": SIGNED_IN,
    "GET /{language}/difference/{cycle}": SIGNED_IN,
    "GET /{language}/editions/{cycle}": SIGNED_IN,
    "GET /{language}/explain/figure/{figure}": SIGNED_IN,
    "GET /{language}/explain/{stream}": SIGNED_IN,
    "GET /{language}/history/{stream}": SIGNED_IN,
    "GET /{language}/june/{year}": SIGNED_IN,
    "GET /{language}/offices": SIGNED_IN,
    "GET /{language}/policies": SIGNED_IN,
    "GET /{language}/review/{year}": SIGNED_IN,
    "GET /{language}/search": SIGNED_IN,
    "GET /{language}/september/{year}": SIGNED_IN,
    "GET /{language}/accounts": (Role.ADMINISTRATOR,),
    "POST /{language}/accounts": (Role.ADMINISTRATOR,),
    "POST /{language}/accounts/{account}/remove": (Role.ADMINISTRATOR,),
}
QUESTIONS = {f"GET /api/{tag}": roles for tag, roles in access.READS.items()}
_DECIDES = {tag: access.DECIDES[tag.partition(".")[0]] for tag in kinds_by_tag(AnyCommand)}
COMMANDS = {f"POST /api/{tag}": roles for tag, roles in _DECIDES.items()}
# Their page says why it is not for somebody, as the form of a command has it.
FORMS = {
    f"{method} /{{language}}/{tag}": roles
    for tag, roles in _DECIDES.items()
    for method in ("GET", "POST")
}
TABLE: Mapping[str, Sequence[Role] | None] = {
    **PAGES,
    **FORMS,
    **{f"GET /{{language}}/{tag}/{{identifier}}": SIGNED_IN for tag in _DECIDES},
    "GET /api/openapi.json": EVERYBODY,
    **QUESTIONS,
    **COMMANDS,
}


def guard(refused: RefusedActs) -> Guard:
    async def allowed(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        del handler
        method = str(connection.scope.get("method"))
        route = f"{method} {connection.scope['path_template']}"
        right = EVERYBODY if method == "OPTIONS" else TABLE.get(route, NOBODY)
        if right is None:
            return
        person: Person | None = connection.scope.get("user")
        if person is None:
            raise NotAuthorizedException
        if route in COMMANDS:
            return  # the service says why not, in all languages
        if not set(person.roles) & set(right):
            said = {"role": person.roles[0], "allowed": ", ".join(right)}
            act = connection.scope["path"]
            await run_sync(refused.note, person, act, "", "access.role-may-not", said)
            if route not in FORMS:
                raise PermissionDeniedException

    return allowed
