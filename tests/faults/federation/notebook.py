"""What the clerks asked and were told: the other half of the evidence, beside the stores."""

from collections.abc import Iterator
from time import monotonic

import msgspec
from msgspec import Raw, Struct, field

from schemas.message import name, owner_of, stream_of
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import Agency

FINAL = ("done", "nothing-to-do", "rejected", "malformed")


class Told(Struct, frozen=True):
    """An answer as any client reads it."""

    answer: str
    id: str | None = None
    reason: str = ""
    events: tuple[Raw, ...] = ()

    @property
    def final(self) -> bool:
        return self.answer in FINAL

    def recorded(self) -> tuple[bytes, ...]:
        return tuple(bytes(event) for event in self.events)


class Letter(Struct):
    """A command with its identifier, and everything that was answered to it.

    `lane`: letters of one lane follow each other, each asked after the one before was answered.
    """

    id: str
    lane: str
    asker: Agency
    command: AnyCommand
    answer: Told | None = None
    told: list[Told] = field(default_factory=list)

    @property
    def subject(self) -> str:
        return f"cmd.{self.owner}.{self.asker}.{name(self.command)}"

    @property
    def owner(self) -> Agency:
        return owner_of(stream_of(self.command))

    @property
    def own(self) -> bool:
        return self.owner == self.asker

    @property
    def settled(self) -> bool:
        return self.answer is not None and self.answer.final


class Attempt(Struct, frozen=True):
    """One asking of one letter, in seconds of the machine's clock; `heard`: it was answered."""

    letter: Letter
    began: float
    ended: float
    heard: bool


class Notebook:
    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.attempts: list[Attempt] = []

    def open(self) -> list[Letter]:
        return [letter for letter in self.letters.values() if not letter.settled]

    def note(self, letter: Letter, raw: bytes) -> None:
        told = msgspec.json.decode(raw, type=Told)
        letter.told.append(told)
        if letter.answer is None or not letter.answer.final:
            letter.answer = told

    def attempted(self, letter: Letter, began: float, *, heard: bool) -> None:
        self.attempts.append(Attempt(letter, began, monotonic(), heard))

    def contradictions(self) -> Iterator[str]:
        """Letters to which two different final answers were given."""
        for letter in self.letters.values():
            final = {(told.answer, told.recorded()) for told in letter.told if told.final}
            if len(final) > 1:
                yield letter.id
