"""How a node on the bus stands: what a person on duty must know, and what a monitor compares."""

from msgspec import Struct

from schemas.vocabulary import Agency


class ServerHealth(Struct, frozen=True, kw_only=True):
    """
    A server as its monitor shows it. `sync_always` is the setting without which a power cut loses
    what was acknowledged (shared/nats NOTES, 0.3); null where the monitor does not answer.
    """

    monitor: str
    name: str = ""
    version: str = ""
    version_is_safe: bool | None = None
    sync_always: bool | None = None


class LedgerHealth(Struct, frozen=True, kw_only=True):
    """
    `head` is what the own store has; `common` what the hub is known to have, null while it cannot
    be seen; `behind` the events between; `local` what the agency's own server has. `trouble` is
    what goes wrong at the moment, in the words of the program.
    """

    ledger: Agency
    head: int
    common: int | None
    behind: int | None
    local: int | None
    forked: bool = False
    trouble: str = ""


class Health(Struct, frozen=True, kw_only=True):
    """
    `linked`: the hub was reached just now. Cut off is a state a node works in, and no failure.

    `refusals` counts what the own server did not let this node do.
    """

    agency: Agency
    linked: bool
    server: str
    refusals: int
    ledgers: tuple[LedgerHealth, ...]
    servers: tuple[ServerHealth, ...]
    waiting: int
    kept: int
    evidence: int
