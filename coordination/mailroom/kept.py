"""Messages that were not understood: kept with the reason, until a person has settled them.

There is room for so many; what comes beyond is counted, so that nobody fills the disk of a node
and nothing is lost unseen.
"""

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar

from msgspec import Struct

from coordination.mailroom.database import LARGEST, Database, moment_of
from schemas.vocabulary import Agency

MOST = 10_000  # messages that wait
MOST_BYTES = 64 * 1024 * 1024  # of them together
TABLE = """
CREATE TABLE IF NOT EXISTS kept (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL,
    door TEXT NOT NULL,
    agency TEXT NOT NULL,
    subject BLOB NOT NULL,
    headers TEXT NOT NULL,
    raw BLOB NOT NULL,
    reason TEXT NOT NULL,
    parameters TEXT NOT NULL,
    size INTEGER NOT NULL,
    count INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    settled TEXT,
    settled_why TEXT,
    settled_at TEXT
)"""
OPEN = "CREATE UNIQUE INDEX IF NOT EXISTS open ON kept (fingerprint) WHERE settled IS NULL"
ROOM = """
CREATE TABLE IF NOT EXISTS room (
    only INTEGER PRIMARY KEY CHECK (only = 1), messages INTEGER NOT NULL, bytes INTEGER NOT NULL
)"""
EMPTY = "INSERT OR IGNORE INTO room VALUES (1, 0, 0)"
BEYOND = """
CREATE TABLE IF NOT EXISTS beyond (
    door TEXT NOT NULL,
    agency TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (door, agency, reason)
)"""
COLUMNS = (
    "number, door, agency, subject, length(raw), reason, parameters, count, first_at, last_at, "
    "settled, settled_why, settled_at"
)


class Door(StrEnum):
    CLIENT = "client"  # a program of the agency, at its own leaf
    LINK = "link"  # the agency's node, over the link
    LEDGER = "ledger"  # the ledger of the agency


class Reason(StrEnum):
    """Why a message was not understood, each with the parameters its sentence needs."""

    NOT_JSON = "message.not-json"  # at: the first byte that cannot be read
    NOT_UNDERSTOOD = "message.not-understood"  # problems: field, given, expected, parameters
    WRONG_SUBJECT = "message.wrong-subject"  # subject, allowed
    TOO_BIG = "message.too-big"  # size, most: in bytes
    FORGED_AGENCY = "message.forged-agency"  # said, asker
    FALSE_SEAL = "message.false-seal"  # ledger, seq
    FALSE_SEAL_OF_COMMAND = "message.false-seal-of-command"  # asker
    FALSE_SEAL_OF_ANSWER = "message.false-seal-of-answer"  # owner
    FORK = "message.fork"  # ledger, seq
    UNASKED = "message.unasked"  # ledger, seq
    DOES_NOT_FIT = "message.does-not-fit"  # ledger, seq, what
    UNKNOWN_COMMAND = "message.unknown-command"  # given
    ID_TAKEN = "message.id-taken"  # id, asker


class CameBy(Struct, frozen=True):
    door: Door
    agency: Agency


class Settled(StrEnum):
    REPLAYED = "replayed"
    PUT_ASIDE = "put-aside"


class Settlement(Struct, frozen=True):
    how: Settled
    at: datetime
    reason: str = ""


class KeptMessage(Struct, frozen=True, kw_only=True):
    """`size` counts the bytes of the message; the catalogues word `reason` with its parameters."""

    number: int
    came_by: CameBy
    subject: str
    size: int
    reason: str
    parameters: dict[str, Any]
    count: int
    first_at: datetime
    last_at: datetime
    settled: Settlement | None = None


class WholeMessage(KeptMessage, frozen=True, kw_only=True):
    headers: dict[str, str]
    raw: bytes


class Beyond(Struct, frozen=True, kw_only=True):
    """What there was no room for: only counted."""

    came_by: CameBy
    reason: str
    count: int
    first_at: datetime
    last_at: datetime


class NotKept(Exception):
    """No message has this number, or it has been settled already."""


