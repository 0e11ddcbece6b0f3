"""Where the read models are kept: beside the events, in whichever database keeps those."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from msgspec import Struct

from coordination.following import Follower
from coordination.store.event_store import EventStore
from coordination.store.refusal import StoreRefused
from projections import tables
from projections.engine.database import Database, ReadModelsUnusable
from projections.engine.projector import Projector
from projections.engine.read_models import ReadModels
from projections.engine.sqlite import SQLiteDatabase
from schemas.recorded_event import Heads


def beside(store: Path) -> Path:
    """`coordination.read-models.sqlite` beside `coordination.sqlite`."""
    store = store.resolve()
    return store.with_name(f"{store.stem}.read-models{store.suffix}")


class KeptReadModels:
    """
    Opened with the first question; close them.

    Where the folder of the store cannot be written, they are built in one that ends with us.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        store: EventStore,
        clock: Callable[[], datetime],
        path: Path | None = None,
    ) -> None:
        self._environ, self._store, self._clock, self._path = environ, store, clock, path
        self._opening = Lock()
        self._opened: ReadModels | None = None
        self._follower: Follower | None = None
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def place(self) -> str:
        """Where they are kept, as people name it."""
        return self._store.place if self._store.recorder.shared else str(self._file)

    @property
    def _file(self) -> Path:
        return self._path or beside(Path(self._store.place))

    @property
    def opened(self) -> ReadModels:
        """Raises StoreRefused where their database cannot be used."""
        with self._opening:
            if self._opened is None:
                with explained(self.place):
                    database = self._database()
                    self._opened = ReadModels(
                        database,
                        tables.ALL,
                        self._store,
                        self._clock,
                        opening=Opening(dict(self._environ), database.place),
                    )
            return self._opened

    def checked(self) -> tuple[int, Heads]:
        """Up to where the chain of the history has been found whole, and its heads there; the
        beginning, where it is not the history that was checked."""
        with explained(self.place):
            position, heads = self.opened.checked()
        return (position, heads) if self._store.fits(position, heads) else (0, {})

    def follow(self) -> None:
        """Take in what was just recorded, without keeping whoever asked for it waiting."""
        read_models = self.opened
        with self._opening:
            if self._follower is None:
                self._follower = Follower(read_models)
        self._follower.wake()

    def _database(self) -> Database:
        if self._store.recorder.shared:
            from projections.engine.postgres import PostgresDatabase

            return PostgresDatabase(self._store.place, self._environ)
        path = self._file
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            self._folder = TemporaryDirectory(prefix="coordination-")
            path = Path(self._folder.name) / path.name
        return SQLiteDatabase(str(path), self._store.lock_timeout)

    def close(self) -> None:
        if self._follower is not None:
            self._follower.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        if self._folder is not None:
            self._folder.cleanup()


class Opening(Struct, frozen=True):
    """How another process opens the same read models, to fold a share of a long way."""

    environ: dict[str, str]
    place: str

    def __call__(self) -> Projector:
        store = EventStore(self.environ, _never, str)  # nothing is recorded there
        kept = KeptReadModels(self.environ, store, _never, Path(self.place))
        return kept.opened.projector


def _never() -> datetime:
    return datetime.max.replace(tzinfo=UTC)


@contextmanager
def explained(place: str) -> Iterator[None]:
    """What is wrong with the read models, as a refusal that says what to do."""
    try:
        yield
    except ReadModelsUnusable as error:
        raise StoreRefused("store.read-models", path=place, reason=str(error)) from error
