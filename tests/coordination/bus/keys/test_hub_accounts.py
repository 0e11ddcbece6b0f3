from pathlib import Path

import pytest

from coordination.bus.keys.hub_accounts import hub_accounts, link_requests, services
from coordination.bus.keys.layout import TAKEN
from coordination.bus.keys.leaf_accounts import USERS, leaf_accounts
from schemas.vocabulary import THREE

DEPLOY = Path(__file__).parents[4] / "deploy" / "nats"
LINKS = {agency: f"PUBLIC-KEY-OF-THE-LINK-OF-{agency.upper()}" for agency in THREE}


def test_the_example_of_the_hub_is_what_the_command_makes_for_the_three() -> None:
    made = hub_accounts(LINKS, "PUBLIC-KEY-OF-THE-MONITOR-OF-THE-HUB")
    assert (DEPLOY / "accounts.example.conf").read_text() == made


def test_the_example_of_a_leaf_is_what_the_command_makes_for_fit() -> None:
    users = {user: f"PUBLIC-KEY-OF-{user.upper()}" for user in USERS}
    made = leaf_accounts("fit", THREE, users)
    assert (DEPLOY / "leaf-accounts.example.conf").read_text() == made


def test_a_reader_names_its_consumers_after_itself() -> None:
    assert services("awex", "fit") == [
        "CONSUMER.*.LEDGER_AWEX.fit",
        "CONSUMER.CREATE.LEDGER_AWEX.fit.>",
        "CONSUMER.MSG.*.LEDGER_AWEX.fit",
        "*.INFO.LEDGER_AWEX",
    ]


def test_who_is_alone_has_nobody_to_ask() -> None:
    assert [asked for asked in link_requests("fit", ["fit"]) if "link." in asked] == [
        "link.ev.fit.shared.>"
    ]


def test_a_fourth_agency_changes_nothing_that_three_allowed_each_other() -> None:
    three = link_requests("fit", THREE)
    assert [
        asked for asked in link_requests("fit", [*THREE, "oostende"]) if asked in three
    ] == three


@pytest.mark.parametrize("taken", TAKEN)
def test_no_agency_is_called_as_something_of_ours_is(taken: str) -> None:
    assert taken not in THREE
