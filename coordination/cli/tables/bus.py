"""How a node stands on the bus, for people."""

from coordination.bus.health import faults_of
from coordination.cli.tables.page import Page, sheet
from coordination.wording import Reader
from schemas.health import Health, LedgerHealth, ServerHealth


def health(answer: Health, reader: Reader) -> Page:
    agency = reader.agency(answer.agency)
    columns = ("ledger", "kept-here", "on-the-hub", "lag", "on-own-server", "trouble")
    rows = (_ledger(one, reader) for one in answer.ledgers)
    return [
        reader.say("bus.linked" if answer.linked else "bus.cut-off", agency=agency),
        *sheet(reader, "bus.ledgers", columns, rows),
        reader.say(
            "bus.health-letters",
            waiting=answer.waiting,
            kept=answer.kept,
            evidence=answer.evidence,
            refusals=answer.refusals,
        ),
        *(line for one in answer.servers for line in _server(one, reader)),
    ]


def _ledger(one: LedgerHealth, reader: Reader) -> tuple[str, ...]:
    unseen = reader.say("bus.not-seen")
    return (
        reader.agency(one.ledger),
        str(one.head),
        *(unseen if seen is None else str(seen) for seen in (one.common, one.behind, one.local)),
        reader.say("bus.forked") if one.forked else reader.label("trouble", one.trouble),
    )


def _server(one: ServerHealth, reader: Reader) -> list[str]:
    said = {"server": one.name or one.monitor, "found": one.version}
    keys = faults_of(one) or ["bus.server-well"]
    return [reader.say(key, **said) for key in keys]