class KeptMessages(Database):
    most: ClassVar[int] = MOST
    most_bytes: ClassVar[int] = MOST_BYTES

    def keep(
        self,
        came_by: CameBy,
        subject: str,
        headers: Mapping[str, str] | None,
        raw: bytes,
        *,
        reason: str,
        parameters: Mapping[str, Any],
        at: datetime | None = None,
    ) -> int | None:
        """
        Keep a message; gives its number, or None where there was no room and it was only counted.

        The same bytes on the same subject for the same reason are one message that came again.
        What has been settled and comes again is a new one.
        """
        written = subject.encode("utf-8", "surrogatepass")
        beside, said = json.dumps(dict(headers or {})), json.dumps(dict(parameters))
        size = len(raw) + len(written) + len(beside) + len(said)
        mark = _fingerprint(came_by, written, raw, reason)
        now = self.moment(at)
        with self.changing() as connection:
            again = connection.execute(
                "UPDATE kept SET count = count + 1, last_at = ? "
                "WHERE fingerprint = ? AND settled IS NULL RETURNING number",
                (now, mark),
            ).fetchone()
            if again is not None:
                return int(again[0])
            if not self._has_room(connection, size):
                connection.execute(
                    "INSERT INTO beyond VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT DO UPDATE "
                    "SET count = count + 1, last_at = excluded.last_at",
                    (came_by.door, came_by.agency, reason, now, now),
                )
                return None
            row = (mark, came_by.door, came_by.agency, written, beside, raw, reason, said, size)
            [[number]] = connection.execute(
                "INSERT INTO kept (fingerprint, door, agency, subject, headers, raw, reason, "
                "parameters, size, count, first_at, last_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) RETURNING number",
                (*row, now, now),
            )
            connection.execute(
                "UPDATE room SET messages = messages + 1, bytes = bytes + ?", (size,)
            )
            return int(number)

    def _has_room(self, connection: sqlite3.Connection, size: int) -> bool:
        [[messages, used]] = connection.execute("SELECT messages, bytes FROM room")
        return bool(messages < self.most and used + size <= self.most_bytes)

    def kept(self) -> list[KeptMessage]:
        """All messages that were kept, settled ones too, in the order of their numbers."""
        rows = self.selected(f"SELECT {COLUMNS} FROM kept ORDER BY number")
        return [KeptMessage(**_fields(row)) for row in rows]

    def kept_one(self, number: int) -> WholeMessage | None:
        whole = f"SELECT {COLUMNS}, headers, raw FROM kept WHERE number = ?"
        rows = self.selected(whole, (min(number, LARGEST),))
        for *row, headers, raw in rows:
            return WholeMessage(**_fields(tuple(row)), headers=json.loads(headers), raw=raw)
        return None

    def beyond(self) -> list[Beyond]:
        """What there was no room for, by where it came from and why it was not understood."""
        rows = self.selected(
            "SELECT door, agency, reason, count, first_at, last_at FROM beyond ORDER BY first_at"
        )
        return [
            Beyond(
                came_by=CameBy(Door(door), agency),
                reason=reason,
                count=count,
                first_at=moment_of(first),
                last_at=moment_of(last),
            )
            for door, agency, reason, count, first, last in rows
        ]

    def settle_kept(
        self, number: int, how: Settled, at: datetime | None = None, *, reason: str = ""
    ) -> None:
        """It was sent again, or put aside for a reason; its bytes stay. Raises NotKept."""
        with self.changing() as connection:
            found = connection.execute(
                "UPDATE kept SET settled = ?, settled_why = ?, settled_at = ? "
                "WHERE number = ? AND settled IS NULL RETURNING size",
                (how, reason, self.moment(at), min(number, LARGEST)),
            ).fetchone()
            if found is None:
                raise NotKept(number)
            connection.execute(
                "UPDATE room SET messages = messages - 1, bytes = bytes - ?", (found[0],)
            )


def _fingerprint(came_by: CameBy, subject: bytes, raw: bytes, reason: str) -> str:
    parts = (came_by.door.encode(), came_by.agency.encode(), reason.encode(), subject, raw)
    return sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def _fields(row: tuple[Any, ...]) -> dict[str, Any]:
    number, door, agency, subject, size, reason, parameters, count, first, last, *settled = row
    how, why, settled_at = settled
    return {
        "number": number,
        "came_by": CameBy(Door(door), agency),
        "subject": subject.decode("utf-8", "surrogatepass"),
        "size": size,
        "reason": reason,
        "parameters": json.loads(parameters),
        "count": count,
        "first_at": moment_of(first),
        "last_at": moment_of(last),
        "settled": None if how is None else Settlement(Settled(how), moment_of(settled_at), why),
    }
