"""What lies in the mailroom, for people: what was asked of others, and what was not understood."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from coordination.harmless import harmless, harmless_in
from coordination.mailroom.asked import KeptLetter, State
from coordination.mailroom.kept import Beyond, KeptMessage
from coordination.mailroom.mailroom import Mailroom, path_of
from coordination.store.event_store import EventStore
from coordination.upkeep import ParkedEvent, ParkedList
from projections.engine.parking import SkippedEvent
from schemas.vocabulary import Agency


class AskedLine(Struct, frozen=True, kw_only=True):
    """`command` and `answer` are as they were sent; `since`: how long it has been in its state."""

    id: str
    asker: Agency
    owner: Agency
    asked_at: datetime
    tag: str
    stream: str
    command: Raw
    state: State
    since: datetime
    answer: Raw | None


class AskedList(Struct, frozen=True, kw_only=True):
    asked: tuple[AskedLine, ...]


class AskedWhole(Struct, frozen=True, kw_only=True):
    """What was asked with one identifier, by whichever agency, each with its whole answer."""

    asked: tuple[AskedLine, ...]


class Waiting(Struct, frozen=True, kw_only=True):
    """All that waits for a person: events that could not be folded, messages not understood."""

    parked: tuple[ParkedEvent, ...]
    skipped: tuple[SkippedEvent, ...]
    messages: tuple[KeptMessage, ...]
    beyond: tuple[Beyond, ...]


@contextmanager
def opened(
    store: EventStore, environ: Mapping[str, str], clock: Callable[[], datetime]
) -> Iterator[Mailroom | None]:
    """The mailroom of a node; None where it never had one: looking makes none."""
    path = place_of(store, environ)
    if not path.exists():
        yield None
        return
    with Mailroom(path, clock) as mailroom:
        yield mailroom


def place_of(store: EventStore, environ: Mapping[str, str]) -> Path:
    """Where the mailroom of a node lies, be there one yet or not."""
    return path_of(environ, None if store.recorder.shared else Path(store.place))


def asked(mailroom: Mailroom | None) -> AskedList:
    """The newest first."""
    return AskedList(asked=tuple(map(_line, mailroom.all() if mailroom else ())))


def asked_as(mailroom: Mailroom | None, id: str) -> AskedWhole:
    """None of them where nothing was asked with this identifier."""
    return AskedWhole(asked=tuple(map(_line, mailroom.named(id) if mailroom else ())))


def waiting(parked: ParkedList, mailroom: Mailroom | None) -> Waiting:
    """With the messages that were put aside or sent again, as long as the mailroom has them."""
    return Waiting(
        parked=parked.parked,
        skipped=parked.skipped,
        messages=tuple(map(shown, mailroom.kept() if mailroom else ())),
        beyond=tuple(mailroom.beyond() if mailroom else ()),
    )


def shown(message: KeptMessage) -> KeptMessage:
    """With what strangers wrote made harmless."""
    return msgspec.structs.replace(
        message,
        subject=harmless(message.subject),
        parameters=harmless_in(message.parameters),
    )


def _line(letter: KeptLetter) -> AskedLine:
    subject = letter.tag.partition(".")[0]
    command: dict[str, Any] = msgspec.json.decode(letter.command)
    return AskedLine(
        id=letter.id,
        asker=letter.asker,
        owner=letter.owner,
        asked_at=letter.asked_at,
        tag=letter.tag,
        stream=str(command.get(subject, "")),
        command=Raw(letter.command),
        state=letter.state,
        since=letter.answered_at or letter.asked_at,
        answer=None if letter.answer is None else Raw(letter.answer),
    )
