"""What is asked of the writer, and what it answers."""

from typing import TypeAlias

from msgspec import Struct

from schemas.recorded_event import AnyCommand, RecordedEvent


class Asked(Struct, frozen=True, kw_only=True):
    """A command with who asks it in which role; `correlation` names a meeting or an import."""

    command: AnyCommand
    role: str
    id: str
    correlation: str | None = None


class Done(Struct, frozen=True):
    """Decided and durable. No events: it was so already. `position`: how far the store is."""

    events: tuple[RecordedEvent, ...]
    position: int


class Refused(Struct, frozen=True):
    """The rules do not allow it: a key and its parameters, for the catalogues."""

    reason: str
    parameters: dict[str, str | int | tuple[str, ...]] = {}


Answer: TypeAlias = Done | Refused
