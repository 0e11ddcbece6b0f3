"""The mailroom on the command line: `asked`, and the messages that wait beside what is parked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, TypeAlias

from cyclopts import Parameter
from msgspec import Meta, Struct

from coordination.cli.options import written
from coordination.cli.other_commands import Language
from coordination.cli.showing import Showing, show
from coordination.cli.terminal import ExitCode, Terminal
from coordination.harmless import harmless
from schemas.answer import CommandId

if TYPE_CHECKING:
    from coordination.mailroom.kept import WholeMessage
    from coordination.mailroom.mailroom import Mailroom

Shape = Annotated[str | None, Parameter(name="--format", help="table, json or csv")]
Id = Annotated[
    str | None, Parameter(name="ID", help="identifier of a command, to see its whole answer")
]
Number = Annotated[str | None, Parameter(name="NUMBER", help="of a message that waits, such as 3")]
Reason = Annotated[
    str | None, Parameter(name="--reason", help="why nothing more is done about it (required)")
]


class AskedFor(Struct, frozen=True, kw_only=True):
    id: CommandId


class Numbered(Struct, frozen=True, kw_only=True):
    number: Annotated[int, Meta(ge=1)]


class PuttingAside(Numbered, frozen=True, kw_only=True):
    reason: Annotated[str, Meta(min_length=2, max_length=2000)]


def is_number(text: str) -> bool:
    """Whether it names a message: the name of a stream begins with a letter."""
    return text.isascii() and text.isdigit()


Replay: TypeAlias = Callable[[Terminal, "WholeMessage"], int]


def send_again(terminal: Terminal, message: "WholeMessage") -> int:
    """By the running node; DONE once it has understood it, whatever it answered."""
    import asyncio

    from coordination.bus.replaying import replayed
    from coordination.bus.settings import agency_on_the_bus
    from coordination.cli.tables.letters import outcome
    from schemas.answer import AnswerMalformed

    me, settings = agency_on_the_bus(terminal.surroundings.environ, terminal.settings)
    answer = asyncio.run(replayed(settings, me, message.number)).answer
    if answer is None:
        terminal.write(terminal.say("bus.fetched-again"))
        return ExitCode.DONE
    for line in outcome(answer, message.subject, terminal.reader):
        terminal.write(line)
    return ExitCode.MALFORMED if isinstance(answer, AnswerMalformed) else ExitCode.DONE


class LetterCommands:
    def __init__(self, terminal: Terminal, replay: Replay = send_again) -> None:
        self.terminal, self.replay = terminal, replay

    def asked(self, id: Id = None, /, *, shape: Shape = None, language: Language = None) -> int:
        """What was asked of other agencies, and what became of it."""
        del language  # already that of the terminal
        showing = self.terminal.read(Showing, {"format": shape}, _shown)
        if showing is None:
            return ExitCode.MALFORMED
        from coordination import letters

        if id is None:
            with self._mailroom() as mailroom:
                show(self.terminal, letters.asked(mailroom), showing.format)
            return ExitCode.DONE
        wanted = self.terminal.read(AskedFor, {"id": id}, _shown)
        if wanted is None:
            return ExitCode.MALFORMED
        with self._mailroom() as mailroom:
            found = letters.asked_as(mailroom, wanted.id)
        if not found.asked:
            self.terminal.complain("asked.no-such", id=wanted.id)
            return ExitCode.REJECTED
        show(self.terminal, found, showing.format)
        return ExitCode.DONE

    def show(self, number: Number = None, /, *, language: Language = None) -> int:
        """Print a message that was not understood; what would steer a terminal is spelt out."""
        del language
        wanted = self.terminal.read(Numbered, {"number": number}, _shown)
        if wanted is None:
            return ExitCode.MALFORMED
        with self._mailroom() as mailroom:
            message = self._kept(mailroom, wanted.number)
        if message is None:
            return ExitCode.REJECTED
        from coordination import letters
        from coordination.cli.tables.letters import message as told
        from coordination.cli.tables.letters import reason, settled

        shown, reader = letters.shown(message), self.terminal.reader
        self.terminal.write(told(shown, reader))
        self.terminal.write(reason(shown.reason, shown.parameters, reader))
        if shown.settled is not None:
            self.terminal.write(settled(shown, reader))
        self.terminal.write("")
        for name, value in message.headers.items():
            self.terminal.write(harmless(f"{name}: {value}"))
        self.terminal.write("")
        self.terminal.write(harmless(message.raw.decode("utf-8", "backslashreplace")))
        return ExitCode.DONE

    def put_aside(
        self, number: Number = None, /, *, reason: Reason = None, language: Language = None
    ) -> int:
        """Do nothing more about a message; it is kept, with the reason."""
        del language
        given = {"number": number, "reason": reason}
        asked = self.terminal.read(PuttingAside, given, _shown)
        if asked is None:
            return ExitCode.MALFORMED
        with self._mailroom() as mailroom:
            message = self._waiting(mailroom, asked.number)
            if message is None or mailroom is None:
                return ExitCode.REJECTED
            from coordination.mailroom.kept import NotKept, Settled

            try:
                mailroom.settle_kept(message.number, Settled.PUT_ASIDE, reason=asked.reason)
            except NotKept:  # somebody else was quicker
                self._waiting(mailroom, asked.number)
                return ExitCode.REJECTED
        self.terminal.write(self.terminal.say("parked.is-put-aside", number=message.number))
        return ExitCode.DONE

    def send_again(self, number: Number = None, /, *, language: Language = None) -> int:
        """As `parked retry NUMBER`: it is settled once the node has taken it."""
        del language
        wanted = self.terminal.read(Numbered, {"number": number}, _shown)
        if wanted is None:
            return ExitCode.MALFORMED
        with self._mailroom() as mailroom:
            message = self._waiting(mailroom, wanted.number)
            if message is None or mailroom is None:
                return ExitCode.REJECTED
            code = self.replay(self.terminal, message)
            if code == ExitCode.DONE:
                from coordination.mailroom.kept import NotKept, Settled

                with suppress(NotKept):  # somebody put it aside meanwhile
                    mailroom.settle_kept(message.number, Settled.REPLAYED)
        return code

    @contextmanager
    def _mailroom(self) -> Iterator["Mailroom | None"]:
        from coordination import letters

        around = self.terminal.surroundings
        with (
            self.terminal.service() as service,
            letters.opened(service.store, around.environ, around.clock) as mailroom,
        ):
            yield mailroom

    def _kept(self, mailroom: "Mailroom | None", number: int) -> "WholeMessage | None":
        """None once it is told that there is none."""
        message = mailroom.kept_one(number) if mailroom else None
        if message is None:
            self.terminal.complain("parked.no-such-message", number=number)
        return message

    def _waiting(self, mailroom: "Mailroom | None", number: int) -> "WholeMessage | None":
        """None once it is told that it does not wait."""
        message = self._kept(mailroom, number)
        if message is None or message.settled is None:
            return message
        from coordination.cli.tables.letters import settled

        self.terminal.surroundings.errors.write(settled(message, self.terminal.reader) + "\n")
        return None


def _shown(field: str) -> str:
    return {"id": "ID", "number": "NUMBER"}.get(field, written(field))
