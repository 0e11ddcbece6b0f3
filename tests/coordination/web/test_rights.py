"""The one table of who may do what, tried: each role on each route, for its agency and others."""

from collections.abc import Iterator

import msgspec
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec.structs import replace

from coordination.access import Role
from coordination.web.rights import COMMANDS, EVERYBODY, QUESTIONS, TABLE
from schemas.examples import COMMANDS as EXAMPLES
from schemas.message import Command, name
from schemas.vocabulary import AWEX, FIT, HUB
from tests.coordination.web.api.programs import Program, Programs
from tests.coordination.web.site import Site

# What stands for each part of an address.
PARTS = {
    "account": "77",
    "cycle": "cycle-hub-2026",
    "figure": "policies",
    "file_path": "app.css",
    "identifier": "id",
    "language": "en",
    "mission": "mission-awex-2027-hanoi",
    "stream": "mission-awex-2027-hanoi",
    "token": "invented",
    "year": "2027",
}
PAGES = [route for route in TABLE if not route.partition(" ")[2].startswith("/api/")]
REFUSED = (303, 401, 403)


def routes(app: Litestar) -> Iterator[str]:
    for route in app.routes:
        assert isinstance(route, HTTPRoute)
        methods = (str(getattr(method, "value", method)) for method in route.methods)
        yield from (f"{method} {route.path_format}" for method in methods if method != "OPTIONS")


def test_every_route_has_its_row_and_every_row_its_route(closed: Site) -> None:
    app = closed.client.app
    assert isinstance(app, Litestar)
    assert set(routes(app)) == set(TABLE)


def test_who_is_not_known_gets_what_is_for_everybody(closed: Site) -> None:
    got = {route: answered(closed, route) for route in TABLE}
    assert got == {route: right is EVERYBODY for route, right in TABLE.items()}


@pytest.mark.parametrize("role", Role)
def test_on_the_pages_each_role_gets_what_is_for_it(closed: Site, role: Role) -> None:
    closed.account("vera", HUB, role)
    closed.sign_in("vera")
    in_turn = sorted(PAGES, key=lambda route: route.endswith("sign-out"))
    got = {route: answered(closed, route) for route in in_turn}
    assert got == {route: role in (TABLE[route] or Role) for route in PAGES}


def answered(site: Site, route: str) -> bool:
    """Whether a route does what it is for; one of a form answers a form with mistakes."""
    method, _, template = route.partition(" ")
    address = template
    for part, value in PARTS.items():
        address = address.replace("{" + part + "}", value)
    if method == "POST" and not address.startswith("/api/"):
        site.get("/en/sign-in")  # whose form brings what a form must send
        response = site.post(address)
        leads = response.headers.get("location", "")
        return response.status_code not in REFUSED or (
            address.endswith("/sign-out") and leads.endswith("/sign-in")
        )
    response = site.client.request(method, address, follow_redirects=False)
    return response.status_code not in REFUSED


@pytest.mark.parametrize("role", Role)
def test_each_role_asks_what_it_may_read(api: Programs, role: Role) -> None:
    program = api.of(HUB, role)
    got = {
        route: program.ask(route.removeprefix("GET /api/")).status_code != 403
        for route in QUESTIONS
    }
    assert got == {route: role in right for route, right in QUESTIONS.items()}


@pytest.mark.parametrize("agency", [HUB, AWEX, FIT])
@pytest.mark.parametrize("role", Role)
def test_each_role_decides_what_it_may_for_its_own_agency_alone(
    api: Programs, role: Role, agency: str
) -> None:
    program = api.of(agency, role)
    before = len(api.refused.newest(10_000))
    got, may = {}, {}
    for example in EXAMPLES:
        for by in (HUB, AWEX, FIT):
            asked = (name(example), by)
            got[asked] = decided(program, replace(example, by=by)) != 403
            may[asked] = role in COMMANDS[f"POST /api/{name(example)}"] and by == agency
    assert got == may
    refused = [one for one, allowed in may.items() if not allowed]
    noted = api.refused.newest(10_000)
    assert len(noted) - before == len(refused)
    assert {(one.agency, one.role) for one in noted[: len(refused)]} == {(agency, role)}


def decided(program: Program, command: Command) -> int:
    status: int = program.send(name(command), msgspec.json.encode(command)).status_code
    return status
