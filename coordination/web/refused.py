"""The audit log of refused acts: who wanted what, when, and why it was not for them."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from coordination.access import Role
from coordination.web.accounts import Accounts, Person
from schemas.vocabulary import Agency

MOST = 100_000  # the newest; nobody fills the disk of a node by being refused
_TABLE = """
CREATE TABLE IF NOT EXISTS refused (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, name TEXT NOT NULL,
    agency TEXT NOT NULL, role TEXT NOT NULL, act TEXT NOT NULL, about TEXT NOT NULL,
    reason TEXT NOT NULL, parameters TEXT NOT NULL
)"""


class RefusedAct(Struct, frozen=True, kw_only=True):
    """`act` is a message by its name or the address of a page, `about` the stream, where there is
    one; the catalogues word `reason` with its parameters."""

    at: datetime
    name: str
    agency: Agency
    role: Role
    act: str
    about: str
    reason: str
    parameters: dict[str, Any]


class RefusedActs:
    """Beside the accounts. Names stay when an account goes: who looks back must know who it was."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        with accounts.writing() as connection:
            connection.execute(_TABLE)

    def note(
        self, person: Person, act: str, about: str, reason: str, parameters: dict[str, Any]
    ) -> None:
        said = msgspec.json.encode(parameters).decode()
        row = (self._accounts.now, person.name, person.agency, person.roles[0], act, about)
        with self._accounts.writing() as connection:
            made = connection.execute(
                "INSERT INTO refused (at, name, agency, role, act, about, reason, parameters)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, reason, said),
            )
            oldest = (made.lastrowid or 0) - MOST
            connection.execute("DELETE FROM refused WHERE number <= ?", (oldest,))

    def newest(self, limit: int) -> list[RefusedAct]:
        found = self._accounts.select(
            "SELECT at, name, agency, role, act, about, reason, parameters FROM refused"
            " ORDER BY number DESC LIMIT ?",
            limit,
        )
        return [
            RefusedAct(
                at=datetime.fromisoformat(at),
                name=name,
                agency=agency,
                role=Role(role),
                act=act,
                about=about,
                reason=reason,
                parameters=msgspec.json.decode(parameters),
            )
            for at, name, agency, role, act, about, reason, parameters in found
        ]
