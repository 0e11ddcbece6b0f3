"""Read models of one history, in either database, as any number of processes open them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from projections.engine.database import Database
from projections.engine.postgres import PostgresDatabase
from projections.engine.projection import Projection
from projections.engine.read_models import ReadModels
from projections.engine.source import Source
from projections.engine.sqlite import SQLiteDatabase
from projections.tables import ALL
from tests.projections.engine.history_store import HistoryStore
from tests.projections.engine.rows import Rows, rows_of
from tests.servers.postgres import Server


class Place:
    """`history` is what is read; each call of `opened` is another process on the same tables."""

    def __init__(self, folder: Path, environ: Mapping[str, str] | None) -> None:
        self.folder, self.environ = folder, environ
        self.history = HistoryStore(folder / "events.sqlite")
        self._opened: list[Database] = []

    def opened(
        self,
        *projections: Projection[Any],
        source: Source | None = None,
        batch: int = 7,
    ) -> ReadModels:
        wanted: Sequence[Projection[Any]] = projections or ALL
        source = source or self.history.store
        return ReadModels(self.database(), wanted, source, self.history.clock, batch=batch)

    def database(self) -> Database:
        database: Database = (
            SQLiteDatabase(str(self.folder / "read-models.sqlite"), 5)
            if self.environ is None
            else PostgresDatabase("read models", self.environ)
        )
        self._opened.append(database)
        return database

    def fresh(self, *projections: Projection[Any], source: Source | None = None) -> Rows:
        """What is built from the beginning, beside all this."""
        database = SQLiteDatabase(str(self.folder / f"fresh-{len(self._opened)}.sqlite"), 5)
        self._opened.append(database)
        source = source or self.history.store
        read_models = ReadModels(database, projections or ALL, source, self.history.clock)
        read_models.catch_up()
        return rows_of(read_models)

    def close(self) -> None:
        for database in self._opened:
            database.close()
        self.history.close()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    environ = None
    if request.param == "PostgreSQL":
        server: Server = request.getfixturevalue("postgres")
        environ = server.environ()
    place = Place(tmp_path, environ)
    yield place
    place.close()
