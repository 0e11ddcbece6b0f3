"""The accounts on the command line: the tokens of programs, and what was refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from msgspec import Meta, Struct

from coordination.access import Role
from coordination.cli.options import written
from coordination.cli.other_commands import Language
from coordination.cli.terminal import ExitCode, Terminal
from projections.read_model import civil_day

if TYPE_CHECKING:
    from coordination.store.event_store import EventStore
    from coordination.web.accounts import Accounts

Name = Annotated[str | None, Parameter(name="NAME", help="account that it acts for")]
InRole = Annotated[
    str | None, Parameter(name="--role", help="in which role of the account: " + ", ".join(Role))
]
Purpose = Annotated[
    str | None, Parameter(name="--purpose", help="what for, such as CRM (required)")
]
Number = Annotated[str | None, Parameter(name="NUMBER", help="of the token, as the list has it")]
Limit = Annotated[str | None, Parameter(name="--limit", help="how many; else 100")]


class Making(Struct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    role: Role
    purpose: Annotated[str, Meta(min_length=1, max_length=200)]


class Withdrawing(Struct, frozen=True, kw_only=True):
    number: Annotated[int, Meta(ge=1)]


class LookingBack(Struct, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=100_000)] = 100


class AccountCommands:
    """`token new`, `token list`, `token withdraw` and `audit`, each a method."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def new(
        self,
        name: Name = None,
        /,
        *,
        role: InRole = None,
        purpose: Purpose = None,
        language: Language = None,
    ) -> int:
        """Make a token for a program, and print it this once; it lasts a year."""
        del language  # already that of the terminal
        asked = self.terminal.read(Making, {"name": name, "role": role, "purpose": purpose}, _shown)
        if asked is None:
            return ExitCode.MALFORMED
        from coordination.web.tokens import NoSuchGrant, Tokens

        with self._accounts() as accounts:
            tokens = Tokens(accounts)
            try:
                token = tokens.new(asked.name, asked.role, asked.purpose)
            except NoSuchGrant:
                self.terminal.complain("token.no-such-grant", name=asked.name, role=asked.role)
                return ExitCode.REJECTED
            person = tokens.person(token)
        assert person is not None, "it has just been made"
        self._write("token.made", name=person.name, agency=person.agency, role=asked.role)
        self.terminal.write(token)
        return ExitCode.DONE

    def list(self, *, language: Language = None) -> int:
        """Print whose tokens there are, what for and until when; what opens a door is not kept."""
        del language
        from coordination.web.tokens import Tokens

        with self._accounts() as accounts:
            tokens = Tokens(accounts).all()
        for one in tokens:
            self._write(
                "token.line",
                number=one.number,
                name=one.name,
                agency=one.agency,
                role=one.role,
                purpose=one.purpose,
                until=self.terminal.reader.day(civil_day(one.ends)),
            )
        if not tokens:
            self._write("token.none")
        return ExitCode.DONE

    def withdraw(self, number: Number = None, /, *, language: Language = None) -> int:
        """Withdraw a token: what shows it is nobody from now on."""
        del language
        asked = self.terminal.read(Withdrawing, {"number": number}, _shown)
        if asked is None:
            return ExitCode.MALFORMED
        from coordination.web.tokens import Tokens

        with self._accounts() as accounts:
            gone = Tokens(accounts).withdraw(asked.number)
        if not gone:
            self.terminal.complain("token.unknown", number=asked.number)
            return ExitCode.REJECTED
        self._write("token.withdrawn", number=asked.number)
        return ExitCode.DONE

    def audit(self, *, limit: Limit = None, language: Language = None) -> int:
        """Print what was refused to whom, and why; the newest first."""
        del language
        asked = self.terminal.read(LookingBack, {"limit": limit}, _shown)
        if asked is None:
            return ExitCode.MALFORMED
        from coordination.web.refused import RefusedActs

        with self._accounts() as accounts:
            refused = RefusedActs(accounts).newest(asked.limit)
        for one in refused:
            self._write(
                "audit.line",
                at=one.at.isoformat(timespec="seconds"),
                name=one.name,
                agency=one.agency,
                role=one.role,
                act=one.act,
                about=one.about,
                why=self.terminal.say(f"rejection.{one.reason}", **one.parameters),
            )
        if not refused:
            self._write("audit.none")
        return ExitCode.DONE

    def _write(self, key: str, **said: Any) -> None:
        self.terminal.write(self.terminal.say(key, **said))

    @contextmanager
    def _accounts(self) -> "Iterator[Accounts]":
        from coordination.store.event_store import EventStore

        around = self.terminal.surroundings
        store = EventStore(around.environ, around.clock, around.new_id)
        try:
            path = path_of(store)
        finally:
            store.close()
        with opened(path, self.terminal) as accounts:
            yield accounts


@contextmanager
def opened(path: Path, terminal: Terminal) -> "Iterator[Accounts]":
    from coordination.web.accounts import Accounts

    accounts = Accounts(path, terminal.surroundings.clock)
    try:
        yield accounts
    finally:
        accounts.close()


def path_of(store: "EventStore") -> Path:
    """Beside the file of the events, or in the working folder where a server keeps them."""
    from coordination.web.accounts import beside

    return beside(Path("coordination.sqlite" if store.recorder.shared else store.place))


def _shown(field: str) -> str:
    return field.upper() if field in ("name", "number") else written(field)
