"""What the service answered to a command, for people and for programs."""

import csv
from io import StringIO
from typing import Any

import msgspec

from coordination.cli.terminal import ExitCode, Format, Terminal
from coordination.sentences import sentence_of
from coordination.store.answers import Answer, Refused
from schemas.message import stream_of
from schemas.recorded_event import AnyCommand, RecordedEvent

HEADER = ("reference", "stream", "version", "event", "effective", "agency", "role")


def tell(terminal: Terminal, answer: Answer, command: AnyCommand, shape: Format) -> int:
    match answer:
        case Refused(reason, parameters):
            terminal.complain(f"rejection.{reason}", **parameters)
            return ExitCode.REJECTED
    match shape:
        case Format.JSON:
            terminal.write(msgspec.json.format(msgspec.json.encode(answer.events)).decode())
        case Format.CSV:
            terminal.write(_csv(answer.events))
        case Format.TABLE if not answer.events:
            terminal.write(terminal.say("command.nothing-to-do", stream=stream_of(command)))
        case Format.TABLE:
            for recorded in answer.events:
                terminal.write(_told(terminal, recorded))
    return ExitCode.DONE


def _told(terminal: Terminal, recorded: RecordedEvent) -> str:
    return terminal.say(
        "command.recorded",
        sentence=sentence_of(recorded.data, recorded.agency, terminal.reader),
        stream=recorded.stream,
        reference=f"{recorded.ledger}/{recorded.seq}",
        day=terminal.reader.day(recorded.data.effective),
    )


def _csv(events: tuple[RecordedEvent, ...]) -> str:
    rows: list[tuple[Any, ...]] = [
        (
            f"{one.ledger}/{one.seq}",
            one.stream,
            one.version,
            one.type,
            one.data.effective.isoformat(),
            one.agency,
            one.role,
        )
        for one in events
    ]
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows([HEADER, *rows])
    return written.getvalue().removesuffix("\n")
