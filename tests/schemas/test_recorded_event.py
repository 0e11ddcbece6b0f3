"""The envelope is a CloudEvents 1.0 document in structured JSON."""

import json
import re
from datetime import UTC, date, datetime

import msgspec
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event

from coordination.store.event_store import written
from schemas.cycle import CycleOpened
from schemas.recorded_event import BEFORE_THE_FIRST, RecordedEvent, hash_of

RECORDED = RecordedEvent(
    specversion="1.0",
    id="e1",
    source="urn:coordination:hub",
    type="cycle.opened",
    stream="cycle-hub-2026",
    time=datetime(2026, 1, 12, 8, tzinfo=UTC),
    datacontenttype="application/json",
    version=1,
    ledger="hub",
    seq=1,
    previous=BEFORE_THE_FIRST,
    agency="hub",
    role="coordinator",
    correlation="c1",
    causation="c1",
    dataversion=1,
    data=CycleOpened(effective=date(2026, 1, 12), cycle="cycle-hub-2026"),
)


def test_the_software_kit_of_cloud_events_reads_it() -> None:
    message = HTTPMessage(
        headers={"content-type": "application/cloudevents+json"}, body=written(RECORDED)
    )
    event = from_http_event(message)
    assert event.get_attributes() == {
        "specversion": "1.0",
        "id": "e1",
        "source": "urn:coordination:hub",
        "type": "cycle.opened",
        "subject": "cycle-hub-2026",
        "time": datetime(2026, 1, 12, 8, tzinfo=UTC),
        "datacontenttype": "application/json",
        "version": 1,
        "ledger": "hub",
        "seq": 1,
        "previous": BEFORE_THE_FIRST,
        "agency": "hub",
        "role": "coordinator",
        "correlation": "c1",
        "causation": "c1",
        "dataversion": 1,
    }
    assert event.get_data() == {
        "event": "cycle.opened",
        "effective": "2026-01-12",
        "cycle": "cycle-hub-2026",
    }


REQUIRED = ("id", "source", "specversion", "type")
NAME = re.compile(r"[a-z0-9]{1,20}")


def test_what_the_standard_requires_is_there() -> None:
    document = json.loads(written(RECORDED))
    assert document["specversion"] == "1.0"
    assert all(isinstance(document[name], str) and document[name] for name in REQUIRED)
    assert datetime.fromisoformat(document["time"]) == RECORDED.time


@pytest.mark.parametrize("name", REQUIRED)
def test_an_envelope_without_what_the_standard_requires_is_no_event(name: str) -> None:
    document = json.loads(written(RECORDED))
    del document[name]
    with pytest.raises(msgspec.ValidationError, match=f"missing required field `{name}`"):
        msgspec.convert(document, RecordedEvent)


def test_attributes_are_named_as_the_standard_asks() -> None:
    """Lower-case letters and digits of ASCII only, and not more than twenty."""
    names = [field.encode_name for field in msgspec.structs.fields(RecordedEvent)]
    assert [name for name in names if not NAME.fullmatch(name)] == []


def test_what_is_written_is_read() -> None:
    assert msgspec.json.decode(written(RECORDED), type=RecordedEvent) == RECORDED


def test_a_link_of_the_chain_is_the_hash_of_the_very_bytes() -> None:
    assert len(hash_of(written(RECORDED))) == len(BEFORE_THE_FIRST)
    assert hash_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
