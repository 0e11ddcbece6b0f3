"""A store takes in ledgers of other nodes: what fits is kept, the first that does not ends it."""

import re

import pytest
from msgspec.structs import replace

from coordination.store.event_store import EventStore
from coordination.store.receiving import Misfit, Received, What
from coordination.store.writer import Writer
from schemas.recorded_event import BEFORE_THE_FIRST, hash_of
from schemas.upcasting import Unreadable, read, read_or_not
from schemas.vocabulary import AWEX, FIT
from tests.coordination.store.ledgers import another, changed, mission, sent, three

FIT_EVENTS = three()[FIT]
WHOLE = len(FIT_EVENTS)
NAMES = {"subject": "stream", "type": "type"}  # on the wire, and here


def following(raw: bytes, before: bytes) -> bytes:
    """The event, linked to another one before it."""
    return changed(raw, read(raw).previous, hash_of(before))


def misfit(received: Received) -> Misfit:
    assert received.misfit is not None
    return received.misfit


def test_a_ledger_is_kept_as_it_came_byte_for_byte(writer: Writer, store: EventStore) -> None:
    assert writer.receive(FIT, FIT_EVENTS) == Received(WHOLE, 0, WHOLE)
    assert sent(store, FIT) == FIT_EVENTS
    assert list(store.verify()) == []
    assert [topic for *_, topic, _ in store.rows(0, WHOLE)] == [
        read(raw).type for raw in FIT_EVENTS
    ]


def test_no_events_are_no_misfit(writer: Writer, store: EventStore) -> None:
    assert writer.receive(FIT, []) == Received(0, 0, 0)
    assert store.position() == 0


def test_what_is_known_is_absorbed_however_often_it_comes(
    writer: Writer, store: EventStore
) -> None:
    writer.receive(FIT, FIT_EVENTS[:5])
    assert writer.receive(FIT, FIT_EVENTS[:5]) == Received(0, 5, 5)
    assert writer.receive(FIT, FIT_EVENTS[2:9]) == Received(4, 3, 9)
    twice = [*FIT_EVENTS[9:12], *FIT_EVENTS[9:12]]
    assert writer.receive(FIT, twice) == Received(3, 3, 12)
    assert sent(store, FIT) == FIT_EVENTS[:12]


def test_after_a_gap_nothing_is_kept(writer: Writer, store: EventStore) -> None:
    given = [*FIT_EVENTS[:3], *FIT_EVENTS[4:]]
    assert writer.receive(FIT, given) == Received(
        3, 0, 3, Misfit(what=What.GAP, ledger=FIT, seq=5, raw=FIT_EVENTS[4])
    )
    assert sent(store, FIT) == FIT_EVENTS[:3]


@pytest.mark.parametrize("at", range(4))
def test_another_event_in_a_place_that_is_taken_is_a_fork(
    writer: Writer, store: EventStore, at: int
) -> None:
    writer.receive(FIT, FIT_EVENTS[:4])
    other = another(FIT_EVENTS[at])
    assert writer.receive(FIT, [*FIT_EVENTS[:at], other, *FIT_EVENTS[at + 1 :]]) == Received(
        0, at, 4, Misfit(what=What.FORK, ledger=FIT, seq=at + 1, raw=other, ours=FIT_EVENTS[at])
    )
    assert sent(store, FIT) == FIT_EVENTS[:4]


def test_a_fork_of_a_place_that_the_same_delivery_took_is_told_with_what_took_it(
    writer: Writer, store: EventStore
) -> None:
    writer.receive(FIT, FIT_EVENTS[:2])
    other = another(FIT_EVENTS[3])
    assert writer.receive(FIT, [*FIT_EVENTS[2:5], other]) == Received(
        3, 0, 5, Misfit(what=What.FORK, ledger=FIT, seq=4, raw=other, ours=FIT_EVENTS[3])
    )
    assert sent(store, FIT) == FIT_EVENTS[:5]


