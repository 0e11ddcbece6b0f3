"""
What who administers an agency's leaf may not do with the key of its link, and who administers the
hub may not do to a leaf.
"""

from collections.abc import Iterator, Sequence

from coordination.bus.keys.layout import others
from coordination.bus.subjects import API_ON_THE_HUB, ledger_stream
from schemas.vocabulary import Agency
from tests.bus.forbidden.at_the_leaf import PLANNED, SYSTEM, WHOLE_ACCOUNT
from tests.bus.forbidden.operation import (
    PULL,
    Kind,
    Operation,
    body,
    consumer,
    stealing,
    touching,
)


def _sends(agency: Agency, subject: str, content: bytes = b"{}", note: str = "") -> Operation:
    return Operation(agency=agency, user="admin", subject=subject, body=content, note=note)


def _listens(agency: Agency, subject: str) -> Operation:
    return Operation(agency=agency, user="admin", kind=Kind.LISTEN, subject=subject)


def _hub_sends(agency: Agency, subject: str, content: bytes = b"{}", note: str = "") -> Operation:
    return Operation(agency=agency, user="hub-admin", subject=subject, body=content, note=note)


def _hub_listens(agency: Agency, subject: str) -> Operation:
    return Operation(agency=agency, user="hub-admin", kind=Kind.LISTEN, subject=subject)


def of_leaf_administrators(agencies: Sequence[Agency]) -> Iterator[Operation]:
    """His leaf denies nothing and his user may do everything there: only the hub can hold him."""
    for agency in agencies:
        yield from _published_by_a_leaf(agency, agencies)
        for other in others(agency, agencies):
            yield from _of_streams_by_a_leaf(agency, other, agencies)
        for subject in (*WHOLE_ACCOUNT, f"ACCOUNT.PURGE.{agency.upper()}"):
            yield _sends(agency, f"{API_ON_THE_HUB}.{subject}")
        away = others(agency, agencies)[0]
        for subject, content, note in stealing(
            ledger_stream(away), f"link.ev.{away}.>", f"link.js.{away}"
        ):
            yield _sends(agency, f"{API_ON_THE_HUB}.{subject}", content, note)
        for subject in (">", "*.*.>", "ev.>", "cmd.>", "_INBOX.>", "_R_.>", "$SYS.>", "$JS.>"):
            yield _listens(agency, subject)
        for subject in ("_INBOX_client.>", "answer.>", "link.>", "$SRV.PING", "ledger.>"):
            yield _listens(agency, subject)


def _published_by_a_leaf(agency: Agency, agencies: Sequence[Agency]) -> Iterator[Operation]:
    for owner in agencies:
        yield _sends(agency, f"ev.{owner}.{PLANNED}")
        yield _sends(agency, f"answer.{owner}.some-command")
        for asker in others(owner, agencies):
            yield _sends(agency, f"cmd.{owner}.{asker}.mission.plan")
            yield _sends(agency, f"ledger.{owner}.{asker}")
            if asker != agency:
                yield _sends(agency, f"link.cmd.{owner}.{asker}.mission.plan")
                yield _sends(agency, f"link.ledger.{owner}.{asker}")
    for other in others(agency, agencies):
        yield _sends(agency, f"link.ev.{other}.{PLANNED}")
        yield _sends(agency, f"node.{other}.replay")
        yield _sends(agency, f"node.{other}.health")
    yield _sends(agency, f"link.ev.{agency}.confidential.mission.planned")
    inboxes = [f"_INBOX_{one}.x" for one in ("node", "link", "client", "monitor")]
    for subject in (*SYSTEM, *inboxes, "$SRV.PING"):
        yield _sends(agency, subject)


def _of_streams_by_a_leaf(
    agency: Agency, other: Agency, agencies: Sequence[Agency]
) -> Iterator[Operation]:
    theirs = ledger_stream(other)
    third = next(one for one in others(agency, agencies) if one != other)
    event = f"ev.{other}.{PLANNED}"
    for subject, content in touching(theirs, third, event):
        yield _sends(agency, f"link.js.{other}.{subject}", content)
        yield _sends(agency, f"{API_ON_THE_HUB}.{subject}", content)
    yield _sends(agency, f"$JS.{other}.API.STREAM.INFO.{theirs}")
    yield _sends(agency, f"$JS.{other}.API.STREAM.DELETE.{theirs}")
    create = f"link.js.{other}.CONSUMER.CREATE.{theirs}.{agency}"
    names = ((theirs, third, "consumer"), (ledger_stream(agency), agency, "stream"))
    for stream_name, reader, what in names:
        yield Operation(
            agency=agency,
            user="admin",
            subject=create,
            body=consumer(stream_name, reader),
            note=f"the body names another {what}",
            bent=True,
        )
    for lands in _landing(agency, other, third):
        yield Operation(
            agency=agency,
            user="admin",
            subject=create,
            body=consumer(theirs, agency, deliver_subject=lands),
            note=f"to deliver to {lands}",
            bent=True,
            lands=lands,
        )


