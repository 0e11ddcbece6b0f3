"""Ledgers of three agencies, as their own nodes recorded them: what goes over the wire."""

from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from msgspec.structs import replace

from coordination.store.answers import Asked
from coordination.store.event_store import EventStore
from coordination.store.ledger_reading import LedgerReader
from schemas.mission import PublishMission, RescheduleMission
from schemas.period import WholeYear
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import THREE, Agency
from tests.faults.clerk import DAY, commands, opened, started

MISSIONS = 6
Ledgers = Mapping[Agency, tuple[bytes, ...]]


def mission(agency: Agency, number: int) -> str:
    return f"mission-{agency}-one-{number}"


def publish(agency: Agency, number: int) -> PublishMission:
    first = next(commands("one"))
    assert isinstance(first, PublishMission)
    return replace(first, by=agency, mission=mission(agency, number))


def move(agency: Agency, number: int, year: int) -> RescheduleMission:
    return RescheduleMission(
        by=agency,
        effective=DAY,
        mission=mission(agency, number),
        period=WholeYear(year),
        reason="elections",
    )


def decide(
    store: EventStore, agency: Agency, missions: int = MISSIONS, years: tuple[int, ...] = (2028,)
) -> None:
    """Publishes missions of an agency, and then moves each of them to year after year."""
    with closing(started(store)) as writer:
        wanted: list[AnyCommand] = [
            *(publish(agency, number) for number in range(missions)),
            *(move(agency, number, year) for year in years for number in range(missions)),
        ]
        asked = [
            Asked(command=command, role="coordinator", id=f"command-{number}")
            for number, command in enumerate(wanted)
        ]
        writer.ask_together(asked, keep=True)


def sent(store: EventStore, agency: Agency) -> tuple[bytes, ...]:
    """The whole ledger."""
    return tuple(event.raw for event in LedgerReader(store, agency).after(0, 100_000))


@cache
def three(missions: int = MISSIONS, years: tuple[int, ...] = (2028, 2029)) -> Ledgers:
    """Each on a node of its own; streams of several events, one after another."""
    found = {}
    with TemporaryDirectory() as folder:
        for agency in THREE:
            with closing(opened(str(Path(folder) / f"{agency}.sqlite"))) as store:
                decide(store, agency, missions, years)
                found[agency] = sent(store, agency)
    return MappingProxyType(found)


def changed(raw: bytes, old: str, new: str) -> bytes:
    assert old.encode() in raw
    return raw.replace(old.encode(), new.encode())


def another(raw: bytes) -> bytes:
    """A different event for the same place."""
    return changed(raw, '"role":"coordinator"', '"role":"network"')
