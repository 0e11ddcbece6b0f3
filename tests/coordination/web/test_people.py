"""An administrator invites and removes; nobody else does, and nobody removes themselves."""

import re
from html import unescape

import pytest

from coordination.access import Role
from tests.coordination.web.site import PASSWORD, Site


@pytest.fixture
def administered(closed: Site) -> Site:
    closed.account("vera", role=Role.ADMINISTRATOR)
    closed.sign_in("vera")
    closed.get("/en/accounts")
    return closed


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_sees_the_accounts(closed: Site, role: Role) -> None:
    closed.account("fien", role=role)
    closed.sign_in("fien")
    assert closed.get("/en/accounts").status_code == 403
    assert closed.post("/en/accounts", agency="hub", role="administrator").status_code == 403
    assert closed.post("/en/accounts/1/remove").status_code == 403
    assert "/en/accounts" not in closed.get("/en/").text


def test_an_invitation_is_a_link_that_is_shown_once(administered: Site) -> None:
    answer = administered.post("/en/accounts", agency="fit", role="network")
    [link] = re.findall(r">(http[^<]+/en/invitation/[^<]+)<", answer.text)
    assert link not in administered.get("/en/accounts").text
    path = unescape(link).partition("/en/")[2]
    administered.post("/en/sign-out")
    administered.get(f"/en/{path}")
    administered.post(f"/en/{path}", name="fien", password=PASSWORD, again=PASSWORD)
    person = administered.accounts.person(administered.client.cookies["session"])
    assert person is not None
    assert (person.name, person.agency, person.roles) == ("fien", "fit", (Role.NETWORK,))


@pytest.mark.parametrize(
    "fields", [{"agency": "nobody", "role": "reader"}, {"agency": "hub", "role": "king"}, {}]
)
def test_only_what_exists_can_be_invited(administered: Site, fields: dict[str, str]) -> None:
    answer = administered.post("/en/accounts", **fields)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_who_is_removed_is_out_at_once(administered: Site) -> None:
    administered.account("fien", agency="fit")
    session = administered.accounts.sign_in("fien", PASSWORD)
    assert session is not None
    person = administered.accounts.person(session)
    assert person is not None
    assert administered.post(f"/en/accounts/{person.account}/remove").status_code == 303
    assert administered.accounts.person(session) is None
    assert administered.accounts.sign_in("fien", PASSWORD) is None
    assert [one.name for one in administered.accounts.all()] == ["vera"]


def test_nobody_removes_themselves_or_who_is_not_there(administered: Site) -> None:
    [vera] = administered.accounts.all()
    assert administered.post(f"/en/accounts/{vera.account}/remove").status_code == 403
    assert administered.post("/en/accounts/99/remove").status_code == 404
    assert administered.accounts.all() == [vera]
