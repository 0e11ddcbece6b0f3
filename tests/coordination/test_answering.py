"""What a node answers to a command, whichever door it came by: in four languages."""

from coordination import answering
from coordination.mailroom.asked import read_answer
from coordination.store.answers import Done, Refused
from schemas.answer import AnswerNothingToDo, AnswerRejected, Texts


def test_what_was_so_already_needs_no_event() -> None:
    assert answering.of(Done((), 7), "crm-1", "mission-awex-2027-hanoi") == AnswerNothingToDo(
        id="crm-1"
    )


def test_a_rejection_is_a_sentence_in_each_language() -> None:
    refused = Refused("mission.unknown", {"mission": "mission-awex-2027-x"})
    answer = answering.of(refused, "crm-1", "mission-awex-2027-x")
    assert answer == AnswerRejected(
        id="crm-1",
        reason="mission.unknown",
        text=Texts(
            fr="La mission mission-awex-2027-x n'existe pas.",
            nl="De zending mission-awex-2027-x bestaat niet.",
            de="Die Mission mission-awex-2027-x gibt es nicht.",
            en="There is no mission mission-awex-2027-x.",
        ),
        parameters={"mission": "mission-awex-2027-x"},
    )
    assert read_answer(answering.encoded(answer)) == answer
