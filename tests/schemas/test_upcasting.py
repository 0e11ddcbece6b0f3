"""Events of every age are read; the bytes they were recorded in stay as they are."""

import msgspec
import pytest

from schemas.cycle import BilateralHeld, Observation
from schemas.upcasting import UPCASTERS, UnknownVersion, current_version, read

# As the first trial wrote it: an observation was a bare sentence (data version 1).
OLD = (
    b'{"specversion":"1.0","id":"5e0c","source":"urn:coordination:hub",'
    b'"type":"cycle.bilateral-held","subject":"cycle-hub-2025",'
    b'"time":"2025-06-12T09:30:00Z","datacontenttype":"application/json","version":2,'
    b'"ledger":"hub","seq":7,'
    b'"previous":"0000000000000000000000000000000000000000000000000000000000000000",'
    b'"agency":"hub","role":"coordinator","correlation":"meeting-2025-june",'
    b'"causation":"c1","dataversion":1,"data":{"event":"cycle.bilateral-held",'
    b'"effective":"2025-06-12","cycle":"cycle-hub-2025","meeting":"meeting-2025-june",'
    b'"agencies":["hub","awex"],"observations":["Vietnam is on both lists","Health grows"]}}'
)


def test_an_old_shape_reads_as_the_new_one() -> None:
    recorded = read(OLD)
    assert recorded.data == BilateralHeld(
        effective=recorded.data.effective,
        cycle="cycle-hub-2025",
        meeting="meeting-2025-june",
        agencies=("hub", "awex"),
        observations=(
            Observation(text="Vietnam is on both lists"),
            Observation(text="Health grows"),
        ),
    )
    assert (recorded.seq, recorded.dataversion) == (7, 1)


def test_an_old_shape_that_the_new_types_would_read_is_still_turned() -> None:
    empty = OLD.replace(b'["Vietnam is on both lists","Health grows"]', b"[]")
    assert read(empty).data == BilateralHeld(
        effective=read(OLD).data.effective,
        cycle="cycle-hub-2025",
        meeting="meeting-2025-june",
        agencies=("hub", "awex"),
    )


def test_the_new_shape_reads_straight() -> None:
    new = msgspec.json.encode(msgspec.structs.replace(read(OLD), dataversion=2))
    assert msgspec.structs.replace(read(new), dataversion=1) == read(OLD)


def test_versions_are_counted_from_one() -> None:
    assert {tag: current_version(tag) for tag in UPCASTERS} == {"cycle.bilateral-held": 2}
    assert current_version("mission.published") == 1


def test_what_a_newer_program_wrote_is_refused_by_name() -> None:
    newer = OLD.replace(b'"dataversion":1', b'"dataversion":3')
    with pytest.raises(UnknownVersion, match=r"cycle\.bilateral-held version 3"):
        read(newer)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"gone",
        b"[]",
        b"{}",
        b"\xff\xfe",
        OLD.replace(b'"dataversion":1', b'"dataversion":"1"'),
        OLD.replace(b'"dataversion":1', b'"dataversion":2'),
        OLD.replace(b'"seq":7', b'"seq":0'),
    ],
)
def test_bytes_that_are_no_event_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(raw)
