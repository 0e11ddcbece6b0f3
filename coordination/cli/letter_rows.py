"""What waits for a person, and what was asked of others, as flat rows."""

from collections.abc import Iterator, Sequence
from typing import Any

from coordination.cli.flat import Rows, json_of, lines
from coordination.letters import AskedLine, AskedList, AskedWhole, Waiting

PARKED = (
    *("part", "projection", "stream", "version", "reference"),
    *("since", "why", "agency", "reason"),
)
KEPT = ("number", "door", "subject", "size", "count", "until")


def waiting(answer: Waiting) -> Rows:
    """What is parked, what was passed over, then messages, and what was only counted."""
    return (*PARKED, *KEPT), _waiting(answer)


def _waiting(answer: Waiting) -> Iterator[Sequence[Any]]:
    nowhere, no_message = (None,) * 4, (None,) * len(KEPT)
    for one in answer.parked:
        where = (one.projection, one.stream, one.version, one.reference)
        yield "parked", *where, one.since, one.why, None, one.reason, *no_message
    for passed in answer.skipped:
        where_to = (passed.projection, passed.stream, passed.version, None)
        yield "skipped", *where_to, passed.at, None, passed.agency, passed.reason, *no_message
    for kept in answer.messages:
        settled = kept.settled
        part = settled.how if settled else "message"
        said = settled.reason if settled else json_of(kept.parameters)
        why = (kept.first_at, kept.reason, kept.came_by.agency, said)
        what = (kept.number, kept.came_by.door, kept.subject, kept.size)
        yield part, *nowhere, *why, *what, kept.count, kept.last_at
    for beyond in answer.beyond:
        came_by = beyond.came_by
        why = (beyond.first_at, beyond.reason, came_by.agency, "")
        yield "beyond", *nowhere, *why, None, came_by.door, None, None, beyond.count, beyond.last_at


def asked(answer: AskedList | AskedWhole) -> Rows:
    return lines(AskedLine, answer.asked)
