"""What a node answers, as it goes over the wire: in four languages, as any reader has it."""

import msgspec
import pytest

from coordination import answering
from coordination.bus.answering import malformed
from coordination.bus.understanding import NotUnderstood
from coordination.conversion import Problem
from coordination.mailroom.asked import read_answer
from coordination.mailroom.kept import Reason
from coordination.settings import LANGUAGES
from coordination.store.answers import Done
from schemas.answer import AnswerDone, AnswerMalformed
from tests.coordination.bus.offices import Offices


def test_a_decision_is_answered_with_the_very_bytes_of_its_events(offices: Offices) -> None:
    awex = offices["awex"]
    awex.publish("hanoi")
    done = Done(tuple(awex.service.store.of("mission-awex-2027-hanoi")), 1)
    answer = answering.of(done, "crm-1", "mission-awex-2027-hanoi")
    assert isinstance(answer, AnswerDone)
    assert [bytes(raw) for raw in answer.events] == awex.raw()
    read = read_answer(answering.encoded(answer))
    assert isinstance(read, AnswerDone)
    assert [bytes(raw) for raw in read.events] == awex.raw()


def test_a_wrong_field_is_a_sentence_in_each_language() -> None:
    problem = Problem("sectors", "digital", "list", {})
    answer = malformed(NotUnderstood(Reason.NOT_UNDERSTOOD, problem), "crm-1")
    [mistake] = answer.problems
    assert (answer.id, mistake.field, mistake.given, mistake.expected) == (
        "crm-1",
        "sectors",
        "digital",
        "list",
    )
    texts = [getattr(mistake.text, language) for language in LANGUAGES]
    assert len(set(texts)) == len(LANGUAGES)
    assert "expected.list" not in texts


PARAMETERS: dict[Reason, dict[str, str | int]] = {
    Reason.NOT_JSON: {"at": 17},
    Reason.WRONG_SUBJECT: {"subject": "cmd.awex.fit.x", "allowed": "cmd.hub.fit.x"},
    Reason.TOO_BIG: {"size": 70_000, "most": 65_536},
    Reason.FORGED_AGENCY: {"said": "hub", "asker": "fit"},
    Reason.FALSE_SEAL_OF_COMMAND: {"asker": "fit"},
    Reason.UNKNOWN_COMMAND: {"given": "mission.dance"},
    Reason.ID_TAKEN: {"id": "crm-1", "asker": "fit"},
}


@pytest.mark.parametrize("reason, parameters", PARAMETERS.items())
def test_what_is_wrong_with_a_message_as_a_whole_is_a_sentence_in_each_language(
    reason: Reason, parameters: dict[str, str | int]
) -> None:
    answer = malformed(NotUnderstood(reason, **parameters), None)
    [mistake] = answer.problems
    assert (mistake.expected, mistake.parameters) == (reason, parameters)
    texts = [getattr(mistake.text, language) for language in LANGUAGES]
    assert len(set(texts)) == len(LANGUAGES)
    assert all(text != reason and "{" not in text for text in texts)
    assert msgspec.json.decode(answering.encoded(answer), type=AnswerMalformed) == answer
