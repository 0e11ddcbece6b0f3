"""An account is opened by invitation, once; a session lasts a day; only hashes are kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from coordination.access import Role
from coordination.web.accounts import Accounts, Invitation, NameTaken, Person, beside
from tests.coordination.web.site import NOW, PASSWORD, QUICK


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts(tmp_path / "accounts.sqlite", clock, hasher=QUICK)
    yield opened
    opened.close()


def open_one(accounts: Accounts, name: str = "vera", *roles: Role) -> None:
    token = accounts.invite("fit", Role.NETWORK)
    accounts.open(token, "fit", roles or [Role.NETWORK], name, PASSWORD)


def test_an_invitation_opens_one_account(accounts: Accounts) -> None:
    token = accounts.invite("fit", Role.NETWORK)
    assert accounts.invitation(token) == Invitation("fit", Role.NETWORK)
    assert not accounts.any
    accounts.open(token, "fit", [Role.NETWORK], "vera", PASSWORD)
    assert accounts.any
    assert accounts.invitation(token) is None
    with pytest.raises(LookupError):
        accounts.open(token, "fit", [Role.NETWORK], "other", PASSWORD)


def test_an_invitation_lasts_a_week(accounts: Accounts, clock: Clock) -> None:
    token = accounts.invite("fit", Role.NETWORK)
    clock.now += timedelta(days=7)
    assert accounts.invitation(token) is None
    with pytest.raises(LookupError):
        accounts.open(token, "fit", [Role.NETWORK], "vera", PASSWORD)


def test_of_the_invitations_to_the_first_account_the_last_is_good(accounts: Accounts) -> None:
    first, second = (accounts.invite(None, Role.ADMINISTRATOR) for _ in range(2))
    assert accounts.invitation(first) is None
    assert accounts.invitation(second) == Invitation(None, Role.ADMINISTRATOR)


def test_a_name_is_taken_once_however_it_is_written(accounts: Accounts) -> None:
    open_one(accounts)
    token = accounts.invite("hub", Role.READER)
    with pytest.raises(NameTaken):
        accounts.open(token, "hub", [Role.READER], "Vera", PASSWORD)
    assert accounts.invitation(token) == Invitation("hub", Role.READER)


def test_who_signs_in_is_known_by_the_session(accounts: Accounts) -> None:
    open_one(accounts, "vera", Role.NETWORK, Role.CHIEF_EXECUTIVE)
    session = accounts.sign_in("vera", PASSWORD)
    assert session is not None
    roles = (Role.CHIEF_EXECUTIVE, Role.NETWORK)
    assert accounts.person(session) == Person(1, "vera", "fit", roles)
    accounts.sign_out(session)
    assert accounts.person(session) is None


@pytest.mark.parametrize("name, password", [("vera", "not this one"), ("nobody", PASSWORD)])
def test_a_wrong_name_or_password_opens_nothing(
    accounts: Accounts, name: str, password: str
) -> None:
    open_one(accounts)
    assert accounts.sign_in(name, password) is None


def test_a_session_ends_after_a_working_day(accounts: Accounts, clock: Clock) -> None:
    open_one(accounts)
    session = accounts.sign_in("vera", PASSWORD)
    assert session is not None
    clock.now += timedelta(hours=12)
    assert accounts.person(session) is None


def test_each_signing_in_has_a_session_of_its_own(accounts: Accounts) -> None:
    open_one(accounts)
    sessions = [accounts.sign_in("vera", PASSWORD) for _ in range(2)]
    assert len(set(sessions)) == 2


def test_nothing_that_opens_a_door_is_kept_as_it_is(accounts: Accounts, tmp_path: Path) -> None:
    open_one(accounts)
    invitation, session = accounts.invite("fit", Role.READER), accounts.sign_in("vera", PASSWORD)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"vera" in kept
    secrets = [PASSWORD, invitation, session or ""]
    assert [secret for secret in secrets if secret.encode() in kept] == []


def test_the_file_is_for_its_owner_only(accounts: Accounts, tmp_path: Path) -> None:
    assert accounts.any is False
    assert (tmp_path / "accounts.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_secret_stays_the_same(accounts: Accounts, tmp_path: Path) -> None:
    before = accounts.secret("csrf")
    again = Accounts(tmp_path / "accounts.sqlite", Clock(), hasher=QUICK)
    assert again.secret("csrf") == before != again.secret("other")
    again.close()


def test_the_file_lies_beside_the_store(tmp_path: Path) -> None:
    place = tmp_path / "coordination.sqlite"
    assert beside(place) == tmp_path.resolve() / "coordination.accounts.sqlite"
