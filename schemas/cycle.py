"""The cycle of a year N, in which the agencies plan N+1 together [S4]."""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from schemas.message import Command, Event
from schemas.vocabulary import Agency, Country, Sector, Words

CycleId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^cycle-[a-z][a-z0-9]*-[0-9]{4}$(?!\n)",
        description="identifier of a cycle: cycle-<secretariat>-<year N>",
        examples=["cycle-hub-2026"],
    ),
]
MeetingId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^meeting-[a-z0-9-]+$(?!\n)",
        max_length=80,
        description="identifier of a meeting; decisions taken in it carry it as correlation",
        examples=["meeting-2026-june-hub-awex"],
    ),
]
EditionName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]+$(?!\n)",
        max_length=40,
        description="name of an edition within its cycle",
        examples=["after-september"],
    ),
]
AFTER_JUNE = "after-june"
AFTER_SEPTEMBER = "after-september"


class Observation(Struct, frozen=True, kw_only=True):
    """What was observed in a meeting: about a sector or a destination, without commitment."""

    text: Words
    sector: Sector | None = None
    country: Country | None = None
    agency: Agency | None = None


class Head(Struct, frozen=True):
    """How far a ledger had come: the seq of its last event, 0 when it has none."""

    ledger: Agency
    seq: Annotated[int, Meta(ge=0)]


class OpenCycle(Command, frozen=True, kw_only=True, tag="cycle.open"):
    """Open the cycle of a year."""

    cycle: CycleId


class HoldBilateral(Command, frozen=True, kw_only=True, tag="cycle.hold-bilateral"):
    """Record the June meeting of two agencies, with what they observed."""

    cycle: CycleId
    meeting: MeetingId
    agencies: tuple[Agency, Agency]
    observations: tuple[Observation, ...] = ()


class HoldTriRegional(Command, frozen=True, kw_only=True, tag="cycle.hold-tri-regional"):
    """Record the September meeting of all agencies."""

    cycle: CycleId
    meeting: MeetingId
    agencies: Annotated[tuple[Agency, ...], Meta(min_length=1)]
    observations: tuple[Observation, ...] = ()


class PublishEdition(Command, frozen=True, kw_only=True, tag="cycle.publish-edition"):
    """Freeze the plan as it stands: after June, after September, or as a later amendment.

    The edition holds what the ledgers held up to these heads; the service fills them in.
    """

    cycle: CycleId
    edition: EditionName
    heads: tuple[Head, ...] = ()


class CloseCycle(Command, frozen=True, kw_only=True, tag="cycle.close"):
    """Close the cycle of a year."""

    cycle: CycleId


class CycleOpened(Event, frozen=True, kw_only=True, tag="cycle.opened"):
    cycle: CycleId


class BilateralHeld(Event, frozen=True, kw_only=True, tag="cycle.bilateral-held"):
    cycle: CycleId
    meeting: MeetingId
    agencies: tuple[Agency, Agency]
    observations: tuple[Observation, ...] = ()


class TriRegionalHeld(Event, frozen=True, kw_only=True, tag="cycle.tri-regional-held"):
    cycle: CycleId
    meeting: MeetingId
    agencies: tuple[Agency, ...]
    observations: tuple[Observation, ...] = ()


class EditionPublished(Event, frozen=True, kw_only=True, tag="cycle.edition-published"):
    cycle: CycleId
    edition: EditionName
    number: Annotated[int, Meta(ge=1)]
    heads: tuple[Head, ...]


class CycleClosed(Event, frozen=True, kw_only=True, tag="cycle.closed"):
    cycle: CycleId


CycleCommand: TypeAlias = OpenCycle | HoldBilateral | HoldTriRegional | PublishEdition | CloseCycle
CycleEvent: TypeAlias = (
    CycleOpened | BilateralHeld | TriRegionalHeld | EditionPublished | CycleClosed
)
