"""Whoever asks again is answered the same."""

import pytest

from coordination.mailroom.answered import Given
from coordination.mailroom.asked import IdTaken
from coordination.mailroom.mailroom import Mailroom
from tests.coordination.mailroom.letters import DONE, REJECTED


def test_an_answer_is_kept_as_it_was_given(mailroom: Mailroom) -> None:
    assert mailroom.answered("fit", "crm-1") is None
    assert mailroom.note_answer("fit", "crm-1", "digest", DONE) == DONE
    assert mailroom.answered("fit", "crm-1") == ("digest", DONE)


def test_the_first_answer_is_the_one_that_was_given(mailroom: Mailroom) -> None:
    mailroom.note_answer("fit", "crm-1", "digest", DONE)
    assert mailroom.note_answer("fit", "crm-1", "digest", REJECTED) == DONE
    assert mailroom.answered("fit", "crm-1") == ("digest", DONE)


def test_an_answer_to_another_command_with_that_identifier_is_told_apart(
    mailroom: Mailroom,
) -> None:
    mailroom.note_answer("fit", "crm-1", "digest", DONE)
    with pytest.raises(IdTaken):
        mailroom.note_answer("fit", "crm-1", "other", DONE)
    assert mailroom.answered("fit", "crm-1") == ("digest", DONE)


def test_each_asker_has_identifiers_of_its_own(mailroom: Mailroom) -> None:
    mailroom.note_answer("fit", "crm-1", "digest", DONE)
    mailroom.note_answer("hub", "crm-1", "other", REJECTED)
    assert mailroom.answered("hub", "crm-1") == ("other", REJECTED)
    assert mailroom.answered("awex", "crm-1") is None


def test_answers_are_noted_together_and_a_taken_id_spoils_no_other(mailroom: Mailroom) -> None:
    mailroom.note_answer("fit", "crm-1", "digest", DONE)
    answers = [
        Given("fit", "crm-1", "other", REJECTED),
        Given("fit", "crm-1", "digest", REJECTED),
        Given("hub", "crm-1", "digest", REJECTED),
    ]
    assert mailroom.note_answers(answers) == [None, DONE, REJECTED]
    assert mailroom.answered("fit", "crm-1") == ("digest", DONE)
    assert mailroom.answered("hub", "crm-1") == ("digest", REJECTED)
