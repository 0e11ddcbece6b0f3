"""What was answered to a command, here or by a node, for people and for programs."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

import msgspec

from coordination.cli.terminal import ExitCode, Format, Terminal
from coordination.sentences import sentence_of
from coordination.store.answers import Answer, Refused
from schemas.answer import AnswerDone, AnswerMalformed, AnswerRejected, AnswerWaiting, AnyAnswer
from schemas.message import stream_of
from schemas.recorded_event import AnyCommand, RecordedEvent
from schemas.upcasting import Happened, Unreadable

HEADER = ("reference", "stream", "version", "event", "effective", "agency", "role")


def tell(terminal: Terminal, answer: Answer, command: AnyCommand, shape: Format) -> int:
    """What was decided here. Returns the exit code."""
    match answer:
        case Refused(reason, parameters):
            terminal.complain(f"rejection.{reason}", **parameters)
            return ExitCode.REJECTED
    match shape:
        case Format.JSON:
            _write_json(terminal, answer.events)
        case Format.CSV:
            terminal.write(_csv(answer.events))
        case Format.TABLE if not answer.events:
            terminal.write(terminal.say("command.nothing-to-do", stream=stream_of(command)))
        case Format.TABLE:
            for recorded in answer.events:
                terminal.write(_told(terminal, recorded))
    return ExitCode.DONE


def tell_answered(terminal: Terminal, answer: AnyAnswer, command: AnyCommand, shape: Format) -> int:
    """What a node answered, perhaps of another agency and newer. Returns the exit code."""
    from coordination.cli.tables.letters import outcome

    told = "\n".join(outcome(answer, stream_of(command), terminal.reader))
    match answer:
        case AnswerRejected() | AnswerMalformed():
            terminal.surroundings.errors.write(told + "\n")
            malformed = isinstance(answer, AnswerMalformed)
            return ExitCode.MALFORMED if malformed else ExitCode.REJECTED
        case AnswerWaiting(id=id, owner=owner):
            told = terminal.say("command.waits", stream=stream_of(command), owner=owner, id=id)
    match shape:
        case Format.TABLE:
            terminal.write(told)
        case Format.JSON if isinstance(answer, AnswerWaiting):
            _write_json(terminal, answer)
        case Format.JSON:
            _write_json(terminal, answer.events if isinstance(answer, AnswerDone) else ())
        case Format.CSV:
            terminal.write(_csv(answer.happened() if isinstance(answer, AnswerDone) else ()))
            if isinstance(answer, AnswerWaiting):
                terminal.surroundings.errors.write(told + "\n")
    return ExitCode.DONE


def _write_json(terminal: Terminal, value: Any) -> None:
    terminal.write(msgspec.json.format(msgspec.json.encode(value)).decode())


def _told(terminal: Terminal, recorded: RecordedEvent) -> str:
    return terminal.say(
        "command.recorded",
        sentence=sentence_of(recorded.data, recorded.agency, terminal.reader),
        stream=recorded.stream,
        reference=f"{recorded.ledger}/{recorded.seq}",
        day=terminal.reader.day(recorded.data.effective),
    )


def _csv(events: Sequence[Happened]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows([HEADER, *map(_row, events)])
    return written.getvalue().removesuffix("\n")


def _row(happened: Happened) -> tuple[Any, ...]:
    place = (f"{happened.ledger}/{happened.seq}", happened.stream, happened.version, happened.type)
    if isinstance(happened, Unreadable):
        return (*place, "", "", "")
    return (*place, happened.data.effective.isoformat(), happened.agency, happened.role)
