"""A clerk who writes missions one after another and notes each answer as it comes.

    python -m tests.faults.clerk DATABASE NOTES PERSISTENCE_MODULE COMMANDS

Runs in a process of its own, for the tests to kill or to cut the power of.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import count
from uuid import uuid4

from coordination.service import SUBJECTS, decider
from coordination.store.answers import Asked, Done
from coordination.store.event_store import EventStore
from coordination.store.writer import Writer
from schemas.action import ActionType
from schemas.mission import PublishMission, RescheduleMission
from schemas.period import Month, WholeYear
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import AWEX, Place, Sector, Title

DAY = date(2026, 9, 24)


def opened(database: str, module: str = "") -> EventStore:
    return opened_by({"SQLITE_DBNAME": database, "PERSISTENCE_MODULE": module})


def opened_by(environ: Mapping[str, str]) -> EventStore:
    return EventStore(environ, lambda: datetime.now(UTC), lambda: str(uuid4()))


def started(store: EventStore, kind: type[Writer] = Writer) -> Writer:
    return kind(store, {name: decider(subject) for name, subject in SUBJECTS.items()})


def commands(clerk: str) -> Iterator[AnyCommand]:
    """A mission, then its new year, without end: streams of two events each."""
    for number in count():
        mission = f"mission-awex-{clerk}-{number}"
        yield PublishMission(
            by=AWEX,
            effective=DAY,
            mission=mission,
            title=Title(fr=f"Mission {number}"),
            action=ActionType.AGENCY_MISSION,
            period=Month(2027, 3),
            places=(Place(country="VN"),),
            sectors=(Sector.DIGITAL,),
        )
        yield RescheduleMission(
            by=AWEX, effective=DAY, mission=mission, period=WholeYear(2028), reason="elections"
        )


def work(writer: Writer, clerk: str, notes: int, limit: int | None = None) -> None:
    """Asks, waits for the answer, and only then notes `stream version`, a line each."""
    for done, command in enumerate(commands(clerk)):
        if done == limit:
            return
        answer = writer.ask_and_wait(Asked(command=command, role="coordinator", id=str(uuid4())))
        assert isinstance(answer, Done)
        for recorded in answer.events:
            os.write(notes, f"{recorded.stream} {recorded.version}\n".encode())


if __name__ == "__main__":
    database, noted, module, limit = sys.argv[1:]
    store = opened(database, module)
    work(started(store), "one", os.open(noted, os.O_WRONLY | os.O_CREAT | os.O_APPEND), int(limit))
    os._exit(0)  # as abrupt as a cut: nothing is closed or checkpointed
