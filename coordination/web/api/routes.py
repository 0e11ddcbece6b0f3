"""The API, put together: a route for each message, and how often one may ask."""

from typing import Any

from litestar import Request, Router
from litestar.middleware.rate_limit import RateLimitConfig, get_remote_address

from coordination.conversion import kinds_by_tag
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.web.api import asking, deciding
from coordination.web.api.deciding import Desk
from coordination.web.api.description import described
from coordination.web.refused import RefusedActs
from schemas.asking import AnyQuestion
from schemas.recorded_event import AnyCommand

A_MINUTE = 600  # requests of an account, or of an address where nobody is known


def routes(service: Service, mailroom: Mailroom, refused: RefusedActs, a_minute: int) -> Router:
    desk = Desk(service, mailroom, refused)
    limit = RateLimitConfig(
        ("minute", a_minute), identifier_for_request=_whose, store="requests_of_the_api"
    )
    return Router(
        "/api",
        route_handlers=[
            described,
            *(asking.route(kind, service) for kind in kinds_by_tag(AnyQuestion).values()),
            *(deciding.route(kind, desk) for kind in kinds_by_tag(AnyCommand).values()),
        ],
        middleware=[limit.middleware],
    )


def _whose(request: Request[Any, Any, Any]) -> str:
    person = request.scope.get("user")
    return f"account {person.account}" if person else get_remote_address(request)
