"""The builds of each projection: which there are, how far they are, and which one serves.

A program serves the build of its own fingerprint, so a changed fold starts a build beside the one
that an older program goes on serving. It is served once it has reached the end of the history.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec import Struct

from projections.engine.database import Database, Transaction
from projections.engine.fingerprint import fingerprint
from projections.engine.layout import create, create_build, drop_build, switch_views, views_of
from projections.engine.projection import Projection
from projections.engine.source import Heads

Clock = Callable[[], datetime]


class Build(Struct, frozen=True, kw_only=True):
    """`table` has its rows; the counts compare it with the build that served before it."""

    projection: str
    fingerprint: str
    position: int
    ready: bool
    serving: bool
    began_at: datetime
    moved_at: datetime
    same_as_before: int | None
    unlike_before: int | None

    @property
    def table(self) -> str:
        return f"{self.projection}_{self.fingerprint}"


_COLUMNS = ", ".join(Build.__struct_fields__)


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
                self._begin_missing(transaction)

    def _is_complete(self, transaction: Transaction) -> bool:
        try:
            return len(self.own(transaction)) == len(self.of)
        except Exception as error:  # no table yet, in the words of whichever database
            if "builds" not in str(error):
                raise
            return False

    def _begin_missing(self, transaction: Transaction) -> None:
        known = {build.fingerprint for build in self.own(transaction)}
        now = moment(self.clock())
        for key, projection in self.of.items():
            if key in known:
                continue
            create_build(transaction, self.database.dialect, projection, f"{projection.name}_{key}")
            transaction.execute(
                f"INSERT INTO builds ({_COLUMNS}) VALUES (?, ?, 0, ?, ?, ?, ?, NULL, NULL)",
                (projection.name, key, False, False, now, now),
            )

    def all(self, transaction: Transaction) -> list[Build]:
        """Those of other programs too, by projection, the latest last."""
        rows = transaction.select(
            f"SELECT {_COLUMNS} FROM builds ORDER BY projection, began_at, fingerprint"
        )
        return [_build(row) for row in rows]

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

    def move(self, transaction: Transaction, builds: Sequence[Build], position: int) -> None:
        now = moment(self.clock())
        transaction.write(
            "UPDATE builds SET position = ?, moved_at = ? WHERE fingerprint = ?",
            [(position, now, build.fingerprint) for build in builds],
        )

    def serve(self, transaction: Transaction, build: Build, compared: tuple[int, int]) -> None:
        """From this transaction on this build serves. The one before it stays, so that an older
        program, or who goes back to it, need not build again; those before that one go."""
        projection = self.of[build.fingerprint]
        others = [
            one
            for one in self.all(transaction)
            if one.projection == build.projection and one.fingerprint != build.fingerprint
        ]
        for other in others:
            if other.ready and not other.serving:
                drop_build(transaction, other.table)
                transaction.execute(
                    "DELETE FROM builds WHERE fingerprint = ?", (other.fingerprint,)
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
        self.database.grant(transaction, views_of(projection))

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
        """Begin all builds of this program again: the history is not the one they were made of.
        What somebody decided to skip stays decided."""
        for build in self.all(transaction):
            drop_build(transaction, build.table)
        for table in ("builds", "checked", "parked"):
            transaction.execute(f"DELETE FROM {table}")
        self._begin_missing(transaction)

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


def moment(time: datetime) -> str:
    """So that moments order as text, too."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(cell: Any) -> datetime:
    return cell.astimezone(UTC) if isinstance(cell, datetime) else datetime.fromisoformat(cell)


def day_of(cell: Any) -> date:
    return cell if isinstance(cell, date) else date.fromisoformat(cell)


def _build(row: tuple[Any, ...]) -> Build:
    fields = dict(zip(Build.__struct_fields__, row, strict=True))
    return Build(
        **fields
        | {
            "ready": bool(fields["ready"]),
            "serving": bool(fields["serving"]),
            "began_at": time_of(fields["began_at"]),
            "moved_at": time_of(fields["moved_at"]),
        }
    )
