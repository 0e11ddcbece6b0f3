"""A node decides what others ask of it, gives out its own ledger and takes in theirs."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from coordination.service import Service
from coordination.settings import Settings
from coordination.store.answers import Answer, Done, Refused
from coordination.store.receiving import Received, What
from schemas.asking import AskHistory, AskPlan
from schemas.cycle import Head
from schemas.examples import mission, post
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import AWEX, FIT, HUB
from tests.coordination.store.ledgers import another, changed
from tests.coordination.test_service import done, node


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with node(tmp_path / "events.sqlite") as service:
        yield service


def test_a_node_decides_for_another_that_asks_and_the_command_is_the_cause(
    tmp_path: Path,
) -> None:
    with node(tmp_path / "awex.sqlite", Settings(speaks_for=(AWEX,))) as awex:
        done(awex, mission.PUBLISH)
        answer = awex.ask_for(HUB, mission.REQUEST, command_id="hub-1").result()
        assert isinstance(answer, Done)
        [recorded] = answer.events
        assert (recorded.ledger, recorded.agency, recorded.role) == (AWEX, HUB, "coordinator")
        assert (recorded.causation, recorded.correlation) == ("hub-1", "hub-1")
        again = awex.ask_for(HUB, mission.REQUEST, command_id="hub-2").result()
        assert again == Done((), answer.position)
        assert len(awex.answer(AskHistory(stream=mission.ID)).entries) == 2


def test_what_another_asks_at_a_meeting_is_tied_to_it(service: Service) -> None:
    done(service, mission.PUBLISH)
    answer = service.ask_for(
        HUB,
        mission.REQUEST,
        command_id="hub-1",
        role="chief-executive",
        correlation="meeting-2026-september",
    ).result()
    assert isinstance(answer, Done)
    [recorded] = answer.events
    assert (recorded.role, recorded.correlation) == ("chief-executive", "meeting-2026-september")


def test_nobody_speaks_for_another_and_the_owner_alone_decides(tmp_path: Path) -> None:
    with node(tmp_path / "awex.sqlite", Settings(speaks_for=(AWEX,))) as awex:
        done(awex, mission.PUBLISH)
        before = awex.store.position()

        def refused(asker: str, command: AnyCommand, role: str | None = None) -> Answer:
            return awex.ask_for(asker, command, command_id="x", role=role).result()

        assert refused(FIT, mission.REQUEST) == Refused(
            "access.speaks-for-another", {"agency": HUB, "asker": FIT}
        )
        assert refused(AWEX, mission.REQUEST) == Refused(
            "access.speaks-for-another", {"agency": HUB, "asker": AWEX}
        )
        assert refused(HUB, post.ANNOUNCE) == Refused("access.decided-elsewhere", {"owner": HUB})
        assert refused(HUB, mission.REQUEST, "network") == Refused(
            "access.role-may-not",
            {"role": "network", "allowed": "coordinator, chief-executive"},
        )
        assert refused(HUB, mission.REQUEST, "king") == Refused(
            "access.role-may-not",
            {"role": "king", "allowed": "coordinator, chief-executive"},
        )
        too_late = replace(mission.REQUEST, effective=date(2037, 1, 8))
        assert refused(HUB, too_late) == Refused(
            "access.too-far-ahead", {"effective": "2037-01-08", "latest": "2037-01-07"}
        )
        unknown = replace(mission.REQUEST, mission="mission-awex-2027-nowhere")
        assert refused(HUB, unknown) == Refused("mission.unknown", {"mission": unknown.mission})
        assert awex.store.position() == before


def test_what_a_command_led_to_is_found_by_its_asker_and_its_name(service: Service) -> None:
    done(service, mission.PUBLISH)
    answer = service.ask_for(HUB, mission.REQUEST, command_id="hub-1").result()
    assert isinstance(answer, Done)
    assert service.decided(mission.ID, "hub-1", HUB) == answer.events != ()
    assert service.decided(mission.ID, "hub-1", AWEX) == ()
    assert service.decided(mission.ID, "hub-2", HUB) == ()
    assert service.decided("mission-awex-2027-nowhere", "hub-1", HUB) == ()


def test_a_ledger_goes_from_node_to_node_and_is_read_there(tmp_path: Path) -> None:
    with (
        node(tmp_path / "awex.sqlite", Settings(speaks_for=(AWEX,))) as awex,
        node(tmp_path / "hub.sqlite", Settings(speaks_for=(HUB,))) as hub,
    ):
        done(awex, mission.PUBLISH)
        done(hub, post.ANNOUNCE)
        sent = [event.raw for event in awex.ledger(AWEX).after(0, 10)]
        assert hub.receive(AWEX, sent) == Received(1, 0, 1)
        assert hub.receive(AWEX, sent) == Received(0, 1, 1)
        assert [row.line.mission for row in hub.answer(AskPlan(year=2027)).missions] == [mission.ID]
        assert hub.ledger(AWEX).after(0, 10) == awex.ledger(AWEX).after(0, 10)
        # What it has of another is read, not decided on.
        assert hub.ask(mission.REQUEST) == Refused("access.decided-elsewhere", {"owner": AWEX})
        done(hub, post.OPEN)
        assert hub.store.heads() == (Head(AWEX, 1), Head(HUB, 2))
        assert list(hub.store.verify()) == []


def test_others_ledgers_are_in_the_tables_without_anybody_asking(tmp_path: Path) -> None:
    with (
        node(tmp_path / "awex.sqlite") as awex,
        node(tmp_path / "hub.sqlite", Settings(speaks_for=(HUB,))) as hub,
    ):
        done(awex, mission.PUBLISH)
        assert hub.answer(AskPlan(year=2027)).missions == ()
        hub.receive(AWEX, awex.store.of_ledger(AWEX, 0, 10))
    with node(tmp_path / "hub.sqlite") as hub:
        assert hub.read_models.opened.checked()[0] == 1


def test_what_only_a_newer_program_understands_is_parked_and_stops_nothing_else(
    tmp_path: Path,
) -> None:
    with node(tmp_path / "awex.sqlite") as awex:
        other = replace(mission.PUBLISH, mission="mission-awex-2027-hue")
        done(awex, mission.PUBLISH, other)
        first, second = awex.store.of_ledger(AWEX, 0, 2)
    with node(tmp_path / "hub.sqlite", Settings(speaks_for=(HUB,))) as hub:
        newer = changed(second, '"dataversion":1', '"dataversion":9')
        assert hub.receive(AWEX, [first, newer]) == Received(2, 0, 2)
        assert [row.line.mission for row in hub.answer(AskPlan(year=2027)).missions] == [mission.ID]
        assert [one.stream for one in hub.upkeep.parked().parked] == [other.mission]
        done(hub, post.ANNOUNCE)


def test_a_fork_is_told_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    with node(tmp_path / "awex.sqlite") as awex:
        done(awex, mission.PUBLISH, mission.REQUEST)
        first, second = awex.store.of_ledger(AWEX, 0, 2)
    with node(tmp_path / "hub.sqlite", Settings(speaks_for=(HUB,))) as hub:
        hub.receive(AWEX, [first])
        told = hub.receive(AWEX, [another(first), second]).misfit
        assert told is not None
        assert (told.what, told.seq, told.ours) == (What.FORK, 1, first)
        assert hub.store.of_ledger(AWEX, 0, 2) == [first]
