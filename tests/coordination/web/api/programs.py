"""Programs of an agency, each with the token of an account."""

from typing import Any

import msgspec
from httpx import Response
from msgspec import Struct

from coordination.access import Role
from coordination.web.refused import RefusedActs
from coordination.web.tokens import Tokens
from schemas.vocabulary import HUB, Agency
from tests.coordination.web.site import Site

OSLO: dict[str, Any] = {
    "mission": "mission-hub-2027-oslo",
    "action": "group-stand",
    "title": {"fr": "Énergie à Oslo"},
    "period": {"period": "month", "year": 2027, "month": 4},
    "places": [{"country": "NO", "city": "Oslo"}],
    "sectors": ["energy"],
}


class Programs:
    def __init__(self, site: Site) -> None:
        self.site, self.tokens = site, Tokens(site.accounts)
        self.refused = RefusedActs(site.accounts)
        self._made: dict[str, Program] = {}

    def of(self, agency: Agency = HUB, role: Role = Role.CHIEF_EXECUTIVE) -> "Program":
        name = f"{agency} {role}"
        if name not in self._made:
            self.site.account(name, agency, role)
            self._made[name] = Program(self.site, self.tokens.new(name, role, "a test"))
        return self._made[name]


class Program(Struct, frozen=True):
    site: Site
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, question: str, headers: dict[str, str] | None = None, **said: Any) -> Response:
        return self.site.client.get(
            f"/api/{question}", params=said or None, headers={**self.headers, **(headers or {})}
        )

    def decide(self, tag: str, headers: dict[str, str] | None = None, **said: Any) -> Response:
        return self.send(tag, msgspec.json.encode(said), headers)

    def send(self, tag: str, raw: bytes, headers: dict[str, str] | None = None) -> Response:
        said = {"Content-Type": "application/json", **self.headers, **(headers or {})}
        return self.site.client.post(f"/api/{tag}", content=raw, headers=said)
