"""The pages of the demonstration, on the day the tests choose, for who signs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from msgspec import Struct

from coordination.access import Role
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.settings import Settings
from coordination.web.accounts import Accounts
from coordination.web.api.routes import A_MINUTE
from coordination.web.application import application
from schemas.vocabulary import HUB, Agency

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PASSWORD = "a long enough password"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Site(Struct, frozen=True):
    client: TestClient[Litestar]
    accounts: Accounts
    service: Service

    def get(self, address: str, **headers: str) -> Response:
        return self.client.get(address, headers=headers, follow_redirects=False)

    def post(self, address: str, **fields: str) -> Response:
        """As the form of a page does, with the token that came with the page."""
        token = self.client.cookies.get("csrf", "")
        data = {"_csrf_token": token, **fields}
        return self.client.post(address, data=data, follow_redirects=False)

    def account(self, name: str, agency: Agency = HUB, role: Role = Role.COORDINATOR) -> None:
        self.accounts.open(self.accounts.invite(agency, role), agency, [role], name, PASSWORD)

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> Response:
        self.get("/en/sign-in")
        return self.post("/en/sign-in", name=name, password=password, **fields)


@contextmanager
def site(demo: Path, folder: Path, *, a_minute: int = A_MINUTE, **settings: Any) -> Iterator[Site]:
    environ = {"SQLITE_DBNAME": str(demo)}
    accounts = Accounts(folder / "accounts.sqlite", lambda: NOW, hasher=QUICK)
    new_id = (f"web-{number}" for number in count(1)).__next__
    with Service(Settings(**settings), environ, lambda: NOW, new_id) as service:
        with (
            Mailroom(folder / "mailroom.sqlite", lambda: NOW) as mailroom,
            TestClient(application(service, accounts, mailroom, a_minute)) as client,
        ):
            yield Site(client, accounts, service)
        accounts.close()
