"""A letter is kept until it is answered, and once is enough."""

from datetime import timedelta

import msgspec
import pytest

from coordination.mailroom.asked import IdTaken, KeptLetter, Letter, NotAsked, State
from coordination.mailroom.mailroom import Mailroom
from tests.coordination.mailroom.conftest import MORNING
from tests.coordination.mailroom.letters import (
    DONE,
    MALFORMED,
    NOTHING_TO_DO,
    REJECTED,
    WAITING,
    letter,
    read,
)

LATER = MORNING + timedelta(hours=3)


def kept(letter: Letter) -> KeptLetter:
    return KeptLetter(**msgspec.structs.asdict(letter))


def test_a_letter_waits_as_it_was_written(mailroom: Mailroom) -> None:
    assert mailroom.accept(letter()) == kept(letter())
    assert mailroom.waiting() == [kept(letter())]
    assert mailroom.of("fit", "crm-1") == kept(letter())


def test_the_same_letter_again_is_the_one_that_is_there(mailroom: Mailroom) -> None:
    mailroom.accept(letter())
    later = msgspec.structs.replace(letter(), asked_at=LATER)
    assert mailroom.accept(later) == kept(letter())
    assert mailroom.all() == [kept(letter())]


def test_the_same_letter_sent_another_day_is_the_same(mailroom: Mailroom) -> None:
    """The node fills in the day, so the command differs where its asker named none."""
    mailroom.accept(letter())
    tomorrow = msgspec.structs.replace(letter(), command=b'{"effective":"2026-09-16"}')
    assert mailroom.accept(tomorrow) == kept(letter())


def test_whoever_asks_again_after_the_answer_gets_it(mailroom: Mailroom) -> None:
    mailroom.accept(letter())
    mailroom.settle("fit", "crm-1", DONE, LATER)
    again = mailroom.accept(letter())
    assert (again.answer, again.answered_at, again.state) == (DONE, LATER, State.DONE)


@pytest.mark.parametrize(
    "other",
    [
        letter(sent=b'{"other":1}'),
        msgspec.structs.replace(letter(), owner="hub"),
        msgspec.structs.replace(letter(), tag="mission.confirm"),
        msgspec.structs.replace(letter(), role=None),
        msgspec.structs.replace(letter(), meeting=None),
    ],
)
def test_another_letter_with_the_same_identifier_is_told_apart(
    mailroom: Mailroom, other: Letter
) -> None:
    mailroom.accept(letter())
    with pytest.raises(IdTaken) as taken:
        mailroom.accept(other)
    assert (taken.value.asker, taken.value.id) == ("fit", "crm-1")
    assert mailroom.all() == [kept(letter())]


def test_an_identifier_is_its_askers_own(mailroom: Mailroom) -> None:
    mailroom.accept(letter())
    mailroom.accept(letter(asker="hub", sent=b"other"))
    assert [one.asker for one in mailroom.named("crm-1")] == ["fit", "hub"]


def test_the_oldest_letter_waits_first_and_the_newest_is_shown_first(mailroom: Mailroom) -> None:
    for number in (3, 1, 2):
        mailroom.accept(letter(f"crm-{number}"))
    mailroom.settle("fit", "crm-1", DONE)
    assert [one.id for one in mailroom.waiting()] == ["crm-3", "crm-2"]
    assert [one.id for one in mailroom.all()] == ["crm-2", "crm-1", "crm-3"]
    assert [one.id for one in mailroom.all(limit=1)] == ["crm-2"]


@pytest.mark.parametrize(
    "answer, state",
    [
        (DONE, State.DONE),
        (NOTHING_TO_DO, State.NOTHING_TO_DO),
        (REJECTED, State.REJECTED),
        (MALFORMED, State.MALFORMED),
    ],
)
def test_an_answer_says_what_became_of_a_letter(
    mailroom: Mailroom, answer: bytes, state: State
) -> None:
    assert mailroom.accept(letter()).state is State.WAITING
    assert mailroom.settle("fit", "crm-1", answer, LATER) == answer
    answered = mailroom.of("fit", "crm-1")
    assert answered == msgspec.structs.replace(kept(letter()), answer=answer, answered_at=LATER)
    assert answered.state is state
    assert msgspec.json.encode(answered.answered) == msgspec.json.encode(read(answer))
    assert mailroom.waiting() == []


def test_the_first_answer_stays(mailroom: Mailroom) -> None:
    mailroom.accept(letter())
    mailroom.settle("fit", "crm-1", DONE, MORNING)
    assert mailroom.settle("fit", "crm-1", REJECTED, LATER) == DONE
    answered = mailroom.of("fit", "crm-1")
    assert answered is not None
    assert (answered.answer, answered.answered_at) == (DONE, MORNING)


@pytest.mark.parametrize(
    "answer",
    [
        WAITING,
        b"",
        b"\xff",
        b'{"answer":"dance","id":"crm-1"}',
        b'{"answer":"done","id":"crm-1","events":[{}]}',
    ],
)
def test_what_is_no_answer_settles_nothing(mailroom: Mailroom, answer: bytes) -> None:
    mailroom.accept(letter())
    with pytest.raises(ValueError):  # noqa: PT011 — each says something else
        mailroom.settle("fit", "crm-1", answer)
    assert mailroom.waiting() == [kept(letter())]


def test_an_answer_to_what_was_never_asked_is_told(mailroom: Mailroom) -> None:
    mailroom.accept(letter())
    for asker, id in (("fit", "crm-2"), ("hub", "crm-1")):
        with pytest.raises(NotAsked):
            mailroom.settle(asker, id, DONE)
    assert mailroom.of("fit", "crm-2") is None
