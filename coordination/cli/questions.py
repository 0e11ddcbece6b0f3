"""Every question as a sub-command by its name: `coordination plan 2027 --country VN`."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from coordination.cli.options import Option, options_of, raw_of, written
from coordination.cli.sub_command import SubCommand
from coordination.cli.terminal import ExitCode, Format, Terminal
from coordination.conversion import Malformed, Problem, read
from coordination.deciders.rejection import Rejected
from schemas.asking import AnyQuestion

COMMON = (
    Option(("format",), False, False, "table, json or csv"),
    Option(("language",), False, False, "fr, nl, de or en; else COORDINATION_LANGUAGE"),
)


class Showing(Struct, frozen=True, kw_only=True):
    """How an answer is shown."""

    format: Format = Format.TABLE


def sub_command(kind: type[Struct], terminal: Terminal) -> SubCommand:
    """The sub-command of a question: what it must be told first, the rest as options."""
    options = options_of(kind)
    needed = [option for option in options if option.required]
    others = [option for option in options if not option.required]

    def run(given: dict[str, Any]) -> int:
        return ask(terminal, kind, (*needed, *others), given)

    return SubCommand(kind.__doc__ or "", needed, others, COMMON, run)


def ask(
    terminal: Terminal,
    kind: type[Struct],
    options: tuple[Option, ...],
    given: Mapping[str, Any],
) -> int:
    positional = {option.identifier for option in options if option.required}

    def shown(field: str) -> str:
        return field.upper() if field in positional else written(field)

    problems: list[Problem] = []
    question: Any = None
    showing = Showing()
    try:
        question = read(kind, raw_of(options, given), terminal.known, text=True)
    except Malformed as malformed:
        problems += malformed.problems
    try:
        said = {"format": given["format"]} if given.get("format") else {}
        showing = read(Showing, said, terminal.known, text=True)
    except Malformed as malformed:
        problems += malformed.problems
    if problems:
        terminal.complain_of(problems, shown)
        return ExitCode.MALFORMED
    return show(terminal, question, showing.format)


def show(terminal: Terminal, question: AnyQuestion, shape: Format) -> int:
    try:
        with terminal.service() as service:
            answer = service.answer(question)
    except Rejected as rejected:
        terminal.complain(f"rejection.{rejected.reason}", **rejected.parameters)
        return ExitCode.REJECTED
    match shape:
        case Format.JSON:
            terminal.write(msgspec.json.format(msgspec.json.encode(answer)).decode())
        case Format.CSV:
            from coordination.cli.rows import csv_of

            terminal.surroundings.output.write(csv_of(answer))
        case Format.TABLE:
            from coordination.cli.tables import print_answer

            print_answer(terminal.console(), terminal.reader, answer)
    return ExitCode.DONE