def test_an_event_of_another_stream_in_a_place_that_is_taken_is_a_fork(writer: Writer) -> None:
    writer.receive(FIT, FIT_EVENTS[:4])
    other = changed(FIT_EVENTS[1], mission(FIT, 1), mission(FIT, 77))
    found = misfit(writer.receive(FIT, [other]))
    assert (found.what, found.seq, found.ours) == (What.FORK, 2, FIT_EVENTS[1])


def test_what_does_not_follow_from_our_last_event_is_a_fork_of_that(writer: Writer) -> None:
    writer.receive(FIT, FIT_EVENTS[:4])
    other = following(FIT_EVENTS[4], another(FIT_EVENTS[3]))
    assert writer.receive(FIT, [other]) == Received(
        0, 0, 4, Misfit(what=What.FORK, ledger=FIT, seq=5, raw=other, ours=FIT_EVENTS[3])
    )


def test_a_first_event_that_claims_one_before_it_is_a_fork_of_nothing(writer: Writer) -> None:
    other = changed(FIT_EVENTS[0], BEFORE_THE_FIRST, "1" * 64)
    found = misfit(writer.receive(FIT, [other]))
    assert (found.what, found.seq, found.ours) == (What.FORK, 1, None)


def test_an_event_of_another_ledger_than_was_announced_is_refused(
    writer: Writer, store: EventStore
) -> None:
    other = three()[AWEX][0]
    assert writer.receive(FIT, [FIT_EVENTS[0], other]) == Received(
        1, 0, 1, Misfit(what=What.LEDGER, ledger=FIT, seq=1, raw=other)
    )
    assert sent(store, AWEX) == ()


DEEP = b'{"a":' * 20_000


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"gone",
        b"[]",
        b"{}",
        b"\xff\xfe",
        DEEP,
        changed(FIT_EVENTS[1], '"seq":2', '"seq":"2"'),
        changed(FIT_EVENTS[1], '"seq":2', '"seq":9223372036854775808'),
        changed(FIT_EVENTS[1], '"seq":2', f'"seq":{"9" * 40}'),
        changed(FIT_EVENTS[1], f'"id":"{read(FIT_EVENTS[1]).id}"', r'"id":"x\r\nLedger-Seal: y"'),
        changed(FIT_EVENTS[1], f'"id":"{read(FIT_EVENTS[1]).id}",', ""),
        FIT_EVENTS[1].replace(b'Z","datacontenttype', b'","datacontenttype'),
        re.sub(rb'"time":"[^"]*"', b'"time":"0001-01-01T00:00:00+12:00"', FIT_EVENTS[1]),
    ],
    ids=lambda raw: raw[:8].decode(errors="replace"),
)
def test_what_says_not_what_it_is_is_refused(writer: Writer, store: EventStore, raw: bytes) -> None:
    received = writer.receive(FIT, [FIT_EVENTS[0], raw, *FIT_EVENTS[1:]])
    assert replace(received, misfit=None) == Received(1, 0, 1)
    assert misfit(received).what is What.UNREADABLE
    assert (misfit(received).ledger, misfit(received).raw) == (FIT, raw)
    assert sent(store, FIT) == FIT_EVENTS[:1]


def test_what_cannot_be_read_has_the_seq_it_should_have_had(writer: Writer) -> None:
    assert misfit(writer.receive(FIT, [b"?"])).seq == 1
    writer.receive(FIT, FIT_EVENTS[:4])
    assert misfit(writer.receive(FIT, [FIT_EVENTS[2], b"?"])).seq == 4
    assert misfit(writer.receive(FIT, [b"?"])).seq == 5


FIRST, SECOND = FIT_EVENTS[:2]


def told_of(raw: bytes, stream: str) -> bytes:
    """The event, of another stream in envelope and data."""
    return raw.replace(read(raw).stream.encode(), stream.encode())


