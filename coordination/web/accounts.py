"""Who may sign in where no identity provider is at hand: local accounts, in a file of their own.

Names of people never enter an event; here they can be erased. Of what opens a door (passwords,
sessions, invitations) only hashes are kept.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from msgspec import Struct

from coordination.access import Role
from schemas.vocabulary import Agency

SESSION = timedelta(hours=12)  # a long working day; then one signs in again
INVITATION = timedelta(days=7)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200  # NIST SP 800-63B: length counts, not signs
OURS = 0x4D435041  # PRAGMA application_id: "MCPA"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, password TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS grant_of_role (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    agency TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (account, agency, role)
);
CREATE TABLE IF NOT EXISTS session (
    token BLOB PRIMARY KEY, account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    ends TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS invitation (
    token BLOB PRIMARY KEY, agency TEXT, role TEXT NOT NULL, ends TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def beside(store: Path) -> Path:
    """`coordination.accounts.sqlite` beside `coordination.sqlite`."""
    store = store.resolve()
    return store.with_name(f"{store.stem}.accounts{store.suffix}")


class Person(Struct, frozen=True):
    """Somebody signed in, and in which roles they act for which agency."""

    account: int
    name: str
    agency: Agency
    roles: tuple[Role, ...]


class Invitation(Struct, frozen=True):
    """Opens one account. Whoever opens the first one chooses the agency: it is null."""

    agency: Agency | None
    role: Role


class NameTaken(Exception):
    """There is an account of that name."""


class Accounts:
    """`hasher` and `new_token` come in by the door. Close them."""

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime],
        *,
        hasher: PasswordHasher | None = None,
        new_token: Callable[[], str] = token_urlsafe,
    ) -> None:
        self.clock, self.new_token = clock, new_token
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(new_token())
        self._turn = Lock()
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # for its owner only
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA foreign_keys=ON")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(f"PRAGMA application_id={OURS}")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        self._connection.close()

    @property
    def any(self) -> bool:
        return bool(self.select("SELECT 1 FROM account LIMIT 1"))

    def secret(self, name: str) -> str:
        """A secret of this node, the same after it was started anew."""
        with self.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO secret VALUES (?, ?)", (name, self.new_token())
            )
        [[value]] = self.select("SELECT value FROM secret WHERE name = ?", name)
        return str(value)

    def invite(self, agency: Agency | None, role: Role) -> str:
        """Returns what opens one account, once. Of those to the first account the last is good."""
        token = self.new_token()
        ends = (self.clock() + INVITATION).isoformat()
        with self.writing() as connection:
            if agency is None:
                connection.execute("DELETE FROM invitation WHERE agency IS NULL")
            connection.execute(
                "INSERT INTO invitation VALUES (?, ?, ?, ?)", (hash_of(token), agency, role, ends)
            )
        return token

    def invitation(self, token: str) -> Invitation | None:
        """What an invitation is for, while it lasts."""
        found = self.select(
            "SELECT agency, role FROM invitation WHERE token = ? AND ends > ?",
            hash_of(token),
            self.now,
        )
        return next((Invitation(agency, Role(role)) for agency, role in found), None)

    def open(
        self, token: str, agency: Agency, roles: Sequence[Role], name: str, password: str
    ) -> None:
        """The account of an invitation, which is then used up.

        Raises NameTaken, and LookupError where the invitation was used meanwhile.
        """
        hashed = self._hasher.hash(password)
        with self.writing() as connection:
            used = connection.execute(
                "DELETE FROM invitation WHERE token = ? AND ends > ?", (hash_of(token), self.now)
            )
            if used.rowcount != 1:
                raise LookupError("no such invitation")
            try:
                made = connection.execute(
                    "INSERT INTO account (name, password) VALUES (?, ?)", (name, hashed)
                )
            except sqlite3.IntegrityError as error:
                raise NameTaken(name) from error
            connection.executemany(
                "INSERT INTO grant_of_role VALUES (?, ?, ?)",
                [(made.lastrowid, agency, role) for role in roles],
            )

    def all(self) -> list[Person]:
        """Every account by its name, as it acts once signed in."""
        found = self.select("SELECT id FROM account ORDER BY name")
        return [person for [account] in found if (person := self._person(account))]

    def remove(self, account: int) -> None:
        """With its roles and its sessions, which end at once."""
        with self.writing() as connection:
            connection.execute("DELETE FROM account WHERE id = ?", (account,))

    def sign_in(self, name: str, password: str) -> str | None:
        """A new session, whatever the browser came with; None where name or password is wrong,
        which takes as long to say."""
        found = self.select("SELECT id, password FROM account WHERE name = ?", name)
        account, hashed = found[0] if found else (None, self._nobody)
        try:
            self._hasher.verify(hashed, password)
        except VerificationError:
            return None
        if account is None:
            return None
        token = self.new_token()
        with self.writing() as connection:
            connection.execute("DELETE FROM session WHERE ends <= ?", (self.now,))
            connection.execute(
                "INSERT INTO session VALUES (?, ?, ?)",
                (hash_of(token), account, (self.clock() + SESSION).isoformat()),
            )
        return token

    def person(self, session: str) -> Person | None:
        """Whose session this is, while it lasts."""
        found = self.select(
            "SELECT account FROM session WHERE token = ? AND ends > ?", hash_of(session), self.now
        )
        return self._person(found[0][0]) if found else None

    def _person(self, account: int) -> Person | None:
        found = self.select(
            "SELECT name, agency, role FROM account"
            " JOIN grant_of_role ON grant_of_role.account = account.id"
            " WHERE account.id = ? ORDER BY agency, role",
            account,
        )
        if not found:
            return None
        name, agency, _ = found[0]
        return Person(
            account, name, agency, tuple(Role(role) for _, of, role in found if of == agency)
        )

    def sign_out(self, session: str) -> None:
        with self.writing() as connection:
            connection.execute("DELETE FROM session WHERE token = ?", (hash_of(session),))

    @property
    def now(self) -> str:
        return self.clock().isoformat()

    def select(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._turn:
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def hash_of(token: str) -> bytes:
    """Tokens are long and random: what makes hashes of passwords slow would buy nothing here."""
    return sha256(token.encode()).digest()
