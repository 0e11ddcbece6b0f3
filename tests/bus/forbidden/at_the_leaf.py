"""What programs may not do at their own agency's leaf, and what they may beside it."""

from collections.abc import Iterator, Sequence
from typing import Any

from coordination.bus.keys.layout import others
from coordination.bus.subjects import API_ON_THE_HUB, ledger_stream
from schemas.vocabulary import Agency
from tests.bus.forbidden.operation import PULL, Kind, Operation, body, consumer, stealing, touching

PLANNED = "shared.mission.planned"
EVERYTHING = (">", "*", "*.>", "ev.>", "link.>", "cmd.>", "$JS.>", "$JS.API.>", "$JS.ACK.>")
REPLIES = ("_INBOX.>", "_R_.>", "_R_.*.>", "$SYS.>", "$JS.EVENT.>", "$KV.>", "answer.>", "*.*.>")
SYSTEM = (
    "$SYS.REQ.SERVER.PING",
    "$SYS.REQ.SERVER.PING.CONNZ",
    "$SYS.REQ.ACCOUNT.NODE.CONNZ",
    "$SYS.REQ.ACCOUNT.PING.STATZ",
    "$SYS.REQ.USER.INFO",
)
WHOLE_ACCOUNT = (
    "STREAM.LIST",
    "STREAM.NAMES",
    "ACCOUNT.PURGE.NODE",
    "META.LEADER.STEPDOWN",
    "SERVER.REMOVE",
)


def forbidden(agencies: Sequence[Agency]) -> Iterator[Operation]:
    for agency in agencies:
        yield from _client(agency, agencies)
        yield from _node(agency, agencies)
        yield from _monitor(agency)


def _client(agency: Agency, agencies: Sequence[Agency]) -> Iterator[Operation]:
    def sends(subject: str, content: bytes = b"{}", note: str = "", **more: Any) -> Operation:
        return Operation(
            agency=agency, user="client", subject=subject, body=content, note=note, **more
        )

    away = others(agency, agencies)
    for owner in agencies:
        yield sends(f"ev.{owner}.{PLANNED}")
        yield sends(f"link.ev.{owner}.{PLANNED}")
        yield sends(f"answer.{owner}.some-command")
        yield from (sends(f"cmd.{owner}.{asker}.mission.plan") for asker in away)
    for other in away:
        yield sends(f"link.cmd.{other}.{agency}.mission.plan", note="past its own node")
        yield sends(f"link.ledger.{other}.{agency}")
        yield sends(f"ledger.{agency}.{other}")
        yield sends(f"node.{other}.health")
        yield sends(f"$JS.{other}.API.STREAM.INFO.{ledger_stream(other)}")
        yield sends(f"link.js.{other}.STREAM.INFO.{ledger_stream(other)}")
    yield sends(f"cmd.{agency}", note="a subject too short")
    yield sends(f"node.{agency}.replay", note="what only the node's keeper decides")
    yield sends(f"{API_ON_THE_HUB}.STREAM.INFO.{ledger_stream(agency)}")
    yield from (
        sends(subject)
        for subject in ("_INBOX_node.x", "_INBOX_link.x", "_INBOX.x", "_R_.x.y", "$SRV.x")
    )
    for owner in agencies:
        own = ledger_stream(owner)
        for subject, content in touching(own, "node", f"ev.{owner}.{PLANNED}"):
            yield sends(f"$JS.API.{subject}", content)
    own = ledger_stream(agency)
    create = f"$JS.API.CONSUMER.CREATE.{own}.client"
    yield sends(create, consumer(own, "node"), "the body names another consumer", bent=True)
    yield sends(
        create, consumer("CONFIDENTIAL", "client"), "the body names another stream", bent=True
    )
    for lands in _landing(agency, away):
        content = consumer(own, "client", deliver_subject=lands)
        yield sends(create, content, f"to deliver to {lands}", bent=True, lands=lands)
    for subject, content, note in stealing("CONFIDENTIAL", f"cmd.{agency}.x.>", "$JS.API"):
        yield sends(f"$JS.API.{subject}", content, note)
    for subject in ("STREAM.INFO.CONFIDENTIAL", "CONSUMER.CREATE.CONFIDENTIAL.client"):
        yield sends(f"$JS.API.{subject}")
    yield from (sends(f"$JS.API.{subject}") for subject in WHOLE_ACCOUNT)
    yield from (sends(subject) for subject in SYSTEM)
    heard = [f"answer.{other}.>" for other in away]
    own_node = [
        "_INBOX_node.>",
        "_INBOX_link.>",
        f"cmd.{agency}.>",
        f"ledger.{agency}.>",
        "$SRV.PING",
        "$SRV.>",
    ]
    for subject in (*EVERYTHING, *REPLIES, *heard, *own_node):
        yield Operation(agency=agency, user="client", kind=Kind.LISTEN, subject=subject)
    yield Operation(
        agency=agency, user="client", kind=Kind.LISTEN, subject=f"cmd.{agency}.>", queue="node"
    )


