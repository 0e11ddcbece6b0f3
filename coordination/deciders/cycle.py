"""The cycle of a year N, in which the agencies plan N+1 together [S4]; kept by the secretariat."""

from datetime import date
from typing import assert_never

from msgspec import Struct, structs
from msgspec.structs import replace

from coordination.deciders.rejection import Rejected
from schemas.cycle import (
    AFTER_JUNE,
    AFTER_SEPTEMBER,
    BilateralHeld,
    CloseCycle,
    CycleClosed,
    CycleCommand,
    CycleEvent,
    CycleOpened,
    EditionPublished,
    HoldBilateral,
    HoldTriRegional,
    OpenCycle,
    PublishEdition,
    TriRegionalHeld,
)
from schemas.message import owner_of


class Cycle(Struct, frozen=True):
    opened_on: date
    meetings: dict[str, BilateralHeld | TriRegionalHeld] = {}
    editions: tuple[str, ...] = ()
    closed: bool = False

    def has_held(self, kind: type[BilateralHeld] | type[TriRegionalHeld]) -> bool:
        return any(isinstance(meeting, kind) for meeting in self.meetings.values())


def decide(cycle: Cycle | None, command: CycleCommand) -> list[CycleEvent]:
    only_the_secretariat(command)
    if isinstance(command, OpenCycle):
        return open_(cycle, command)
    if cycle is None:
        raise Rejected("cycle.unknown", cycle=command.cycle)
    if cycle.closed:
        if isinstance(command, CloseCycle):
            return []
        raise Rejected("cycle.closed", cycle=command.cycle)
    if command.effective < cycle.opened_on:
        raise Rejected(
            "cycle.before-opened",
            effective=command.effective.isoformat(),
            opened=cycle.opened_on.isoformat(),
        )
    match command:
        case HoldBilateral():
            return hold_bilateral(cycle, command)
        case HoldTriRegional():
            return hold_tri_regional(cycle, command)
        case PublishEdition():
            return publish_edition(cycle, command)
        case CloseCycle():
            return [CycleClosed(effective=command.effective, cycle=command.cycle)]
        case _:
            assert_never(command)


def evolve(cycle: Cycle | None, event: CycleEvent) -> Cycle:
    match cycle, event:
        case None, CycleOpened():
            return Cycle(opened_on=event.effective)
        case Cycle(), BilateralHeld() | TriRegionalHeld():
            return replace(cycle, meetings={**cycle.meetings, event.meeting: event})
        case Cycle(), EditionPublished():
            return replace(cycle, editions=(*cycle.editions, event.edition))
        case Cycle(), CycleClosed():
            return replace(cycle, closed=True)
    raise AssertionError(f"{event} cannot follow {cycle}")


def open_(cycle: Cycle | None, command: OpenCycle) -> list[CycleEvent]:
    if cycle is not None:
        return []
    return [CycleOpened(effective=command.effective, cycle=command.cycle)]


def hold_bilateral(cycle: Cycle, command: HoldBilateral) -> list[CycleEvent]:
    if command.agencies[0] == command.agencies[1]:
        raise Rejected("cycle.bilateral-needs-two", agency=command.agencies[0])
    held = BilateralHeld(
        effective=command.effective,
        cycle=command.cycle,
        meeting=command.meeting,
        agencies=command.agencies,
        observations=command.observations,
    )
    return once(cycle, held)


def hold_tri_regional(cycle: Cycle, command: HoldTriRegional) -> list[CycleEvent]:
    held = TriRegionalHeld(
        effective=command.effective,
        cycle=command.cycle,
        meeting=command.meeting,
        agencies=command.agencies,
        observations=command.observations,
    )
    return once(cycle, held)


def once(cycle: Cycle, held: BilateralHeld | TriRegionalHeld) -> list[CycleEvent]:
    known = cycle.meetings.get(held.meeting)
    if known is None:
        return [held]
    if type(known) is type(held) and structs.replace(held, effective=known.effective) == known:
        return []
    raise Rejected("cycle.meeting-already-held", meeting=held.meeting)


def publish_edition(cycle: Cycle, command: PublishEdition) -> list[CycleEvent]:
    """The plan is frozen after June, after September, and for later amendments of either."""
    if command.edition in cycle.editions:
        return []
    ready = {
        AFTER_JUNE: cycle.has_held(BilateralHeld),
        AFTER_SEPTEMBER: cycle.has_held(TriRegionalHeld),
    }
    if not ready.get(command.edition, bool(cycle.editions)):
        raise Rejected("cycle.edition-too-early", edition=command.edition)
    return [
        EditionPublished(
            effective=command.effective,
            cycle=command.cycle,
            edition=command.edition,
            number=len(cycle.editions) + 1,
            heads=command.heads,
        )
    ]


def only_the_secretariat(command: CycleCommand) -> None:
    secretariat = owner_of(command.cycle)
    if command.by != secretariat:
        raise Rejected("cycle.not-the-secretariat", agency=command.by, secretariat=secretariat)
