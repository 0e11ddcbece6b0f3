"""The builds of each projection: which there are, how far they are, and which one serves.

A program serves the build of its own fingerprint, so a changed fold starts a build beside the one
that an older program goes on serving. It is served once it has reached the end of the history.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from projections.engine.cells import columns_of, moment, row_of
from projections.engine.database import Database, Transaction
from projections.engine.fingerprint import fingerprint
from projections.engine.layout import (
    create,
    create_build,
    drop_build,
    drop_views,
    switch_views,
    views_of,
)
from projections.engine.projection import Projection
from schemas.recorded_event import Heads

Clock = Callable[[], datetime]
LEFT_BEHIND = timedelta(minutes=1)  # whoever keeps a build up to date, does so within seconds


class Build(Struct, frozen=True, kw_only=True):
    """`table` has its rows; `changes` grows with every change of them. The counts compare it with
    the build that served before it."""

    projection: str
    fingerprint: str
    position: int
    changes: int
    ready: bool
    serving: bool
    began_at: datetime
    moved_at: datetime
    same_as_before: int | None
    unlike_before: int | None

    @property
    def table(self) -> str:
        return f"{self.projection}_{self.fingerprint}"


class Builds:
    """The builds of this program's projections, made where they are missing."""

    def __init__(
        self, database: Database, projections: Sequence[Projection[Any]], clock: Clock
    ) -> None:
        self.database, self.clock = database, clock
        self.of = {fingerprint(one): one for one in projections}
        self.fingerprints = {one.name: key for key, one in self.of.items()}
        with database.reading() as transaction:
            complete = self._is_complete(transaction)
        if not complete:
            with database.writing() as transaction:
                create(transaction, database.dialect)
                self.begin_missing(transaction)

    def _is_complete(self, transaction: Transaction) -> bool:
        try:
            return len(self.own(transaction)) == len(self.of)
        except Exception as error:  # no table yet, in the words of whichever database
            if "builds" not in str(error):
                raise
            return False

    def begin_missing(self, transaction: Transaction) -> None:
        """Those of this program that nobody began, or that a later program let go."""
        known = {build.fingerprint for build in self.own(transaction)}
        now = moment(self.clock())
        for key, projection in self.of.items():
            if key in known:
                continue
            create_build(transaction, self.database.dialect, projection, f"{projection.name}_{key}")
            transaction.execute(
                f"INSERT INTO builds ({columns_of(Build)}) "
                "VALUES (?, ?, 0, 0, ?, ?, ?, ?, NULL, NULL)",
                (projection.name, key, False, False, now, now),
            )

    def all(self, transaction: Transaction) -> list[Build]:
        """Those of other programs too, by projection, the latest last."""
        rows = transaction.select(
            f"SELECT {columns_of(Build)} FROM builds ORDER BY projection, began_at, fingerprint"
        )
        return [row_of(Build, row) for row in rows]

    def own(self, transaction: Transaction) -> list[Build]:
        """One for each projection of this program."""
        return [
            build
            for build in self.all(transaction)
            if self.fingerprints.get(build.projection) == build.fingerprint
        ]

    def start(self, transaction: Transaction, builds: Sequence[Build]) -> None:
        """These are about to take in their first event: how long they take counts from here."""
        now = moment(self.clock())
        transaction.write(
            "UPDATE builds SET began_at = ?, moved_at = ? WHERE fingerprint = ? AND position = 0",
            [(now, now, build.fingerprint) for build in builds],
        )

    def move(self, transaction: Transaction, build: Build, position: int, changed: bool) -> None:
        """Its rows now stand at this position; `changed`: they are not all as they were."""
        transaction.execute(
            "UPDATE builds SET position = ?, moved_at = ?, changes = changes + ? "
            "WHERE fingerprint = ?",
            (position, moment(self.clock()), int(changed), build.fingerprint),
        )

    def serve(
        self, transaction: Transaction, build: Build, compared: tuple[int | None, int | None]
    ) -> bool:
        """
        From this transaction on this build serves, unless that would take readers back to an
        earlier position. Returns whether it does.

        The one before it stays, so that an older program, or who goes back to it, need not build
        again; those before that one go.
        """
        projection = self.of[build.fingerprint]
        every = [one for one in self.all(transaction) if one.projection == build.projection]
        if any(one.serving and one.fingerprint == build.fingerprint for one in every):
            return True  # another process was faster
        if any(one.serving and one.position > build.position for one in every):
            return False
        for other in every:
            if other.ready and not other.serving and other.fingerprint != build.fingerprint:
                drop_build(transaction, other.table)
                for table in ("builds", "parked"):
                    transaction.execute(
                        f"DELETE FROM {table} WHERE fingerprint = ?", (other.fingerprint,)
                    )
        transaction.execute(
            "UPDATE builds SET serving = ? WHERE projection = ?", (False, build.projection)
        )
        transaction.execute(
            "UPDATE builds SET ready = ?, serving = ?, same_as_before = ?, unlike_before = ? "
            "WHERE fingerprint = ?",
            (True, True, *compared, build.fingerprint),
        )
        switch_views(transaction, self.database.dialect, projection, build.table)
        self.database.grant(transaction, views_of(projection.name))
        return True

    def take_over(self, transaction: Transaction, position: int) -> None:
        """Serve again, at this position, where the program that came after this one is gone."""
        every = self.all(transaction)
        ready = {
            one.projection: one
            for one in every
            if one.ready and self.fingerprints.get(one.projection) == one.fingerprint
        }
        now = self.clock()
        for one in every:
            own = ready.get(one.projection)
            left = one.serving and one.position < position and now - one.moved_at > LEFT_BEHIND
            if own is not None and own.position == position and left:
                self.serve(transaction, own, (own.same_as_before, own.unlike_before))

    def compared(self, transaction: Transaction, build: Build) -> tuple[int, int]:
        """How many lines are the same as in the build that serves, and how many are not, of those
        that both have folded equally far."""
        before = next(
            (
                one
                for one in self.all(transaction)
                if one.projection == build.projection and one.serving
            ),
            build,
        )
        if before.fingerprint == build.fingerprint:
            return 0, 0
        [(both, same)] = transaction.select(
            "SELECT count(*), coalesce(sum(CASE WHEN "
            "new.line = old.line OR (new.line IS NULL AND old.line IS NULL) "
            "THEN 1 ELSE 0 END), 0) "
            f"FROM {build.table} AS new JOIN {before.table} AS old "
            "ON new.stream = old.stream AND new.step = old.step AND new.version = old.version"
        )
        return int(same), int(both) - int(same)

    def forget(self, transaction: Transaction) -> None:
        """Let go of all builds, of every program: the history is not the one they were made of.
        What somebody decided to skip stays decided."""
        for build in self.all(transaction):
            drop_views(transaction, build.projection)
            drop_build(transaction, build.table)
        for table in ("builds", "checked", "parked"):
            transaction.execute(f"DELETE FROM {table}")

    def checked(self, transaction: Transaction) -> tuple[int, Heads]:
        """Up to which position the chain was found whole, and the heads there."""
        rows = transaction.select("SELECT position, heads FROM checked")
        return (rows[0][0], msgspec.json.decode(rows[0][1], type=Heads)) if rows else (0, {})

    def check(self, transaction: Transaction, position: int, heads: Heads) -> None:
        transaction.execute(
            "INSERT INTO checked VALUES (1, ?, ?) ON CONFLICT (one) "
            "DO UPDATE SET position = excluded.position, heads = excluded.heads "
            "WHERE excluded.position > checked.position",
            (position, msgspec.json.encode(heads).decode()),
        )
