"""What programs show instead of signing in: a token, of which only the hash is kept."""

from datetime import datetime, timedelta

from msgspec import Struct

from coordination.access import Role
from coordination.web.accounts import Accounts, Person, hash_of
from schemas.vocabulary import Agency

LIFETIME = timedelta(days=365)  # then somebody has to say again that it is still needed
_TABLE = """
CREATE TABLE IF NOT EXISTS token (
    number INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, account INTEGER NOT NULL,
    agency TEXT NOT NULL, role TEXT NOT NULL, purpose TEXT NOT NULL, made TEXT NOT NULL,
    ends TEXT NOT NULL,
    FOREIGN KEY (account, agency, role) REFERENCES grant_of_role ON DELETE CASCADE
)"""


class Token(Struct, frozen=True, kw_only=True):
    """A token as it may be shown: whose it is, what for, until when."""

    number: int
    name: str
    agency: Agency
    role: Role
    purpose: str
    made: datetime
    ends: datetime


class NoSuchGrant(Exception):
    """No account of that name has that role."""


class Tokens:
    """Beside the accounts, and gone with them: who loses a role loses its tokens."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        with accounts.writing() as connection:
            connection.execute(_TABLE)

    def new(self, name: str, role: Role, purpose: str) -> str:
        """A token that acts for an account in one of its roles. Raises NoSuchGrant."""
        token, now = self._accounts.new_token(), self._accounts.clock()
        made_at, ends = now.isoformat(), (now + LIFETIME).isoformat()
        with self._accounts.writing() as connection:
            made = connection.execute(
                "INSERT INTO token (hash, account, agency, role, purpose, made, ends)"
                " SELECT ?, id, agency, role, ?, ?, ? FROM account"
                " JOIN grant_of_role ON account = id WHERE name = ? AND role = ?"
                " ORDER BY agency LIMIT 1",
                (hash_of(token), purpose, made_at, ends, name, role),
            )
        if made.rowcount != 1:
            raise NoSuchGrant(name, role)
        return token

    def person(self, token: str) -> Person | None:
        """Who acts by a token, while it lasts."""
        found = self._accounts.select(
            "SELECT account, name, agency, role FROM token JOIN account ON account = id"
            " WHERE hash = ? AND ends > ?",
            hash_of(token),
            self._accounts.now,
        )
        return next(
            (Person(account, name, of, (Role(role),)) for account, name, of, role in found), None
        )

    def withdraw(self, number: int) -> bool:
        """Whether there was one."""
        with self._accounts.writing() as connection:
            gone = connection.execute("DELETE FROM token WHERE number = ?", (number,))
        return gone.rowcount == 1

    def all(self) -> list[Token]:
        found = self._accounts.select(
            "SELECT number, name, agency, role, purpose, made, ends FROM token"
            " JOIN account ON account = id ORDER BY number"
        )
        return [
            Token(
                number=number,
                name=name,
                agency=agency,
                role=Role(role),
                purpose=purpose,
                made=datetime.fromisoformat(made),
                ends=datetime.fromisoformat(ends),
            )
            for number, name, agency, role, purpose, made, ends in found
        ]
