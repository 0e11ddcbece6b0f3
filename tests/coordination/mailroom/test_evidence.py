"""What shows that a ledger was forked or forged is kept, and not to be washed away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from coordination.mailroom.evidence import Piece
from coordination.mailroom.mailroom import Mailroom
from tests.coordination.mailroom.conftest import MORNING

LATER = MORNING + timedelta(hours=3)


class Small(Mailroom):
    most_pieces: ClassVar[int] = 2


@pytest.fixture
def small(path: Path) -> Iterator[Small]:
    with Small(path, lambda: MORNING) as mailroom:
        yield mailroom


FORK = Piece(
    ledger="awex",
    seq=112,
    what="fork",
    theirs=b"theirs",
    seal="seal",
    ours=b"ours",
    count=1,
    first_at=MORNING,
    last_at=MORNING,
)


def test_both_events_at_one_place_are_kept_with_the_seal(mailroom: Mailroom) -> None:
    assert mailroom.note_evidence("awex", 112, "fork", b"theirs", seal="seal", ours=b"ours")
    assert mailroom.evidence() == [FORK]


def test_the_same_evidence_again_is_counted(mailroom: Mailroom) -> None:
    for at in (MORNING, LATER):
        mailroom.note_evidence("awex", 112, "fork", b"theirs", seal="seal", ours=b"ours", at=at)
    [piece] = mailroom.evidence()
    assert (piece.count, piece.first_at, piece.last_at) == (2, MORNING, LATER)


def test_other_evidence_at_the_same_place_is_another_piece(mailroom: Mailroom) -> None:
    for theirs, seal in ((b"one", "a"), (b"one", "b"), (b"two", "a"), (b"two", None)):
        mailroom.note_evidence("awex", 112, "fork", theirs, seal=seal)
    assert [(one.theirs, one.seal) for one in mailroom.evidence()] == [
        (b"one", "a"),
        (b"one", "b"),
        (b"two", "a"),
        (b"two", None),
    ]


def test_many_false_seals_hide_no_fork(small: Small) -> None:
    kept = [
        small.note_evidence("awex", 7, "false-seal", b"%d" % number, seal="x")
        for number in range(4)
    ]
    assert kept == [True, True, False, False]
    assert small.note_evidence("awex", 112, "fork", b"theirs", seal="seal", ours=b"ours")
    assert small.note_evidence("fit", 7, "false-seal", b"0", seal="x")
    assert [(one.what, one.ledger, one.count) for one in small.evidence()] == [
        ("false-seal", "awex", 1),
        ("false-seal", "awex", 3),
        ("fork", "awex", 1),
        ("false-seal", "fit", 1),
    ]


def test_hostile_evidence_is_kept_to_the_letter(mailroom: Mailroom) -> None:
    mailroom.note_evidence("awex", 10**30, "false-seal", b"\xff\x00", seal="\ud800\x00")
    [piece] = mailroom.evidence()
    assert (piece.seq, piece.theirs, piece.seal) == (2**63 - 1, b"\xff\x00", "\ud800\x00")


def test_the_last_seal_of_a_ledger_is_that_of_its_farthest_event(mailroom: Mailroom) -> None:
    assert mailroom.seal_of("awex") is None
    for seq, seal in ((5, "five"), (9, "nine"), (7, "seven")):
        mailroom.note_seal("awex", seq, seal)
    mailroom.note_seal("fit", 1, "one")
    assert (mailroom.seal_of("awex"), mailroom.seal_of("fit")) == ((9, "nine"), (1, "one"))
    mailroom.note_seal("awex", 9, "nine by a new key")
    assert mailroom.seal_of("awex") == (9, "nine by a new key")
