"""Answers given to the commands of others: whoever asks again is answered the same."""

from datetime import datetime

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
        with self.changing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO answered VALUES (?, ?, ?, ?, ?)",
                (asker, id, digest, answer, self.moment(at)),
            )
            [[kept_digest, kept]] = connection.execute(
                "SELECT digest, answer FROM answered WHERE asker = ? AND id = ?", (asker, id)
            )
        if kept_digest != digest:
            raise IdTaken(asker, id)
        return bytes(kept)