def _landing(agency: Agency, away: Sequence[Agency]) -> Iterator[str]:
    """Where the node, its link or another's account listens: a client may not send there."""
    for other in away:
        yield f"link.ledger.{other}.{agency}"
        yield f"link.cmd.{other}.{agency}.mission.plan"
        yield f"link.js.{other}.CONSUMER.DELETE.{ledger_stream(other)}.{agency}"
        yield f"cmd.{agency}.{other}.mission.plan"
    yield f"link.ev.{agency}.{PLANNED}"
    yield f"$JS.API.STREAM.PURGE.{ledger_stream(agency)}"
    yield f"answer.{agency}.some-command"


def _node(agency: Agency, agencies: Sequence[Agency]) -> Iterator[Operation]:
    def sends(subject: str, content: bytes = b"{}", note: str = "") -> Operation:
        return Operation(agency=agency, user="node", subject=subject, body=content, note=note)

    away = others(agency, agencies)
    for other in away:
        third = next(one for one in away if one != other)
        theirs = ledger_stream(other)
        yield sends(f"link.ev.{other}.{PLANNED}")
        yield sends(f"ev.{other}.confidential.mission.planned")
        yield sends(f"answer.{other}.some-command")
        yield sends(f"link.cmd.{other}.{third}.mission.plan")
        yield sends(f"link.cmd.{agency}.{other}.mission.plan")
        yield sends(f"cmd.{other}.{third}.mission.plan")
        yield sends(f"cmd.{agency}.{other}.mission.plan")
        yield sends(f"link.ledger.{other}.{third}")
        yield sends(f"link.ledger.{other}")
        yield sends(f"node.{other}.replay")
        yield sends(f"$JS.{other}.API.STREAM.INFO.{theirs}")
        yield sends(f"$JS.{other}.API.STREAM.DELETE.{theirs}")
        for subject, content in touching(theirs, third, f"ev.{other}.{PLANNED}"):
            yield sends(f"link.js.{other}.{subject}", content)
            yield sends(f"{API_ON_THE_HUB}.{subject}", content)
    yield sends(f"ev.{agency}.confidential.mission.planned")
    yield sends(f"link.ev.{agency}.confidential.mission.planned")
    for verb in ("PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE"):
        yield sends(
            f"{API_ON_THE_HUB}.STREAM.{verb}.{ledger_stream(agency)}", note="of its own stream"
        )
    for subject, content, note in stealing("CONFIDENTIAL", f"link.ev.{away[0]}.>", "$JS.API"):
        yield sends(f"$JS.API.{subject}", content, note)
        yield sends(f"{API_ON_THE_HUB}.{subject}", content, note)
    for subject in WHOLE_ACCOUNT:
        yield sends(f"$JS.API.{subject}")
        yield sends(f"{API_ON_THE_HUB}.{subject}")
    yield from (sends(subject) for subject in (*SYSTEM, "_INBOX_client.x", "_R_.x.y", "$SRV.PING"))
    heard = [f"cmd.{away[0]}.{away[1]}.>", f"ledger.{away[0]}.>", "_INBOX_client.>"]
    for subject in (*EVERYTHING, *REPLIES, *heard):
        yield Operation(agency=agency, user="node", kind=Kind.LISTEN, subject=subject)


