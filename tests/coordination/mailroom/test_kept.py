"""A message that was not understood is kept until a person has settled it, and nothing is lost
unseen."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.mailroom.kept import (
    Beyond,
    CameBy,
    Door,
    KeptMessage,
    NotKept,
    Reason,
    Settled,
    Settlement,
    WholeMessage,
)
from coordination.mailroom.mailroom import Mailroom
from tests.coordination.mailroom.conftest import MORNING

CLIENT, LINK = CameBy(Door.CLIENT, "awex"), CameBy(Door.LINK, "fit")
SUBJECT = "cmd.awex.fit.mission-awex-2027-hanoi.confirm"
ANY = st.characters(exclude_categories=())
LATER = MORNING + timedelta(hours=3)


class Small(Mailroom):
    most: ClassVar[int] = 3
    most_bytes: ClassVar[int] = 1_000


@pytest.fixture
def small(path: Path) -> Iterator[Small]:
    with Small(path, lambda: MORNING) as mailroom:
        yield mailroom


def keep(mailroom: Mailroom, raw: bytes = b"{", **more: Any) -> int | None:
    given = {
        "came_by": LINK,
        "subject": SUBJECT,
        "headers": {"Command-Id": "crm-1"},
        "reason": Reason.NOT_JSON,
        "parameters": {"at": 1},
        **more,
    }
    return mailroom.keep(raw=raw, **given)


def message(**more: Any) -> KeptMessage:
    said = {
        "number": 1,
        "came_by": LINK,
        "subject": SUBJECT,
        "size": 1,
        "reason": Reason.NOT_JSON,
        "parameters": {"at": 1},
        "count": 1,
        "first_at": MORNING,
        "last_at": MORNING,
        **more,
    }
    return KeptMessage(**said)


def test_a_message_is_kept_as_it_came(mailroom: Mailroom) -> None:
    assert keep(mailroom) == 1
    assert mailroom.kept() == [message()]
    assert mailroom.kept_one(1) == WholeMessage(
        number=1,
        came_by=LINK,
        subject=SUBJECT,
        size=1,
        reason=Reason.NOT_JSON,
        parameters={"at": 1},
        count=1,
        first_at=MORNING,
        last_at=MORNING,
        headers={"Command-Id": "crm-1"},
        raw=b"{",
    )


def test_a_message_that_comes_again_is_counted(mailroom: Mailroom) -> None:
    keep(mailroom, at=MORNING)
    assert keep(mailroom, at=LATER, headers={"Command-Id": "crm-2"}) == 1
    assert mailroom.kept() == [message(count=2, last_at=LATER)]


@pytest.mark.parametrize(
    "more",
    [
        {"raw": b"{ "},
        {"subject": SUBJECT + "s"},
        {"reason": Reason.TOO_BIG},
        {"came_by": CLIENT},
    ],
)
def test_a_message_that_differs_is_another(mailroom: Mailroom, more: dict[str, Any]) -> None:
    keep(mailroom)
    assert keep(mailroom, **more) == 2


def test_no_two_messages_are_taken_for_one_where_their_parts_end_elsewhere(
    mailroom: Mailroom,
) -> None:
    keep(mailroom, b"bc", subject="a")
    assert keep(mailroom, b"c", subject="ab") == 2


@pytest.mark.parametrize(
    "more",
    [
        {"raw": b"\xff\x00\x1b[2J"},
        {"raw": b""},
        {"subject": "cmd.\udcff\ud800.\x00\n"},
        {"headers": {"\udcff": "\ud800\x00", "": "\r\n"}},
        {"headers": None},
        {"parameters": {"given": "\ud800", "problems": [{"field": "\x00"}]}},
        {"came_by": CameBy(Door.LEDGER, "ostbelgien")},
    ],
)
def test_hostile_messages_are_kept_to_the_letter(mailroom: Mailroom, more: dict[str, Any]) -> None:
    number = keep(mailroom, **more)
    assert number is not None
    kept = mailroom.kept_one(number)
    assert kept is not None
    expected = {"raw": b"{", "subject": SUBJECT, "headers": {"Command-Id": "crm-1"}, **more}
    assert (kept.raw, kept.subject, kept.headers) == (
        expected["raw"],
        expected["subject"],
        expected["headers"] or {},
    )
    assert mailroom.kept()[0].subject == kept.subject
    assert keep(mailroom, **more) == number


@settings(deadline=None)  # each makes a file
@given(raw=st.binary(), subject=st.text(ANY), header=st.text(ANY))
def test_any_message_is_kept_to_the_letter(raw: bytes, subject: str, header: str) -> None:
    with (
        TemporaryDirectory() as folder,
        Mailroom(Path(folder) / "mailroom.sqlite", lambda: MORNING) as mailroom,
    ):
        keep(mailroom, raw, subject=subject, headers={header: header})
        kept = mailroom.kept_one(1)
    assert kept is not None
    assert (kept.raw, kept.subject, kept.headers) == (raw, subject, {header: header})


def test_a_settled_message_keeps_its_bytes_and_says_how(mailroom: Mailroom) -> None:
    keep(mailroom)
    mailroom.settle_kept(1, Settled.PUT_ASIDE, LATER, reason="seen to by telephone")
    settlement = Settlement(Settled.PUT_ASIDE, LATER, "seen to by telephone")
    assert mailroom.kept() == [message(settled=settlement)]
    kept = mailroom.kept_one(1)
    assert kept is not None
    assert (kept.raw, kept.settled) == (b"{", settlement)


def test_a_settled_message_that_comes_again_is_a_new_one(mailroom: Mailroom) -> None:
    keep(mailroom)
    mailroom.settle_kept(1, Settled.REPLAYED, LATER)
    assert keep(mailroom) == 2
    assert [one.settled for one in mailroom.kept()] == [Settlement(Settled.REPLAYED, LATER), None]


@pytest.mark.parametrize("number", [0, -1, 2, 2**64])
def test_what_is_not_there_can_neither_be_read_nor_settled(mailroom: Mailroom, number: int) -> None:
    keep(mailroom)
    assert mailroom.kept_one(number) is None
    with pytest.raises(NotKept):
        mailroom.settle_kept(number, Settled.REPLAYED)


def test_a_message_is_settled_once(mailroom: Mailroom) -> None:
    keep(mailroom)
    mailroom.settle_kept(1, Settled.REPLAYED, LATER)
    with pytest.raises(NotKept):
        mailroom.settle_kept(1, Settled.PUT_ASIDE, reason="too late")
    assert mailroom.kept()[0].settled == Settlement(Settled.REPLAYED, LATER)


def test_beyond_the_most_messages_are_counted_and_told(small: Small) -> None:
    assert [keep(small, b"x" * size) for size in range(5)] == [1, 2, 3, None, None]
    assert keep(small, b"x" * 9, came_by=CLIENT, at=LATER) is None
    assert len(small.kept()) == 3
    assert small.beyond() == [
        Beyond(came_by=LINK, reason=Reason.NOT_JSON, count=2, first_at=MORNING, last_at=MORNING),
        Beyond(came_by=CLIENT, reason=Reason.NOT_JSON, count=1, first_at=LATER, last_at=LATER),
    ]


def test_what_is_kept_already_is_counted_where_the_room_is_full(small: Small) -> None:
    for size in range(3):
        keep(small, b"x" * size)
    assert keep(small, b"x") == 2
    assert [one.count for one in small.kept()] == [1, 2, 1]
    assert small.beyond() == []


def test_many_bytes_fill_the_room_too(small: Small) -> None:
    assert keep(small, b"x" * 1_000) is None
    assert keep(small, b"x" * 600) == 1
    assert keep(small, b"y" * 600) is None
    assert keep(small, b"y" * 50) == 2
    assert keep(small, b"", headers={"long": "z" * 600}) is None


def test_whoever_settles_makes_room(small: Small) -> None:
    for size in range(3):
        keep(small, b"x" * size)
    small.settle_kept(2, Settled.PUT_ASIDE, reason="no matter")
    assert keep(small, b"y") == 4
    assert keep(small, b"z") is None


def test_the_room_is_as_big_as_was_agreed() -> None:
    assert (Mailroom.most, Mailroom.most_bytes) == (10_000, 67_108_864)


def test_the_room_is_full_again_when_it_is_opened_again(path: Path) -> None:
    for size in range(5):
        with Small(path, lambda: MORNING) as mailroom:
            keep(mailroom, b"x" * size)
    with Small(path, lambda: MORNING) as mailroom:
        assert (len(mailroom.kept()), [one.count for one in mailroom.beyond()]) == (3, [2])
