"""What parks a stream: an event that a newer program recorded, or a fault in a fold."""

from collections.abc import Mapping
from datetime import UTC, datetime

from eventsourcing.persistence import StoredEvent

from coordination.store.answers import Asked
from coordination.store.event_store import EventStore
from projections import missions
from projections.mission_line import MissionLine
from schemas.mission import ConfirmMission, MissionConfirmed
from schemas.recorded_event import RecordedEvent, hash_of

AT = datetime(2026, 9, 20, 8, tzinfo=UTC)


def confirm_as_a_newer_program(environ: Mapping[str, str], mission: str, version: int) -> None:
    """It is whole, and this program cannot read it: its place in the stream and in the ledger is
    right, and so is the chain."""
    store = EventStore(environ, lambda: AT, lambda: "id-of-a-newer-program")
    try:
        _, before = store.standing()
        moved = dict(before)
        command = ConfirmMission(by="awex", effective=AT.date(), mission=mission)
        asked = Asked(command=command, role="coordinator", correlation=None, id="newer")
        event = MissionConfirmed(effective=AT.date(), mission=mission)
        recorded, stored = store.record(asked, event, version, moved)
        raw = stored.state.replace(b'"dataversion":1', b'"dataversion":9')
        moved[recorded.ledger] = (recorded.seq, hash_of(raw))
        newer = StoredEvent(
            originator_id=stored.originator_id,
            originator_version=stored.originator_version,
            topic=stored.topic,
            state=raw,
        )
        store.recorder.append([newer], {recorded.ledger: moved[recorded.ledger]}, before)
    finally:
        store.close()


class Fault:
    """A fault in a fold, until somebody mends it."""

    def __init__(self) -> None:
        self.mended = False

    def evolve(self, line: MissionLine | None, recorded: RecordedEvent) -> MissionLine | None:
        if recorded.type == "mission.confirmed" and not self.mended:
            raise ZeroDivisionError("no companies to divide the cost by")
        return missions.evolve(line, recorded)
