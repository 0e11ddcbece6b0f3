"""Every question as a sub-command by its name: `coordination plan 2027 --country VN`."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from coordination.cli.options import Option, options_of, raw_of, written
from coordination.cli.progress import watched
from coordination.cli.showing import Showing, show
from coordination.cli.sub_command import SubCommand
from coordination.cli.terminal import ExitCode, Format, Terminal
from coordination.conversion import Malformed, Problem, read
from coordination.deciders.rejection import Rejected
from schemas.asking import AnyQuestion

COMMON = (
    Option(("format",), False, False, "table, json or csv"),
    Option(("language",), False, False, "fr, nl, de or en; else COORDINATION_LANGUAGE"),
)


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
    return answer(terminal, question, showing.format)


def answer(terminal: Terminal, question: AnyQuestion, shape: Format) -> int:
    try:
        with terminal.service() as service:
            with watched(terminal, terminal.say("projections.taking-in")) as progress:
                service.questions.bring_up_to_date(question, progress)
            answered = service.answer(question)
            waiting = service.questions.waiting(question)
    except Rejected as rejected:
        terminal.complain(f"rejection.{rejected.reason}", **rejected.parameters)
        return ExitCode.REJECTED
    show(terminal, answered, shape)
    if waiting:
        terminal.complain("parked.beside-answer", count=len(waiting))
    return ExitCode.DONE
