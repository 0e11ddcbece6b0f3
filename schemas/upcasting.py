"""Reading events of every age: an old shape becomes the new one, a version at a time.

Stored bytes are never rewritten. An event says the version of its data on its envelope; one
function per tag that changed turns version n into n + 1, on plain data.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias, get_args

import msgspec

from schemas.message import name
from schemas.recorded_event import AnyEvent, RecordedEvent, Sequence, Told
from schemas.vocabulary import Agency

Data = dict[str, Any]


def observations_are_structured(data: Data) -> Data:
    """cycle.bilateral-held 1 → 2: an observation was a bare sentence; now it may also name the
    sector, destination and agency it is about."""
    return {**data, "observations": [{"text": text} for text in data["observations"]]}


UPCASTERS: Mapping[str, tuple[Callable[[Data], Data], ...]] = MappingProxyType(
    {"cycle.bilateral-held": (observations_are_structured,)}
)


class UnknownVersion(ValueError):
    """An event was written by a newer program than this one."""

    def __init__(self, tag: str, found: int, known: int) -> None:
        super().__init__(f"{tag} version {found}, where {known} is the last one known")
        self.found, self.known = found, known


class NotRead(ValueError):
    """An event is whole, and this program does not know what it says."""


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """An event whose envelope says where it stands, and whose data this program cannot read."""

    id: str
    stream: str = msgspec.field(name="subject")
    version: Sequence
    ledger: Agency
    seq: Sequence
    time: datetime
    previous: str
    type: str
    dataversion: int
    reason: str = ""

    @property
    def data(self) -> AnyEvent:
        """Raises NotRead, whoever asks what it says."""
        raise NotRead(self.reason)


_CURRENT = {tag: len(steps) + 1 for tag, steps in UPCASTERS.items()}


def current_version(tag: str) -> int:
    return _CURRENT.get(tag, 1)


class Recalled(msgspec.Struct, frozen=True, gc=False):
    """An event that was read whole once before: as much of it as a fold needs."""

    version: int
    ledger: str
    seq: int
    time: datetime
    dataversion: int
    data: AnyEvent


Happened: TypeAlias = RecordedEvent | Unreadable
_envelope = msgspec.json.Decoder(RecordedEvent)
_recalled = msgspec.json.Decoder(Recalled)
_CURRENT_OF = {kind: current_version(name(kind)) for kind in get_args(AnyEvent)}
_outside = msgspec.json.Decoder(Unreadable)


def read(raw: bytes) -> RecordedEvent:
    """
    An event from the bytes it was recorded in.

    Raises msgspec.ValidationError (a ValueError) where the bytes are no event, UnknownVersion
    where a newer program wrote them.
    """
    try:
        recorded = _envelope.decode(raw)
    except msgspec.ValidationError:
        return _upcast(raw)
    return recorded if recorded.dataversion == _CURRENT.get(recorded.type, 1) else _upcast(raw)


def read_or_not(raw: bytes) -> Happened:
    """An event, or why this program cannot read it. Raises ValueError where it is no envelope."""
    try:
        return read(raw)
    except (ValueError, TypeError, KeyError) as error:
        return msgspec.structs.replace(_outside.decode(raw), reason=str(error)[:300])


def recall(raw: bytes) -> Told | Unreadable:
    """As `read_or_not`, of bytes that were read before: the envelope is not looked at again."""
    try:
        recalled = _recalled.decode(raw)
    except (ValueError, TypeError):
        return read_or_not(raw)
    if recalled.dataversion == _CURRENT_OF[type(recalled.data)]:
        return recalled
    return read_or_not(raw)


def _upcast(raw: bytes) -> RecordedEvent:
    envelope = msgspec.json.decode(raw)
    if isinstance(envelope, dict):
        tag, version = envelope.get("type"), envelope.get("dataversion")
        if isinstance(tag, str) and isinstance(version, int):
            if version > current_version(tag):
                raise UnknownVersion(tag, version, current_version(tag))
            for step in UPCASTERS.get(tag, ())[max(version, 1) - 1 :]:
                envelope["data"] = step(envelope["data"])
    return msgspec.convert(envelope, RecordedEvent)
