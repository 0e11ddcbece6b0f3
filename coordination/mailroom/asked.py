"""Commands asked of other agencies: kept before they are sent, until they are answered."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from coordination.mailroom.database import Database, moment_of
from schemas.answer import (
    AnswerDone,
    AnswerMalformed,
    AnswerNothingToDo,
    AnswerRejected,
    AnswerWaiting,
    AnyAnswer,
)
from schemas.vocabulary import Agency

FIELDS = "id, asker, owner, tag, command, digest, role, meeting, asked_at"
TABLE = """
CREATE TABLE IF NOT EXISTS asked (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    asker TEXT NOT NULL,
    owner TEXT NOT NULL,
    tag TEXT NOT NULL,
    command BLOB NOT NULL,
    digest TEXT NOT NULL,
    role TEXT,
    meeting TEXT,
    asked_at TEXT NOT NULL,
    answer BLOB,
    answered_at TEXT,
    UNIQUE (asker, id)
)"""
WAITING = "CREATE INDEX IF NOT EXISTS waiting ON asked (number) WHERE answer IS NULL"


class Letter(Struct, frozen=True, kw_only=True):
    """
    A command on its way to the agency that decides: `tag` is `mission.request-co-organisation`.

    `command` is its JSON, complete: who asks and from which day are filled in. `digest` is the
    SHA-256 of what the asker itself sent: the same letter sent again another day is the same.
    """

    id: str
    asker: Agency
    owner: Agency
    tag: str
    command: bytes
    digest: str
    role: str | None = None
    meeting: str | None = None
    asked_at: datetime


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    NOTHING_TO_DO = "nothing-to-do"
    REJECTED = "rejected"
    MALFORMED = "malformed"


class KeptLetter(Letter, frozen=True, kw_only=True):
    """A letter with the bytes of its answer, once there is one."""

    answer: bytes | None = None
    answered_at: datetime | None = None

    @property
    def answered(self) -> AnyAnswer | None:
        return None if self.answer is None else read_answer(self.answer)

    @property
    def state(self) -> State:
        return State.WAITING if (answer := self.answered) is None else STATES[type(answer)]


STATES: dict[type[AnyAnswer], State] = {
    AnswerDone: State.DONE,
    AnswerNothingToDo: State.NOTHING_TO_DO,
    AnswerRejected: State.REJECTED,
    AnswerMalformed: State.MALFORMED,
    AnswerWaiting: State.WAITING,
}
_answers: msgspec.json.Decoder[AnyAnswer] = msgspec.json.Decoder(AnyAnswer)


class IdTaken(Exception):
    """The asker has used this identifier for another command."""

    def __init__(self, asker: Agency, id: str) -> None:
        super().__init__(asker, id)
        self.asker, self.id = asker, id


class NotAsked(Exception):
    """An answer to what was never asked here."""


def read_answer(raw: bytes) -> AnyAnswer:
    """Raises msgspec.ValidationError or msgspec.DecodeError where the bytes are no answer."""
    return _answers.decode(raw)


class AskedOfOthers(Database):
    def accept(self, letter: Letter) -> KeptLetter:
        """
        Keep a letter, durably before this returns; once is enough.

        The same letter again gives what is there, perhaps with its answer. Raises IdTaken where
        the asker used its id for something else.
        """
        with self.changing() as connection:
            if (there := _found(connection, letter.asker, letter.id)) is None:
                marks = ", ".join("?" * len(_row(letter, "")))
                connection.execute(
                    f"INSERT INTO asked ({FIELDS}) VALUES ({marks})",
                    _row(letter, self.moment(letter.asked_at)),
                )
                return KeptLetter(**msgspec.structs.asdict(letter))
        if _content(there) != _content(letter):
            raise IdTaken(letter.asker, letter.id)
        return there

    def waiting(self) -> list[KeptLetter]:
        """Those without an answer, the oldest first."""
        return [_letter(row) for row in self._asked("answer IS NULL ORDER BY number", ())]

    def settle(self, asker: Agency, id: str, answer: bytes, at: datetime | None = None) -> bytes:
        """
        Keep the answer to a letter; the first stays, and is what this gives back.

        Raises NotAsked, and ValueError where the bytes are no answer, or say that it still waits.
        """
        match read_answer(answer):
            case AnswerWaiting():
                raise ValueError("it still waits")
            case AnswerDone() as done:
                done.happened()  # whoever reads it later must be able to
        with self.changing() as connection:
            connection.execute(
                "UPDATE asked SET answer = ?, answered_at = ? "
                "WHERE asker = ? AND id = ? AND answer IS NULL",
                (answer, self.moment(at), asker, id),
            )
            there = _found(connection, asker, id)
        if there is None or there.answer is None:
            raise NotAsked(asker, id)
        return there.answer

    def of(self, asker: Agency, id: str) -> KeptLetter | None:
        found = self._asked("asker = ? AND id = ?", (asker, id))
        return _letter(found[0]) if found else None

    def all(self, limit: int = -1) -> list[KeptLetter]:
        """The newest first; `limit` of them, or all where it is negative."""
        return [_letter(row) for row in self._asked("TRUE ORDER BY number DESC LIMIT ?", (limit,))]

    def named(self, id: str) -> list[KeptLetter]:
        """Those with an identifier, one for each agency that used it."""
        return [_letter(row) for row in self._asked("id = ? ORDER BY number", (id,))]

    def _asked(self, which: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self.selected(
            f"SELECT {FIELDS}, answer, answered_at FROM asked WHERE {which}", values
        )


def _content(letter: Letter) -> tuple[Any, ...]:
    return letter.owner, letter.tag, letter.digest, letter.role, letter.meeting


def _row(letter: Letter, asked_at: str) -> tuple[Any, ...]:
    return (*msgspec.structs.astuple(letter)[: len(Letter.__struct_fields__) - 1], asked_at)


def _found(connection: sqlite3.Connection, asker: Agency, id: str) -> KeptLetter | None:
    row = connection.execute(
        f"SELECT {FIELDS}, answer, answered_at FROM asked WHERE asker = ? AND id = ?", (asker, id)
    ).fetchone()
    return None if row is None else _letter(row)


def _letter(row: tuple[Any, ...]) -> KeptLetter:
    *said, asked_at, answer, answered_at = row
    return KeptLetter(
        **dict(zip(Letter.__struct_fields__, said, strict=False)),
        asked_at=moment_of(asked_at),
        answer=answer,
        answered_at=None if answered_at is None else moment_of(answered_at),
    )
