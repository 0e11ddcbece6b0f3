"""The read models, put together: what a service opens, asks and closes."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from projections.engine.builds import Build, Builds, Clock
from projections.engine.database import Database, Transaction
from projections.engine.parking import (
    Parked,
    ParkedStream,
    Skip,
    SkippedEvent,
    parked_streams,
    skipped_events,
)
from projections.engine.partner import Opening
from projections.engine.projection import Projection
from projections.engine.projector import BATCH, Progress, Projector
from projections.engine.reader import Lines
from projections.engine.source import Source
from projections.read_model import Line, Moment, ReadModel
from schemas.recorded_event import Heads


class View:
    """The lines of some projections, all of one moment of the history, which is at `position`; as
    long as `state` is the same, so is every line."""

    def __init__(
        self, transaction: Transaction, lines: dict[str, Lines], builds: Sequence[Build]
    ) -> None:
        self.position = min((one.position for one in builds), default=0)
        self.state = tuple((one.table, one.began_at, one.changes) for one in builds)
        self._transaction, self._lines = transaction, lines

    def lines(
        self,
        projection: Projection[Line],
        moment: Moment,
        *,
        years: Collection[int] | None = None,
        streams: Collection[str] | None = None,
    ) -> ReadModel[Line]:
        """All lines at a moment, or those found under these years, or of these streams."""
        of = self._lines[projection.name]
        return of.at(self._transaction, moment, years=years, streams=streams)


class ReadModels:
    """
    Opens the builds of these projections, and begins those that are missing.

    Raises ReadModelsUnusable where the database cannot be used.
    """

    def __init__(
        self,
        database: Database,
        projections: Sequence[Projection[Any]],
        source: Source,
        clock: Clock,
        *,
        batch: int = BATCH,
        opening: Opening | None = None,
    ) -> None:
        self.database, self.source = database, source
        self.builds = Builds(database, projections, clock)
        self.projector = Projector(database, self.builds, source, batch=batch, opening=opening)
        self._lines: dict[str, tuple[Build, Lines]] = {}

    @contextmanager
    def reading(
        self, projections: Sequence[Projection[Any]], progress: Progress | None = None
    ) -> Iterator[View]:
        """
        What these projections say of all that is recorded by now; a first time may take a while.

        Whoever got an answer to a command reads what the command changed, in any process.
        """
        names = [one.name for one in projections]
        while True:
            position = self.projector.catch_up(names, progress)
            with self.database.reading() as transaction:
                builds = {one.projection: one for one in self.builds.own(transaction)}
                wanted = [builds[name] for name in names if name in builds]
                if len(wanted) == len(names) and all(
                    one.ready and one.position >= position for one in wanted
                ):
                    lines = {one.projection: self._of(one) for one in wanted}
                    yield View(transaction, lines, wanted)
                    return
            self.projector.look_again()

    def _of(self, build: Build) -> Lines:
        known = self._lines.get(build.projection)
        if known is None or known[0].began_at != build.began_at:
            lines = Lines(self.builds.of[build.fingerprint], build.table, self.source)
            known = self._lines[build.projection] = build, lines
        return known[1]

    def catch_up_with_the_ready(self) -> int:
        """As `catch_up`, without what would have to be built from the beginning."""
        return self.projector.catch_up(())

    def checked(self) -> tuple[int, Heads]:
        """Up to which position the history was found whole, and its heads there."""
        with self.database.reading() as transaction:
            return self.builds.checked(transaction)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Take in all that is recorded; returns the position reached."""
        return self.projector.catch_up(self.builds.fingerprints, progress)

    def begin_again(self) -> None:
        """Let go of all builds: the next who asks builds them anew. What was checked stays so."""
        with self.database.writing() as transaction:
            position, heads = self.builds.checked(transaction)
            self.builds.forget(transaction)
            self.builds.begin_missing(transaction)
            self.builds.check(transaction, position, heads)
        self.projector.look_again()

    def all_builds(self) -> list[Build]:
        """Those of other programs too."""
        with self.database.reading() as transaction:
            return self.builds.all(transaction)

    def parked(self) -> list[ParkedStream]:
        """In the builds of this program."""
        with self.database.reading() as transaction:
            found = parked_streams(transaction)
        return [one for one in found if one.fingerprint in self.builds.of]

    def skipped(self) -> list[SkippedEvent]:
        with self.database.reading() as transaction:
            return skipped_events(transaction)

    def retry(self, projection: str, stream: str) -> Parked | None:
        """Where the stream stopped again, if it did. Raises NotParked."""
        return self.projector.retry(projection, stream)

    def skip(self, projection: str, stream: str, skip: Skip) -> Parked | None:
        """As `retry`, past the event that parked the stream. Raises NotParked."""
        return self.projector.retry(projection, stream, skip)

    def close(self) -> None:
        self.projector.part()
        self.database.close()
