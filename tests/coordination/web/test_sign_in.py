"""Who is not signed in reads nothing; signing in begins a new session, whatever came before."""

import pytest

from coordination.access import Role
from tests.coordination.web.site import PASSWORD, Site


def test_who_is_not_signed_in_is_asked_to_and_comes_back(closed: Site) -> None:
    asked = closed.get("/fr/plan/2027?agency=fit")
    assert (asked.status_code, asked.headers["location"]) == (
        303,
        "/fr/sign-in?next=%2Ffr%2Fplan%2F2027%3Fagency%3Dfit",
    )
    closed.account("vera")
    done = closed.sign_in("vera", next="/fr/plan/2027?agency=fit")
    assert (done.status_code, done.headers["location"]) == (303, "/fr/plan/2027?agency=fit")
    assert closed.get("/fr/plan/2027").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/fr\\example.org", "", "/xx/plan"]
)
def test_signing_in_leads_to_no_other_host(closed: Site, elsewhere: str) -> None:
    closed.account("vera")
    assert closed.sign_in("vera", next=elsewhere).headers["location"] == "/en/"


def test_a_wrong_password_is_said_and_the_name_stays(closed: Site) -> None:
    closed.account("vera")
    answer = closed.sign_in("vera", "something else")
    assert answer.status_code == 422
    assert 'role="alert">Name or password is not right.' in answer.text
    assert 'value="vera"' in answer.text
    assert closed.get("/en/plan/2027").status_code == 303


def test_an_invented_session_is_nobodys_and_is_not_taken_over(closed: Site) -> None:
    closed.account("vera")
    closed.client.cookies.set("session", "invented")
    assert closed.get("/en/plan/2027").status_code == 303
    closed.client.cookies.delete("session")
    done = closed.sign_in("vera")
    cookie = done.headers["set-cookie"]
    assert "session=invented" not in cookie
    assert ("HttpOnly" in cookie, "SameSite=lax" in cookie, "Path=/" in cookie) == (True,) * 3


def test_where_the_way_is_safe_the_session_goes_no_other(closed: Site) -> None:
    closed.account("vera")
    assert "Secure" not in closed.sign_in("vera").headers["set-cookie"]
    closed.client.base_url = "https://testserver.local"
    assert "Secure" in closed.sign_in("vera").headers["set-cookie"]


def test_the_session_before_ends_when_one_signs_in_anew(closed: Site) -> None:
    closed.account("vera")
    closed.sign_in("vera")
    before = closed.client.cookies["session"]
    closed.sign_in("vera")
    assert closed.client.cookies["session"] != before
    assert closed.accounts.person(before) is None


def test_who_signs_out_reads_nothing_more(closed: Site) -> None:
    closed.account("vera")
    closed.sign_in("vera")
    session = closed.client.cookies["session"]
    left = closed.post("/en/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/en/sign-in")
    assert closed.accounts.person(session) is None


def test_a_form_of_another_site_does_nothing(closed: Site) -> None:
    closed.account("vera")
    closed.sign_in("vera")
    session = closed.client.cookies["session"]
    for fields in ({}, {"_csrf_token": "invented"}):
        answer = closed.client.post("/en/sign-out", data=fields)
        assert answer.status_code == 403
    assert closed.accounts.person(session) is not None


def test_after_ten_tries_in_a_minute_one_has_to_wait(closed: Site) -> None:
    closed.account("vera")
    codes = [closed.sign_in("vera", "wrong").status_code for _ in range(10)]
    assert codes == [422] * 10
    assert closed.sign_in("vera").status_code == 429


def test_the_first_account_chooses_its_agency(closed: Site) -> None:
    token = closed.accounts.invite(None, Role.ADMINISTRATOR)
    address = f"/nl/invitation/{token}"
    assert closed.get(address).status_code == 200
    fields = {"name": "vera", "password": PASSWORD, "again": PASSWORD, "agency": "awex"}
    done = closed.post(address, **fields)
    assert (done.status_code, done.headers["location"]) == (303, "/nl/")
    person = closed.accounts.person(closed.client.cookies["session"])
    assert person is not None
    assert (person.agency, person.roles) == ("awex", (Role.ADMINISTRATOR, Role.CHIEF_EXECUTIVE))
    assert closed.get(address).status_code == 404


def test_the_account_of_an_invitation_has_its_agency_and_role(closed: Site) -> None:
    token = closed.accounts.invite("fit", Role.READER)
    address = f"/en/invitation/{token}"
    closed.get(address)
    fields = {"name": "vera", "password": PASSWORD, "again": PASSWORD, "agency": "hub"}
    closed.post(address, **fields)
    person = closed.accounts.person(closed.client.cookies["session"])
    assert person is not None
    assert (person.agency, person.roles) == ("fit", (Role.READER,))


def test_all_that_is_wrong_is_said_beside_its_field(closed: Site) -> None:
    token = closed.accounts.invite(None, Role.ADMINISTRATOR)
    address = f"/en/invitation/{token}"
    closed.get(address)
    answer = closed.post(address, name="", password="short", again="shorter", agency="nobody")
    assert answer.status_code == 422
    for said in (
        "3 fields need a correction.",
        "A name of 1 to 100 characters.",
        "From 12 to 200 characters.",
        "An agency that this node decides for.",
    ):
        assert said in answer.text
    other = closed.post(address, name="vera", password=PASSWORD, again=PASSWORD + "!", agency="hub")
    assert "The two passwords differ." in other.text
    closed.account("vera")
    taken = closed.post(address, name="vera", password=PASSWORD, again=PASSWORD, agency="hub")
    assert "That name is taken." in taken.text
