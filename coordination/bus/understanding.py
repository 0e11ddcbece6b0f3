"""From a message that came in to the command it carries, or why it carries none.

The subject says who asks whom for what, and the server let nobody publish it but them; what the
payload says of that must agree.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from coordination.access import Role
from coordination.bus import subjects
from coordination.bus.at_once import read_at_once
from coordination.bus.subjects import Asking
from coordination.conversion import Known, Malformed, Problem, kinds_by_tag, quoted, read
from coordination.mailroom.kept import Reason
from schemas.answer import CommandId
from schemas.cycle import MeetingId
from schemas.message import owner_of, stream_of
from schemas.recorded_event import AnyCommand
from schemas.wire import COMMAND_ID, MEETING, MOST, ROLE

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KINDS = kinds_by_tag(AnyCommand)
T = TypeVar("T")
MOST_PROBLEMS = 50  # mistakes that are told at once: an answer has to fit into a message


class NotUnderstood(Exception):
    """The reason, its parameters, and the mistakes of single fields."""

    def __init__(self, reason: Reason, /, *problems: Problem, **parameters: str | int) -> None:
        super().__init__(reason, parameters, problems)
        self.reason, self.parameters, self.problems = reason, parameters, problems


class Wanted(Struct, frozen=True):
    """A command as it was asked for. `raw` is complete: with who asks, and from which day on."""

    asking: Asking
    command: AnyCommand
    raw: bytes
    id: str
    id_was_given: bool
    role: Role | None
    meeting: str | None


class Surroundings(Struct, frozen=True):
    """What a message does not say: the codes there are, today, and an identifier if needed."""

    known: Known
    today: str
    new_id: str


def understood(
    subject: str, headers: Mapping[str, str], raw: bytes, around: Surroundings
) -> Wanted:
    """Raises NotUnderstood."""
    asking = Asking.of(subject)
    if asking is None or asking.tag not in _KINDS:
        raise NotUnderstood(Reason.UNKNOWN_COMMAND, given=asking.tag if asking else subject)
    if len(raw) > MOST:
        raise NotUnderstood(Reason.TOO_BIG, size=len(raw), most=MOST)
    given = _object(raw)
    said, asked_by = given.get("command", asking.tag), given.get("by", asking.asker)
    if said != asking.tag:
        raise NotUnderstood(Reason.WRONG_SUBJECT, subject=subject, allowed=asking.tag)
    if asked_by != asking.asker:
        raise NotUnderstood(Reason.FORGED_AGENCY, said=quoted(asked_by), asker=asking.asker)
    complete = {"effective": around.today, **given, "command": said, "by": asked_by}
    kind, known = _KINDS[asking.tag], around.known
    problems: list[Problem] = []
    command: Any = _noted(
        problems, lambda: read_at_once(kind, complete, raw, known) or read(kind, complete, known)
    )
    beside = _noted(problems, lambda: _beside(headers, known)) or _Beside()
    if problems:
        raise NotUnderstood(Reason.NOT_UNDERSTOOD, *problems[:MOST_PROBLEMS])
    owner = owner_of(stream_of(command))
    if owner != asking.owner:
        allowed = subjects.command(owner, asking.asker, asking.tag)
        raise NotUnderstood(Reason.WRONG_SUBJECT, subject=subject, allowed=allowed)
    return Wanted(
        asking,
        command,
        msgspec.json.encode(command),
        beside.id or around.new_id,
        beside.id is not None,
        beside.role,
        beside.meeting or getattr(command, "meeting", None),
    )


def given_id(headers: Mapping[str, str]) -> str | None:
    """The identifier that the asker gave, where it is one."""
    said = headers.get(COMMAND_ID)
    return said if said is not None and _ID.fullmatch(said) else None


class _Beside(Struct, frozen=True, kw_only=True):
    """What the headers say."""

    id: CommandId | None = None
    role: Role | None = None
    meeting: MeetingId | None = None


_HEADERS = {"id": COMMAND_ID, "role": ROLE, "meeting": MEETING}


def _beside(headers: Mapping[str, str], known: Known) -> _Beside:
    said = {field: headers[name] for field, name in _HEADERS.items() if name in headers}
    try:
        return read(_Beside, said, known)
    except Malformed as malformed:
        problems = (replace(one, field=_HEADERS[one.field]) for one in malformed.problems)
        raise Malformed(problems) from None


def _noted(problems: list[Problem], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except Malformed as malformed:
        problems.extend(malformed.problems)
        return None


def _object(raw: bytes) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        place = re.search(r"byte (\d+)|position (\d+)", str(error))
        at = next((int(one) for one in place.groups() if one), 0) if place else 0
        raise NotUnderstood(Reason.NOT_JSON, at=at) from error
    if not isinstance(given, dict):
        raise NotUnderstood(Reason.NOT_UNDERSTOOD, Problem("", quoted(given), "object"))
    return given