def _monitor(agency: Agency) -> Iterator[Operation]:
    """It sees how the server is and nothing of what is in it, and cannot make it do anything."""
    for verb in ("RELOAD", "KICK", "LDM"):
        yield Operation(agency=agency, user="monitor", subject=f"$SYS.REQ.SERVER.ANY.{verb}")
    for subject in (f"ev.{agency}.{PLANNED}", f"$JS.API.STREAM.INFO.{ledger_stream(agency)}"):
        yield Operation(agency=agency, user="monitor", subject=subject)
    for subject in (">", "$SYS.>", "$SYS.ACCOUNT.>", "_INBOX.>"):
        yield Operation(agency=agency, user="monitor", kind=Kind.LISTEN, subject=subject)


def allowed(agencies: Sequence[Agency]) -> Iterator[Operation]:
    """The neighbours; those that change what others rest on come last."""
    for agency in agencies:
        away = others(agency, agencies)
        for user, subject in _allowed_subjects(agency, agencies, away):
            yield Operation(agency=agency, user=user, subject=subject)
        for owner in agencies:
            own = ledger_stream(owner)
            yield _of_consumer(agency, "client", f"$JS.API.{{}}.{own}.client", own)
            yield _pull(agency, "client", f"$JS.API.CONSUMER.MSG.NEXT.{own}.client")
        for other in away:
            theirs = ledger_stream(other)
            yield _of_consumer(agency, "node", f"link.js.{other}.{{}}.{theirs}.{agency}", theirs)
            yield _pull(agency, "node", f"link.js.{other}.CONSUMER.MSG.NEXT.{theirs}.{agency}")
        yield Operation(agency=agency, user="client", kind=Kind.LISTEN, subject="_INBOX_client.>")
        yield Operation(
            agency=agency, user="client", kind=Kind.LISTEN, subject=f"answer.{agency}.>"
        )
        yield Operation(agency=agency, user="node", kind=Kind.LISTEN, subject=f"cmd.{agency}.>")
    for agency in agencies:
        for api in ("$JS.API", f"{API_ON_THE_HUB}"):
            subject = f"{api}.STREAM.DELETE.{ledger_stream(agency)}"
            yield Operation(agency=agency, user="node", subject=subject, body=b"")


def _allowed_subjects(
    agency: Agency, agencies: Sequence[Agency], away: Sequence[Agency]
) -> Iterator[tuple[str, str]]:
    yield "monitor", "$SYS.REQ.SERVER.PING"
    yield "client", "$SRV.PING"
    yield "client", f"node.{agency}.health"
    yield "client", f"node.{agency}.schema"
    yield "node", f"node.{agency}.replay"
    yield "node", f"link.ev.{agency}.{PLANNED}"
    yield "node", f"answer.{agency}.some-command"
    for owner in agencies:
        yield "client", f"cmd.{owner}.{agency}.mission.plan"
        yield "client", f"$JS.API.STREAM.INFO.{ledger_stream(owner)}"
        yield "node", f"ev.{owner}.{PLANNED}"
        yield "node", f"$JS.API.STREAM.INFO.{ledger_stream(owner)}"
    for other in away:
        yield "node", f"link.cmd.{other}.{agency}.mission.plan"
        yield "node", f"link.ledger.{other}.{agency}"
        yield "node", f"link.js.{other}.STREAM.INFO.{ledger_stream(other)}"
    yield "node", f"{API_ON_THE_HUB}.STREAM.INFO.{ledger_stream(agency)}"


def _of_consumer(agency: Agency, user: str, subject: str, of: str) -> Operation:
    name = subject.rsplit(".", 1)[1]
    made = subject.format("CONSUMER.CREATE")
    return Operation(agency=agency, user=user, subject=made, body=consumer(of, name))


def _pull(agency: Agency, user: str, subject: str) -> Operation:
    return Operation(agency=agency, user=user, subject=subject, body=body(PULL))
