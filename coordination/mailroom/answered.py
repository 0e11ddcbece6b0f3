"""Answers given to the commands of others: whoever asks again is answered the same."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from coordination.mailroom.asked import IdTaken
from coordination.mailroom.database import Database
from schemas.vocabulary import Agency

TABLE = """
CREATE TABLE IF NOT EXISTS answered (
    asker TEXT NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    answer BLOB NOT NULL,
    answered_at TEXT NOT NULL,
    PRIMARY KEY (asker, id)
)"""


class Given(Struct, frozen=True):
    """An answer, to a command of which it has the digest."""

    asker: Agency
    id: str
    digest: str
    answer: bytes


class AnswersGiven(Database):
    def answered(self, asker: Agency, id: str) -> tuple[str, bytes] | None:
        """The digest of the command that was answered, and the answer."""
        found = self.selected(
            "SELECT digest, answer FROM answered WHERE asker = ? AND id = ?", (asker, id)
        )
        return (found[0][0], found[0][1]) if found else None

    def note_answer(
        self, asker: Agency, id: str, digest: str, answer: bytes, at: datetime | None = None
    ) -> bytes:
        """
        Keep an answer; the first stays, and is what this gives back.

        Raises IdTaken where the asker used its id for another command.
        """
        [kept] = self.note_answers([Given(asker, id, digest, answer)], at)
        if kept is None:
            raise IdTaken(asker, id)
        return kept

    def note_answers(
        self, given: Sequence[Given], at: datetime | None = None
    ) -> list[bytes | None]:
        """
        Keep several in one transaction; of each what was given first.

        None where the asker used the id for another command.
        """
        moment = self.moment(at)
        with self.changing() as connection:
            return [_noted(connection, one, moment) for one in given]


def _noted(connection: sqlite3.Connection, given: Given, moment: str) -> bytes | None:
    connection.execute(
        "INSERT OR IGNORE INTO answered VALUES (?, ?, ?, ?, ?)",
        (given.asker, given.id, given.digest, given.answer, moment),
    )
    [[digest, kept]] = connection.execute(
        "SELECT digest, answer FROM answered WHERE asker = ? AND id = ?", (given.asker, given.id)
    )
    return bytes(kept) if digest == given.digest else None
