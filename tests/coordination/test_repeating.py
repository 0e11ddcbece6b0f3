"""A command that comes again is answered as it was; its identifier is of no other command."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
from msgspec import Struct

from coordination.mailroom.asked import IdTaken, read_answer
from coordination.mailroom.mailroom import Mailroom
from coordination.repeating import Identified, answer_before, identified, note
from coordination.service import Service
from coordination.settings import Settings
from coordination.store.answers import Answer, Refused
from schemas.answer import AnswerDone
from schemas.cycle import CloseCycle, OpenCycle
from schemas.recorded_event import AnyCommand

NOW = datetime(2026, 9, 15, 8, tzinfo=UTC)
OPEN = OpenCycle(by="hub", effective=date(2026, 9, 15), cycle="cycle-hub-2026")
CLOSE = CloseCycle(by="hub", effective=date(2026, 9, 15), cycle="cycle-hub-2026")
RAW = b'{"cycle": "cycle-hub-2026"}'


class Node(Struct):
    service: Service
    mailroom: Mailroom

    def before(self, command: Identified) -> bytes | None:
        return answer_before(self.service, self.mailroom, command)

    def decide(self, command: AnyCommand, command_id: str) -> Answer:
        return self.service.ask_for("hub", command, command_id=command_id).result()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    numbers = count(1)
    environ = {"SQLITE_DBNAME": str(tmp_path / "store.sqlite")}
    with (
        Service(Settings(), environ, lambda: NOW, lambda: f"id-{next(numbers)}") as service,
        Mailroom(tmp_path / "mailroom.sqlite", lambda: NOW) as mailroom,
    ):
        yield Node(service, mailroom)


def called(
    command: AnyCommand, raw: bytes = RAW, role: str | None = None, meeting: str | None = None
) -> Identified:
    return identified("hub", "crm-1", command, raw, role=role, meeting=meeting)


def test_what_came_again_is_answered_with_the_same_bytes(node: Node) -> None:
    assert node.before(called(OPEN)) is None
    answer = note(node.mailroom, called(OPEN), node.decide(OPEN, "crm-1"))
    assert node.before(called(OPEN)) == answer


def test_a_rejection_stays_one_though_it_would_be_decided_otherwise_now(node: Node) -> None:
    answer = note(node.mailroom, called(CLOSE), Refused("cycle.unknown", {"cycle": CLOSE.cycle}))
    node.decide(OPEN, "crm-2")
    assert node.before(called(CLOSE)) == answer


def test_what_was_decided_and_not_noted_is_found_in_the_events(node: Node) -> None:
    node.decide(OPEN, "crm-1")
    found = node.before(called(OPEN))
    assert found is not None
    answer = read_answer(found)
    assert isinstance(answer, AnswerDone)
    events = node.service.store.of(OPEN.cycle)
    assert [one.id for one in answer.happened()] == [one.id for one in events]
    assert node.before(called(OPEN)) == found


@pytest.mark.parametrize(
    "other",
    [
        called(OPEN, raw=RAW + b" "),
        called(OPEN, role="network"),
        called(OPEN, meeting="meeting-2026-june"),
        called(CLOSE),
    ],
)
def test_an_identifier_that_was_anothers_is_taken(node: Node, other: Identified) -> None:
    note(node.mailroom, called(OPEN), node.decide(OPEN, "crm-1"))
    with pytest.raises(IdTaken):
        node.before(other)
