"""Agencies with a store, a mailroom and keys, and no bus."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from coordination.bus.keys.seeds import Seed, signer
from coordination.bus.ledgers import Ledgers, Sealed
from coordination.bus.seal import Sealer, Seals, of_event
from coordination.conversion import read
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.store.answers import Done
from coordination.store.ledger_reading import LedgerEvent
from schemas.mission import PublishMission
from schemas.recorded_event import hash_of
from schemas.vocabulary import THREE, Agency
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import now, service_of


class Office:
    """`sealer` signs for this agency; all offices trust each other's keys."""

    def __init__(
        self, agency: Agency, service: Service, mailroom: Mailroom, sealer: Sealer, seals: Seals
    ) -> None:
        self.agency, self.service, self.mailroom = agency, service, mailroom
        self.sealer, self.seals = sealer, seals
        self.ledgers = Ledgers(agency, service, mailroom, sealer, seals)

    def publish(self, *names: str) -> None:
        """A mission of each name."""
        for name in names:
            wanted = {**mission(self.agency, name), "by": self.agency, "effective": "2026-09-24"}
            command = read(PublishMission, wanted, self.service.known)
            assert isinstance(self.service.ask(command), Done)

    def ledger(self, agency: Agency | None = None) -> list[LedgerEvent]:
        """As this office has it; its own, where none is named."""
        return self.service.ledger(agency or self.agency).after(0, 1_000)

    def raw(self, agency: Agency | None = None) -> list[bytes]:
        return [event.raw for event in self.ledger(agency)]

    def sealed(self) -> list[Sealed]:
        """The own ledger as it goes out."""
        return [Sealed(event.raw, self.ledgers.sealed(event)) for event in self.ledger()]

    def seal(self, raw: bytes, **changes: Any) -> Sealed:
        """An event with other contents than were decided, and with this office's seal."""
        raw = changed(raw, **changes)
        seq = msgspec.json.decode(raw)["seq"]
        return Sealed(raw, self.sealer.seal(of_event(self.agency, seq, hash_of(raw))))


Offices = Mapping[Agency, Office]


def changed(raw: bytes, **changes: Any) -> bytes:
    return msgspec.json.encode({**msgspec.json.decode(raw), **changes})


def after(event: Sealed, **changes: Any) -> bytes:
    """An event that follows another in its ledger and its stream, as far as its envelope says."""
    before = msgspec.json.decode(event.raw)
    return changed(
        event.raw,
        seq=before["seq"] + 1,
        version=before["version"] + 1,
        previous=hash_of(event.raw),
        id=f"{before['id']}-next",
        **changes,
    )


def keys() -> dict[Agency, Seed]:
    return {agency: signer(os.urandom) for agency in THREE}


@contextmanager
def office(agency: Agency, folder: Path, seeds: Mapping[Agency, Seed]) -> Iterator[Office]:
    """What it keeps lies in the folder."""
    seals = Seals({one: [seed.public] for one, seed in seeds.items()})
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        service = stack.enter_context(service_of(agency, folder, None))
        mailroom = stack.enter_context(Mailroom(folder / f"{agency}.mailroom.sqlite", now))
        sealer = Sealer(seeds[agency].secret.encode())
        yield Office(agency, service, mailroom, sealer, seals)


@contextmanager
def three_offices(folder: Path) -> Iterator[Offices]:
    seeds = keys()
    with ExitStack() as stack:
        yield {
            agency: stack.enter_context(office(agency, folder / agency, seeds)) for agency in THREE
        }
