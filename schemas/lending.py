"""How a node asks an agency for its ledger itself, where no stream has what it needs."""

from typing import Annotated

from msgspec import Meta, Struct

from schemas.answer import Recorded


class AskLedger(Struct, frozen=True):
    """The events after this `seq`, please; 0 for all."""

    after: Annotated[int, Meta(ge=0)]


class LentLedger(Struct, frozen=True):
    """
    The next events of the ledger, the very bytes that are kept, at most as many as a message holds.

    None where there are no more. `seal` is that of the last, and covers all before it.
    """

    events: tuple[Recorded, ...]
    seal: str = ""
