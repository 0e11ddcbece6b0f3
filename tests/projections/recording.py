"""Events as recorded, for the tests of the projections."""

from collections import Counter
from datetime import UTC, datetime

from schemas.message import name, owner_of, stream_of
from schemas.recorded_event import AnyEvent, RecordedEvent

AT = datetime(2026, 9, 24, 8, tzinfo=UTC)


def recorded(*events: AnyEvent, time: datetime = AT) -> list[RecordedEvent]:
    """In order, each with its place in its stream and in the ledger of its owner."""
    versions: Counter[str] = Counter()
    seqs: Counter[str] = Counter()
    history = []
    for event in events:
        stream = stream_of(event)
        ledger = owner_of(stream)
        versions[stream] += 1
        seqs[ledger] += 1
        history.append(
            RecordedEvent(
                specversion="1.0",
                id=f"{ledger}-{seqs[ledger]}",
                source=f"urn:coordination:{ledger}",
                type=name(event),
                stream=stream,
                time=time,
                datacontenttype="application/json",
                version=versions[stream],
                ledger=ledger,
                seq=seqs[ledger],
                previous="0" * 64,
                agency=ledger,
                role="coordinator",
                correlation="meeting-2026-september",
                causation="command-1",
                dataversion=1,
                data=event,
            )
        )
    return history
