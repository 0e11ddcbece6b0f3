"""Tokens are made, listed and withdrawn on the command line; what was refused is looked back on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coordination.access import Role
from coordination.cli.terminal import ExitCode
from coordination.web.accounts import Accounts
from coordination.web.refused import RefusedActs
from coordination.web.tokens import Tokens
from tests.coordination.cli.running import MORNING, Run
from tests.coordination.web.site import PASSWORD, QUICK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "coordination.accounts.sqlite"
    accounts = Accounts(place, lambda: MORNING, hasher=QUICK)
    accounts.open(accounts.invite("fit", Role.READER), "fit", [Role.READER], "vera", PASSWORD)
    accounts.close()
    return place


def test_a_token_is_shown_once_listed_and_withdrawn(path: Path, run: Callable[..., Run]) -> None:
    made = run("token", "new", "vera", "--role", "reader", "--purpose", "map", "--language", "en")
    sentence, token = made.output.splitlines()
    assert (made.code, sentence) == (
        ExitCode.DONE,
        "The token of vera (FIT, reader), shown this once:",
    )
    accounts = Accounts(path, lambda: MORNING, hasher=QUICK)
    assert Tokens(accounts).person(token) is not None
    accounts.close()
    listed = run("token", "list", "--language", "en")
    assert listed == Run(ExitCode.DONE, "1  vera, FIT, reader: map (until 15 Sept 2027)\n")
    assert run("token", "withdraw", "1", "--language", "en") == Run(
        ExitCode.DONE, "Token 1 opens nothing any more.\n"
    )
    assert run("token", "list", "--language", "en").output == "There is no token.\n"
    assert run("token", "withdraw", "1", "--language", "en") == Run(
        ExitCode.REJECTED, "", "There is no token 1.\n"
    )


def test_a_role_that_the_account_has_not_is_said(path: Path, run: Callable[..., Run]) -> None:
    done = run("token", "new", "vera", "--role", "network", "--purpose", "x", "--language", "en")
    assert (done.code, done.errors) == (
        ExitCode.REJECTED,
        "No account named vera has the role international network.\n",
    )


def test_every_mistake_is_said_at_once(run: Callable[..., Run]) -> None:
    done = run("token", "new", "--role", "king", "--language", "en")
    assert done.code == ExitCode.MALFORMED
    assert [line.partition(":")[0] for line in done.errors.splitlines()] == [
        "NAME",
        "--role",
        "--purpose",
    ]


def test_what_was_refused_is_told_with_its_reason(path: Path, run: Callable[..., Run]) -> None:
    assert run("audit", "--language", "en").output == "Nothing has been refused.\n"
    accounts = Accounts(path, lambda: MORNING, hasher=QUICK)
    person = Tokens(accounts).person(Tokens(accounts).new("vera", Role.READER, "x"))
    assert person is not None
    said = {"agency": "awex", "asker": "fit"}
    RefusedActs(accounts).note(
        person, "mission.confirm", "mission-awex-2027-hanoi", "access.speaks-for-another", said
    )
    accounts.close()
    told = run("audit", "--language", "en").output
    assert told == (
        "2026-09-15T08:00:00+00:00  vera, FIT, reader: mission.confirm mission-awex-2027-hanoi – "
        "The command speaks for AWEX, but FIT gave it.\n"
    )
