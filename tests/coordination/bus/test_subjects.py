"""The names on the bus."""

import pytest

from coordination.bus import subjects
from coordination.bus.subjects import Asking


def test_a_subject_says_who_asks_whom_for_what() -> None:
    subject = subjects.command("awex", "fit", "mission.request-co-organisation")
    assert subject == "cmd.awex.fit.mission.request-co-organisation"
    asking = Asking("awex", "fit", "mission.request-co-organisation")
    assert Asking.of(subject) == asking
    assert Asking.of(subjects.over_the_link(subject)) == asking


@pytest.mark.parametrize("subject", ["", "cmd", "cmd.awex.fit", "ev.awex.shared.mission.planned"])
def test_another_subject_says_none_of_it(subject: str) -> None:
    assert Asking.of(subject) is None


def test_what_an_agency_hears_is_what_the_others_say() -> None:
    assert subjects.commands("awex") == "cmd.awex.>"
    assert subjects.commands("awex", "fit") == "cmd.awex.fit.>"
    assert subjects.event("hub", "mission.planned") == "ev.hub.shared.mission.planned"
    assert subjects.events_of("hub") == "ev.hub.shared.>"
    assert subjects.ledger_of("awex", "fit") == "ledger.awex.fit"
    assert subjects.answer("fit", "crm-1") == "answer.fit.crm-1"
    assert subjects.ledger_stream("hub") == "LEDGER_HUB"
    assert subjects.reading("awex") == "link.js.awex"
