"""A command that comes again gets the answer it got the first time, however long ago.

Its asker gave it an identifier: the events say which command led to them, and the mailroom keeps
the other answers. So it does not matter by which door it came.
"""

from hashlib import sha256

from msgspec import Struct

from coordination import answering
from coordination.mailroom.asked import IdTaken
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.store.answers import Answer
from schemas.message import name, stream_of
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency


class Identified(Struct, frozen=True):
    """A command by the identifier that its asker gave it; `digest` tells apart what it was used
    for, `stream` is what the command is about."""

    asker: Agency
    id: str
    digest: str
    stream: str


def identified(
    asker: Agency,
    id: str,
    command: AnyCommand,
    raw: bytes,
    *,
    role: str | None,
    meeting: str | None,
) -> Identified:
    """Of all that makes it this command, and not only of what was sent, which is `raw`."""
    beside = "\n".join([name(command), role or "", meeting or "", ""])
    return Identified(asker, id, sha256(beside.encode() + raw).hexdigest(), stream_of(command))


def answer_before(service: Service, mailroom: Mailroom, command: Identified) -> bytes | None:
    """
    The answer that this very command got, None where it is new.

    Raises IdTaken where its identifier was another's.
    """
    if (noted := mailroom.answered(command.asker, command.id)) is not None:
        digest, answer = noted
        if digest != command.digest:
            raise IdTaken(command.asker, command.id)
        return answer
    events = service.decided(command.stream, command.id, command.asker)
    if not events:
        return None
    # decided, and killed before it was noted
    done = answering.done(command.id, command.stream, events)
    return _noted(mailroom, command, answering.encoded(done))


def note(mailroom: Mailroom, command: Identified, answer: Answer) -> bytes:
    """Keeps an answer for who asks again, and gives it back as the wire has it.

    Raises IdTaken.
    """
    told = answering.of(answer, command.id, command.stream)
    return _noted(mailroom, command, answering.encoded(told))


def _noted(mailroom: Mailroom, command: Identified, answer: bytes) -> bytes:
    return mailroom.note_answer(command.asker, command.id, command.digest, answer)
