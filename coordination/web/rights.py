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
}
QUESTIONS = {f"GET /api/{tag}": roles for tag, roles in access.READS.items()}
COMMANDS = {
    f"POST /api/{tag}": access.DECIDES[tag.partition(".")[0]] for tag in kinds_by_tag(AnyCommand)
}
TABLE: Mapping[str, Sequence[Role] | None] = {
    **PAGES,
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
        # Of a command the service says why, in the words of all languages.
        if route not in COMMANDS and not set(person.roles) & set(right):
            said = {"role": person.roles[0], "allowed": ", ".join(right)}
            act = connection.scope["path"]
            await run_sync(refused.note, person, act, "", "access.role-may-not", said)
            raise PermissionDeniedException

    return allowed
