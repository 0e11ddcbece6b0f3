"""Every command as a sub-command of its subject: `coordination mission confirm MISSION`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from coordination.access import Role
from coordination.cli.options import Option, options_of, raw_of, written
from coordination.cli.sub_command import SubCommand
from coordination.cli.terminal import ExitCode, Format, Terminal
from coordination.conversion import Malformed, Problem, fields_of, read
from schemas.cycle import MeetingId
from schemas.recorded_event import AnyCommand

_FILLED = ("by", "effective")  # by the door, from --as and --effective


class Asking(Struct, frozen=True, kw_only=True):
    """How a command is asked; `meeting` is the correlation of what was decided in a meeting."""

    role: Role | None = None
    meeting: MeetingId | None = None
    format: Format = Format.TABLE


# In the order of the help. `--role` is the field of a message where it has one of that name
# (mission.name-coordinator); `--asking-role` always is the asker's.
COMMON = (
    Option(("as",), False, False, "agency that asks, such as awex; else COORDINATION_AGENCY"),
    Option(("effective",), False, False, "day it takes effect, such as 2026-09-15; else today"),
    Option(("role",), False, False, "the asker's role: " + ", ".join(Role)),
    Option(("asking_role",), False, False, "the same, where --role has another meaning"),
    Option(("meeting",), False, False, "meeting it was decided in, such as meeting-2026-june"),
    Option(("json",), False, False, "the command as JSON in a file, or - for standard input"),
    Option(("format",), False, False, "table, json or csv"),
    Option(("language",), False, False, "fr, nl, de or en; else COORDINATION_LANGUAGE"),
)


def sub_command(kind: type[Struct], terminal: Terminal) -> SubCommand:
    """The sub-command of a command: its identifier first, the rest as options."""
    identifier, *others = options_of(kind, without=_FILLED)

    def run(given: dict[str, Any]) -> int:
        return ask(terminal, kind, (identifier, *others), given)

    return SubCommand(kind.__doc__ or "", (identifier,), others, COMMON, run)


def ask(
    terminal: Terminal,
    kind: type[Struct],
    options: tuple[Option, ...],
    given: Mapping[str, Any],
) -> int:
    identifier = options[0].identifier

    def shown(field: str) -> str:
        return identifier.upper() if field == identifier else written(field)

    asking, problems = _asking(terminal, kind, given)
    try:
        command = _command(terminal, kind, options, given)
    except Malformed as malformed:
        problems = [*malformed.problems, *problems]
    if problems:
        terminal.complain_of(problems, shown if given.get("json") is None else str)
        return ExitCode.MALFORMED
    return _asked(terminal, command, asking)


def _asking(
    terminal: Terminal, kind: type[Struct], given: Mapping[str, Any]
) -> tuple[Asking, list[Problem]]:
    """How it is asked; a message that has a field `role` of its own leaves it to that field."""
    own = {field.name for field in fields_of(kind)}
    role = given.get("asking_role") or (None if "role" in own else given.get("role"))
    raw = {"role": role, "meeting": given.get("meeting"), "format": given.get("format")}
    try:
        said = {name: value for name, value in raw.items() if value is not None}
        return read(Asking, said, terminal.known, text=True), []
    except Malformed as malformed:
        # a meeting that is also a field is named once, by the field
        return Asking(), [one for one in malformed.problems if one.field not in own]


def _command(
    terminal: Terminal,
    kind: type[Struct],
    options: tuple[Option, ...],
    given: Mapping[str, Any],
) -> Any:
    """The command that was written, from options or from JSON. Raises Malformed."""
    filled = {
        "by": asker_of(terminal, given),
        "effective": given.get("effective") or terminal.today,
    }
    said = {name: value for name, value in filled.items() if value}
    if (source := given.get("json")) is None:
        raw = {**said, **raw_of(options, given)}
        return read_asked(kind, raw, terminal, text=True)
    if beside := [one for one in options if given.get(one.identifier) is not None]:
        raise Malformed(
            Problem(".".join(one.path), str(given[one.identifier]), "not-beside-json")
            for one in beside
        )
    written_json = _json(terminal, source)
    if not isinstance(written_json, dict):
        raise Malformed([Problem("--json", str(source), "object")])
    tag = str(kind.__struct_config__.tag)
    raw = {**said, "command": tag, **written_json}
    if raw["command"] != tag:
        raise Malformed([Problem("command", str(raw["command"]), "one-of", {"allowed": tag})])
    return read_asked(kind, raw, terminal, text=False)


def read_asked(kind: type[Struct], raw: dict[str, Any], terminal: Terminal, *, text: bool) -> Any:
    """As every door reads it; that nobody asks is told with the ways to say who does."""
    try:
        return read(kind, raw, terminal.known, text=text)
    except Malformed as malformed:
        known = ", ".join(terminal.settings.known)
        nobody = Problem("as", "", "asker", {"allowed": known})
        raise Malformed(
            [
                nobody if (one.field, one.expected) == ("by", "missing") else _as(one)
                for one in malformed.problems
            ]
        ) from None


def _as(problem: Problem) -> Problem:
    """The field `by` is the option `--as`."""
    return msgspec.structs.replace(problem, field="as") if problem.field == "by" else problem


def asker_of(terminal: Terminal, given: Mapping[str, Any]) -> str | None:
    """Who asks: as said, as set, or the one agency that this node speaks for."""
    speaks_for = terminal.settings.speaks_for
    evident = speaks_for[0] if len(speaks_for) == 1 else None
    return given.get("as") or terminal.settings.agency or evident


def _json(terminal: Terminal, source: str) -> Any:
    try:
        if source == "-":
            return msgspec.json.decode(terminal.surroundings.input.read())
        return msgspec.json.decode(Path(source).read_bytes())
    except OSError as error:
        raise Malformed(
            [Problem("--json", source, "readable", {"reason": str(error.strerror)})]
        ) from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Malformed([Problem("--json", source, "json")]) from None


def _asked(terminal: Terminal, command: AnyCommand, asking: Asking) -> int:
    from coordination.cli.answers import tell

    meeting = asking.meeting or getattr(command, "meeting", None)

    def decide_here() -> int:
        with terminal.service() as service:
            answer = service.ask(command, role=asking.role, correlation=meeting)
        return tell(terminal, answer, command, asking.format)

    # Whoever is not of this agency is refused here: the server would only let him wait.
    if command.by not in terminal.settings.speaks_for or not terminal.has_bus:
        return decide_here()
    from coordination.bus.client import Request
    from coordination.bus.settings import agency_on_the_bus
    from coordination.cli.over_the_bus import ask

    request = Request(
        id=terminal.surroundings.new_id(), command=command, role=asking.role, meeting=meeting
    )
    _, settings = agency_on_the_bus(terminal.surroundings.environ, terminal.settings)
    return ask(terminal, settings, request, asking.format, decide_here)
