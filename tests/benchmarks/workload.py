"""Stores filled from the model, as the service itself would have filled them, and what comes next.

They are kept in a folder named after everything that shapes them, so that they are made once.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice, repeat
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent
from msgspec import Struct

from coordination import access
from coordination.store.answers import Asked
from coordination.store.event_store import EventStore
from schemas.message import stream_of, subject_of
from schemas.recorded_event import AnyCommand, Heads, RecordedEvent
from tests.benchmarks.model.history import SEED, Decided, History

ROOT = Path(__file__).parents[2]
SHAPED_BY = (
    "schemas",
    "coordination/deciders",
    "coordination/demo_data",
    "coordination/store",
    "tests/benchmarks/model",
    "tests/benchmarks/workload.py",
)
DIGITS = 16  # of the name of the folder
TOGETHER = 5_000  # events a transaction, when a store is filled


class Next(Struct, frozen=True):
    """A command about a mission that follows on a store, and the row that it becomes there."""

    time: datetime
    command: AnyCommand
    correlation: str | None
    topic: str
    state: msgspec.Raw

    @property
    def stream(self) -> str:
        return stream_of(self.command)

    @property
    def row(self) -> tuple[str, int, str, bytes]:
        """As the table has it: stream, version, topic and the bytes of the event."""
        recorded = msgspec.json.decode(self.state, type=Placed)
        return recorded.subject, recorded.version, self.topic, bytes(self.state)


class Placed(Struct):
    subject: str
    version: int


class Workload(Struct, frozen=True):
    """A store of so many events; `ends` is when the last one was recorded."""

    events: int
    store: Path
    ends: datetime
    upcoming: list[Next]


class Recording:
    """The model's history with the envelopes that the store gives, identifiers from the seed."""

    def __init__(self, store: EventStore) -> None:
        self.store, self.decided = store, History().decided()
        self.heads: Heads = {}

    def events(self) -> Iterator[tuple[Decided, RecordedEvent, StoredEvent]]:
        for decided in self.decided:
            step = decided.step
            self.store.clock = repeat(step.time).__next__
            asked = Asked(
                command=step.command,
                role=access.usual_role(step.command),
                id=self.store.new_id(),
                correlation=step.correlation,
            )
            recorded, stored = self.store.record(asked, decided.event, decided.version, self.heads)
            yield decided, recorded, stored


def never() -> datetime:
    """The clock of a store that is told each time anew, or only read."""
    return datetime.max.replace(tzinfo=UTC)


def identifiers(seed: int) -> Callable[[], str]:
    """Identifiers as long as the real ones, the same for the same seed."""
    random = Random(f"{seed} identifiers")
    return lambda: str(UUID(int=random.getrandbits(128), version=4))


def made(
    folder: Path, sizes: dict[int, int], progress: Callable[[int], None] = lambda made: None
) -> dict[int, Workload]:
    """
    The workloads of some sizes, each with so many upcoming commands; made where they are missing.

    A smaller store is the beginning of a larger one. `progress` is told how many events there are.
    """
    place = folder / digest()
    place.mkdir(parents=True, exist_ok=True)
    for other in folder.glob("[0-9a-f]" * DIGITS):
        if other != place:
            shutil.rmtree(other)  # shaped by what is no more
    if any(not _is_there(place, size, upcoming) for size, upcoming in sizes.items()):
        _make(place, sizes, progress)
    return {size: _read(place, size) for size in sizes}


def digest() -> str:
    found = sha256(str(SEED).encode())
    for name in SHAPED_BY:
        path = ROOT / name
        for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
            if file.suffix in (".py", ".csv"):
                found.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return found.hexdigest()[:DIGITS]


def _is_there(place: Path, size: int, upcoming: int) -> bool:
    file = _upcoming_file(place, size)
    return file.exists() and len(file.read_bytes().splitlines()) >= upcoming


def _upcoming_file(place: Path, size: int) -> Path:
    return place / f"after-{size}.jsonl"


def _make(place: Path, sizes: dict[int, int], progress: Callable[[int], None]) -> None:
    growing = place / "growing.sqlite"
    for left in place.glob("growing.sqlite*"):
        left.unlink()
    store = EventStore({"SQLITE_DBNAME": str(growing)}, never, identifiers(SEED))
    recording = Recording(store)
    events, marks = recording.events(), sorted(sizes)
    count, kept = 0, dict[str, tuple[int, str]]()
    waiting: dict[int, list[Next]] = {}
    while count < marks[-1] or any(len(waiting[mark]) < sizes[mark] for mark in waiting):
        following = next((mark for mark in marks if mark > count), count + TOGETHER)
        page = list(islice(events, min(TOGETHER, following - count)))
        for mark, upcoming in waiting.items():
            wanted = (one for one in page if subject_of(stream_of(one[1].data)) == "mission")
            upcoming += [_next(*one) for one in islice(wanted, sizes[mark] - len(upcoming))]
        count += len(page)
        if count <= marks[-1]:
            store.recorder.append([stored for *_, stored in page], recording.heads, kept)
            kept = dict(recording.heads)
            progress(count)
        if count in sizes:
            _copy(growing, place / f"{count}.sqlite")
            waiting[count] = []
    store.close()
    growing.unlink()
    for mark, upcoming in waiting.items():
        _upcoming_file(place, mark).write_bytes(msgspec.json.Encoder().encode_lines(upcoming))


def _next(decided: Decided, recorded: RecordedEvent, stored: StoredEvent) -> Next:
    step = decided.step
    raw = msgspec.Raw(stored.state)
    return Next(step.time, step.command, step.correlation, stored.topic, raw)


def _copy(source: Path, target: Path) -> None:
    """By the backup API: positions stay what they are."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _read(place: Path, size: int) -> Workload:
    store = place / f"{size}.sqlite"
    with closing(sqlite3.connect(store)) as connection:
        [[state]] = connection.execute(
            "SELECT state FROM stored_events ORDER BY rowid DESC LIMIT 1"
        )
    ends = msgspec.json.decode(state, type=RecordedEvent).time
    lines = _upcoming_file(place, size).read_bytes()
    return Workload(size, store, ends, msgspec.json.Decoder(Next).decode_lines(lines))
