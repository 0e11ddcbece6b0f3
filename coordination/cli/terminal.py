"""What the command line stands on: its surroundings, and how it speaks to people and programs."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from uuid import uuid4

from msgspec import Struct

from coordination.catalogues import Parameter, say
from coordination.conversion import Known, Malformed, Message, Problem, read
from coordination.settings import Settings
from coordination.store.refusal import StoreRefused
from coordination.wording import Reader
from projections.read_model import civil_day

if TYPE_CHECKING:
    from rich.console import Console

    from coordination.mailroom.mailroom import Mailroom
    from coordination.service import Service
    from coordination.store.event_store import EventStore


class ExitCode(IntEnum):
    DONE = 0
    REJECTED = 1
    MALFORMED = 2
    STORE_REFUSED = 3
    INTERRUPTED = 130  # as shells have it for Ctrl-C


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Surroundings(Struct, frozen=True):
    """Environment, clock, identifiers and streams come in by the door."""

    environ: Mapping[str, str]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    input: TextIO
    output: TextIO
    errors: TextIO
    program: str = "coordination"  # as it was called


def real_surroundings() -> Surroundings:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without some letter shows a ?
            stream.reconfigure(errors="replace")
    return Surroundings(
        environ=os.environ,
        clock=lambda: datetime.now(UTC),
        new_id=lambda: str(uuid4()),
        input=sys.stdin,
        output=sys.stdout,
        errors=sys.stderr,
        program=sys.argv[0],
    )


class Terminal(Struct, frozen=True):
    """One run of the command line, for one reader."""

    surroundings: Surroundings
    settings: Settings
    language: str

    @property
    def reader(self) -> Reader:
        return Reader(self.language)

    @property
    def known(self) -> Known:
        from coordination.reference import countries

        return Known(frozenset(self.settings.known), countries())

    @property
    def today(self) -> str:
        return civil_day(self.surroundings.clock()).isoformat()

    def service(self) -> "Service":
        from coordination.service import Service

        around = self.surroundings
        return Service(self.settings, around.environ, around.clock, around.new_id)

    def mailroom(self, store: "EventStore") -> "Mailroom":
        """Beside the file of the events, where a file keeps them."""
        from coordination.mailroom.mailroom import Mailroom, path_of

        around = self.surroundings
        file = None if store.recorder.shared else Path(store.place)
        return Mailroom(path_of(around.environ, file), around.clock)

    @property
    def has_bus(self) -> bool:
        return bool(self.surroundings.environ.get("COORDINATION_BUS_URL"))

    def console(self) -> "Console":
        from rich.console import Console

        around = self.surroundings
        return Console(
            file=around.output, highlight=False, emoji=False, _environ={**around.environ}
        )

    def read(
        self, kind: type[Message], given: Mapping[str, Any], written: Callable[[str], str]
    ) -> Message | None:
        """What was asked; None once every mistake is told. `written` names a field."""
        said = {name: value for name, value in given.items() if value is not None}
        try:
            return read(kind, said, self.known, text=True)
        except Malformed as malformed:
            self.complain_of(malformed.problems, written)
            return None

    def write(self, text: str) -> None:
        self.surroundings.output.write(text + "\n")

    def say(self, key: str, **parameters: Parameter) -> str:
        return say(key, self.language, **parameters)

    def complain(self, key: str, **parameters: Parameter) -> None:
        self.surroundings.errors.write(self.say(key, **parameters) + "\n")

    def complain_of_store(self, refused: StoreRefused) -> None:
        """Where the history is broken, `what` is a key; damage may hide whose event it was."""
        said = dict(refused.parameters)
        if "what" in said:
            said["what"] = self.say(str(said["what"]))
        hidden = said.get("ledger") == ""
        self.complain("store.broken-somewhere" if hidden else refused.key, **said)

    def complain_of(self, problems: Iterable[Problem], written: Callable[[str], str] = str) -> None:
        """Each mistake on its line, in the words of the reader; `written` names its field."""
        for problem in problems:
            key = f"expected.{problem.expected}"
            expected = self.reader.expected(key, problem.parameters)
            self.complain(
                "command.problem" if problem.given else "command.problem-of-nothing",
                field=written(problem.field),
                given=problem.given,
                expected=expected,
            )
