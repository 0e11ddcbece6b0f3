"""An event with its place in history: a CloudEvents 1.0 document in structured JSON.

The bytes of this document are what is stored, sent and hashed: nobody encodes it a second time.
"""

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Protocol, TypeAlias

import msgspec
from msgspec import Meta, field

from schemas.cycle import CycleCommand, CycleEvent
from schemas.mission import MissionCommand, MissionEvent
from schemas.policy import PolicyCommand, PolicyEvent
from schemas.post import PostCommand, PostEvent
from schemas.review import ReviewCommand, ReviewEvent
from schemas.vocabulary import Agency

AnyEvent: TypeAlias = MissionEvent | CycleEvent | PostEvent | ReviewEvent | PolicyEvent
AnyCommand: TypeAlias = MissionCommand | CycleCommand | PostCommand | ReviewCommand | PolicyCommand

BEFORE_THE_FIRST = "0" * 64  # the `previous` of the first event of a ledger
Sequence: TypeAlias = Annotated[int, Meta(ge=1)]


class RecordedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """`version` counts within the stream, `seq` within the ledger, both from 1, without a hole.

    `ledger` is the agency that owns the stream and decided, `agency` the one that asked, `role`
    the office its asker holds. `previous` is the SHA-256 of the bytes of the ledger's event
    before. `correlation` names the meeting or import an event belongs to, `causation` the command.
    """

    specversion: str
    id: str
    source: str
    type: str
    stream: str = field(name="subject")
    time: datetime
    datacontenttype: str
    version: Sequence
    ledger: Agency
    seq: Sequence
    previous: str
    agency: Agency
    role: str
    correlation: str
    causation: str
    dataversion: int
    data: AnyEvent


Heads: TypeAlias = dict[str, tuple[int, str]]  # of each ledger: seq and hash of its last event


class Told(Protocol):
    """What a fold needs of an event, however much of its envelope was read."""

    @property
    def version(self) -> int: ...
    @property
    def ledger(self) -> Agency: ...
    @property
    def seq(self) -> int: ...
    @property
    def time(self) -> datetime: ...
    @property
    def data(self) -> AnyEvent: ...


def hash_of(recorded: bytes) -> str:
    """The link of the chain: SHA-256 over the very bytes, in hexadecimal."""
    return sha256(recorded).hexdigest()
