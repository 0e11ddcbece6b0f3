"""A token acts for an account in one of its roles, for a year, until somebody withdraws it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from coordination.access import Role
from coordination.web.accounts import Accounts, Person
from coordination.web.tokens import NoSuchGrant, Token, Tokens
from tests.coordination.web.site import NOW, PASSWORD, QUICK


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(tmp_path: Path, clock: Clock) -> Iterator[Tokens]:
    accounts = Accounts(tmp_path / "accounts.sqlite", clock, hasher=QUICK)
    roles = [Role.NETWORK, Role.READER]
    accounts.open(accounts.invite("fit", Role.NETWORK), "fit", roles, "vera", PASSWORD)
    yield Tokens(accounts)
    accounts.close()


def test_a_token_acts_in_the_one_role_it_was_made_for(tokens: Tokens) -> None:
    token = tokens.new("Vera", Role.READER, "a map of the posts")
    assert tokens.person(token) == Person(1, "vera", "fit", (Role.READER,))
    assert tokens.person("invented") is None


def test_a_role_that_the_account_has_not_is_refused(tokens: Tokens) -> None:
    for name, role in (("vera", Role.CHIEF_EXECUTIVE), ("nobody", Role.READER)):
        with pytest.raises(NoSuchGrant):
            tokens.new(name, role, "a test")


def test_a_token_lasts_a_year(tokens: Tokens, clock: Clock) -> None:
    token = tokens.new("vera", Role.READER, "a test")
    clock.now += timedelta(days=364)
    assert tokens.person(token) is not None
    clock.now += timedelta(days=1)
    assert tokens.person(token) is None


def test_a_token_that_is_withdrawn_is_nobodys(tokens: Tokens) -> None:
    first, second = (tokens.new("vera", Role.READER, purpose) for purpose in ("CRM", "map"))
    assert tokens.withdraw(1)
    assert not tokens.withdraw(1)
    assert (tokens.person(first), tokens.person(second) is None) == (None, False)
    assert tokens.all() == [
        Token(
            number=2,
            name="vera",
            agency="fit",
            role=Role.READER,
            purpose="map",
            made=NOW,
            ends=NOW + timedelta(days=365),
        )
    ]


def test_only_the_hash_of_a_token_is_kept(tokens: Tokens, tmp_path: Path) -> None:
    token = tokens.new("vera", Role.READER, "a purpose")
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert (b"a purpose" in kept, token.encode() in kept) == (True, False)