@pytest.mark.parametrize(
    ("what", "raw"),
    [
        (What.OWNER, told_of(SECOND, mission(AWEX, 0))),
        (What.VERSION, changed(SECOND, '"version":1', '"version":2')),
        (What.VERSION, told_of(SECOND, mission(FIT, 0))),
        (What.TYPE, changed(SECOND, '"type":"mission.published"', '"type":"mission.held"')),
        (
            What.STREAM,
            changed(SECOND, f'"subject":"{mission(FIT, 1)}"', f'"subject":"{mission(FIT, 9)}"'),
        ),
    ],
    ids=["owner", "version", "version-taken", "type", "stream"],
)
def test_an_event_that_contradicts_itself_or_its_stream_is_refused(
    writer: Writer, store: EventStore, what: What, raw: bytes
) -> None:
    assert writer.receive(FIT, [FIRST, raw]) == Received(
        1, 0, 1, Misfit(what=what, ledger=FIT, seq=2, raw=raw)
    )
    assert writer.receive(FIT, [raw]) == Received(
        0, 0, 1, Misfit(what=what, ledger=FIT, seq=2, raw=raw)
    )
    assert writer.receive(FIT, [SECOND]) == Received(1, 0, 2)
    assert list(store.verify()) == []


def test_a_misnamed_event_in_a_place_that_is_taken_is_a_fork(writer: Writer) -> None:
    writer.receive(FIT, FIT_EVENTS[:4])
    misnamed = changed(SECOND, '"type":"mission.published"', '"type":"mission.held"')
    misplaced = changed(SECOND, f'"subject":"{mission(FIT, 1)}"', '"subject":"mission-fit-one-9"')
    for raw in (misnamed, misplaced):
        assert writer.receive(FIT, [FIRST, raw]) == Received(
            0, 1, 4, Misfit(what=What.FORK, ledger=FIT, seq=2, raw=raw, ours=SECOND)
        )


def newer(raw: bytes, **names: str) -> bytes:
    """As a program of tomorrow would have written it."""
    raw = changed(raw, '"dataversion":1', '"dataversion":9')
    for old, new in names.items():
        raw = changed(raw, f'"{old}":"{getattr(read_or_not(raw), NAMES[old])}"', new)
    return raw


def test_an_event_that_a_newer_program_wrote_is_kept(writer: Writer, store: EventStore) -> None:
    second = newer(SECOND)
    third = following(FIT_EVENTS[2], second)
    assert writer.receive(FIT, [FIRST, second, third]) == Received(3, 0, 3)
    assert sent(store, FIT) == (FIRST, second, third)
    [(_, happened)] = store.happened(mission(FIT, 1), 0)
    assert isinstance(happened, Unreadable)
    # It is one that no answer may rest on, as of a newer program of our own.
    assert [finding.what for finding in store.verify()] == ["ledger.unreadable"]
    assert writer.receive(FIT, [FIRST, second, third]) == Received(0, 3, 3)


@pytest.mark.parametrize(
    ("what", "names"),
    [
        (What.STREAM, {"subject": r'"subject":"mission-fit-\u0000"'}),
        (What.STREAM, {"subject": '"subject":"mission"'}),
        (What.STREAM, {"subject": '"subject":"mission-fit-one.>"'}),
        (What.TYPE, {"type": r'"type":"mission.\u0000"'}),
        (What.TYPE, {"type": '"type":"mission"'}),
        (What.TYPE, {"type": '"type":"mission.held.*"'}),
    ],
)
def test_a_name_that_no_program_gives_is_refused_though_a_newer_one_may_have(
    writer: Writer, store: EventStore, what: What, names: dict[str, str]
) -> None:
    raw = newer(SECOND, **names)
    assert writer.receive(FIT, [FIRST, raw]) == Received(
        1, 0, 1, Misfit(what=what, ledger=FIT, seq=2, raw=raw)
    )
    assert sent(store, FIT) == (FIRST,)


def test_a_name_of_tomorrow_is_kept(writer: Writer) -> None:
    raw = newer(SECOND, type='"type":"mission.dreamt-of"')
    assert writer.receive(FIT, [FIRST, raw]) == Received(2, 0, 2)