def _landing(agency: Agency, other: Agency, third: Agency) -> Iterator[str]:
    """Where the other's account would speak for it, or hear what nobody said."""
    yield f"link.ev.{other}.{PLANNED}"
    yield f"link.cmd.{third}.{other}.mission.plan"
    yield f"link.cmd.{agency}.{other}.mission.plan"
    yield f"link.js.{third}.CONSUMER.DELETE.{ledger_stream(third)}.{other}"
    yield f"link.ledger.{third}.{other}"
    yield f"link.ledger.{agency}.{other}"
    yield f"cmd.{other}.{third}.mission.plan"
    yield f"ledger.{other}.{third}"
    yield f"$JS.API.STREAM.PURGE.{ledger_stream(other)}"
    yield f"$JS.API.CONSUMER.DELETE.{ledger_stream(other)}.{third}"


def allowed_to_leaf_administrators(agencies: Sequence[Agency]) -> Iterator[Operation]:
    for agency in agencies:
        yield _sends(agency, f"link.ev.{agency}.{PLANNED}")
        yield _sends(agency, f"{API_ON_THE_HUB}.STREAM.INFO.{ledger_stream(agency)}")
        for other in others(agency, agencies):
            theirs = ledger_stream(other)
            yield _sends(agency, f"link.cmd.{other}.{agency}.mission.plan")
            yield _sends(agency, f"link.ledger.{other}.{agency}")
            yield _sends(agency, f"link.js.{other}.STREAM.INFO.{theirs}")
            create = f"link.js.{other}.CONSUMER.CREATE.{theirs}.{agency}"
            yield _sends(agency, create, consumer(theirs, agency))
            pull = f"link.js.{other}.CONSUMER.MSG.NEXT.{theirs}.{agency}"
            yield _sends(agency, pull, body(PULL))
        yield _listens(agency, f"cmd.{agency}.>")
    for agency in agencies:
        yield _sends(agency, f"{API_ON_THE_HUB}.STREAM.DELETE.{ledger_stream(agency)}", b"")


def of_hub_administrators(agencies: Sequence[Agency]) -> Iterator[Operation]:
    """His user may do everything in the hub's accounts: only the leaf can hold him."""
    for agency in agencies:
        for owner in agencies:
            yield _hub_sends(agency, f"ev.{owner}.{PLANNED}")
            yield _hub_sends(agency, f"cmd.{owner}.{agency}.mission.plan", note="in its own name")
            yield _hub_sends(agency, f"answer.{owner}.some-command")
        yield _hub_sends(agency, f"ev.{agency}.confidential.mission.planned")
        for owner in agencies:
            for subject, content in touching(ledger_stream(owner), "node", f"ev.{owner}.{PLANNED}"):
                yield _hub_sends(agency, f"$JS.{agency}.API.{subject}", content)
        for subject, content in touching("CONFIDENTIAL", "local", "confidential.visit"):
            yield _hub_sends(agency, f"$JS.{agency}.API.{subject}", content)
        for subject, content, note in stealing("CONFIDENTIAL", "cmd.x.>", "$JS.API"):
            yield _hub_sends(agency, f"$JS.{agency}.API.{subject}", content, note)
        for subject in (*WHOLE_ACCOUNT, "INFO"):
            yield _hub_sends(agency, f"$JS.{agency}.API.{subject}")
        for verb in ("replay", "health", "schema"):
            yield _hub_sends(agency, f"node.{agency}.{verb}")
        inside = ("_INBOX_client.x", "_INBOX_node.x", "_INBOX.x", "$SRV.PING", "$KV.x.y")
        for subject in (*inside, f"$JS.ACK.{ledger_stream(agency)}.client.1.1.1.1.1"):
            yield _hub_sends(agency, subject)
        for subject in (
            ">",
            "cmd.>",
            "ev.>",
            "answer.>",
            "_INBOX_client.>",
            "_INBOX_node.>",
            "$JS.>",
            "$SYS.>",
        ):
            yield _hub_listens(agency, subject)
        yield _hub_listens(agency, "confidential.>")


def allowed_to_hub_administrators(agencies: Sequence[Agency]) -> Iterator[Operation]:
    """What the seals of the agencies must hold, as no server can: deploy/OPERATING.md."""
    for agency in agencies:
        for other in others(agency, agencies):
            yield _hub_sends(agency, f"cmd.{agency}.{other}.mission.plan")
            yield _hub_sends(agency, f"ledger.{agency}.{other}")
            yield _hub_sends(agency, f"link.cmd.{other}.{agency}.mission.plan")
        yield _hub_listens(agency, "link.>")
