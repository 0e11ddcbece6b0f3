"""Evidence against a ledger: two events at one place, or a seal that its agency did not make."""

from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from msgspec import Struct

from coordination.mailroom.database import LARGEST, Database, moment_of
from schemas.vocabulary import Agency

MOST = 1_000  # pieces of one kind against one ledger: the first ones show what happened
TABLE = """
CREATE TABLE IF NOT EXISTS evidence (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    what TEXT NOT NULL,
    theirs BLOB NOT NULL,
    seal BLOB,
    ours BLOB,
    digest TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    UNIQUE (ledger, seq, what, digest)
)"""
SEALS = """
CREATE TABLE IF NOT EXISTS seals (
    ledger TEXT PRIMARY KEY, seq INTEGER NOT NULL, seal TEXT NOT NULL
) WITHOUT ROWID"""


class Piece(Struct, frozen=True, kw_only=True):
    """
    What came as an event of a ledger at `seq`, with its seal, beside ours at that place.

    The same bytes that come again are counted.
    """

    ledger: Agency
    seq: int
    what: str
    theirs: bytes
    seal: str | None
    ours: bytes | None
    count: int
    first_at: datetime
    last_at: datetime


class Evidence(Database):
    most_pieces: ClassVar[int] = MOST

    def note_evidence(
        self,
        ledger: Agency,
        seq: int,
        what: str,
        theirs: bytes,
        *,
        seal: str | None,
        ours: bytes | None = None,
        at: datetime | None = None,
    ) -> bool:
        """
        Whether it was kept: beyond the most, the last piece of its kind counts it.

        What claims a `seq` beyond SQLite's integers stands at the last of them.
        """
        now, seq = self.moment(at), min(seq, LARGEST)
        sealed = None if seal is None else seal.encode("utf-8", "surrogatepass")
        digest = sha256((sealed or b"") + b"\n" + theirs).hexdigest()
        with self.changing() as connection:
            again = connection.execute(
                "UPDATE evidence SET count = count + 1, last_at = ? "
                "WHERE ledger = ? AND seq = ? AND what = ? AND digest = ?",
                (now, ledger, seq, what, digest),
            )
            if again.rowcount:
                return True
            [[pieces, last]] = connection.execute(
                "SELECT count(*), max(number) FROM evidence WHERE ledger = ? AND what = ?",
                (ledger, what),
            )
            if pieces >= self.most_pieces:
                connection.execute(
                    "UPDATE evidence SET count = count + 1, last_at = ? WHERE number = ?",
                    (now, last),
                )
                return False
            connection.execute(
                "INSERT INTO evidence (ledger, seq, what, theirs, seal, ours, digest, count, "
                "first_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                (ledger, seq, what, theirs, sealed, ours, digest, now, now),
            )
            return True

    def evidence(self) -> list[Piece]:
        """In the order in which it was found."""
        rows = self.selected(
            "SELECT ledger, seq, what, theirs, seal, ours, count, first_at, last_at "
            "FROM evidence ORDER BY number"
        )
        return [
            Piece(
                ledger=ledger,
                seq=seq,
                what=what,
                theirs=theirs,
                seal=None if seal is None else seal.decode("utf-8", "surrogatepass"),
                ours=ours,
                count=count,
                first_at=moment_of(first),
                last_at=moment_of(last),
            )
            for ledger, seq, what, theirs, seal, ours, count, first, last in rows
        ]

    def seal_of(self, ledger: Agency) -> tuple[int, str] | None:
        """The seal of the farthest event that was seen sealed, and its seq."""
        found = self.selected("SELECT seq, seal FROM seals WHERE ledger = ?", (ledger,))
        return (found[0][0], found[0][1]) if found else None

    def note_seal(self, ledger: Agency, seq: int, seal: str) -> None:
        """A seal of an earlier event changes nothing: a seal covers all events before it."""
        with self.changing() as connection:
            connection.execute(
                "INSERT INTO seals VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
                "SET seq = excluded.seq, seal = excluded.seal WHERE excluded.seq >= seals.seq",
                (ledger, seq, seal),
            )
