"""The service, put together: every door asks and reads here, and sees the whole of it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import date, datetime, timedelta
from threading import Lock
from types import ModuleType, TracebackType
from typing import Any, Self

from msgspec.structs import replace

from coordination import access, reference
from coordination.conversion import Known
from coordination.deciders import cycle, mission, policy, post, review
from coordination.deciders.rejection import Rejected
from coordination.questions import Questions
from coordination.reading import KeptReadModels
from coordination.settings import Settings
from coordination.store.answers import Answer, Asked, Refused
from coordination.store.event_store import EventStore
from coordination.store.ledger_reading import LedgerReader
from coordination.store.receiving import Received
from coordination.store.writer import Decider, Writer
from coordination.upkeep import Upkeep
from projections.read_model import civil_day
from schemas.asking import AnyQuestion, AskOffices
from schemas.cycle import OpenCycle, PublishEdition
from schemas.message import owner_of, stream_of, subject_of
from schemas.recorded_event import AnyCommand, AnyEvent, RecordedEvent
from schemas.review import OpenReview
from schemas.vocabulary import Agency

SUBJECTS: Mapping[str, ModuleType] = {
    "mission": mission,
    "cycle": cycle,
    "post": post,
    "review": review,
    "policy": policy,
}


# A day farther ahead is a slip of the pen: no document plans that far.
TEN_YEARS = timedelta(days=10 * 366)


def decider(subject: ModuleType) -> Decider:
    """A decider as the store takes it: a rejection is a value there, for the answer to carry."""

    def decide(state: Any, command: AnyCommand) -> Sequence[AnyEvent] | Refused:
        try:
            events: Sequence[AnyEvent] = subject.decide(state, command)
        except Rejected as rejected:
            return Refused(rejected.reason, rejected.parameters)
        return events

    return Decider(decide, subject.evolve)


class Service:
    """
    One node. Clock and identifiers come in by the door, so that everything below is repeatable.

    A context manager: leaving it stops the writer, when one was needed, and closes the store.
    Raises StoreRefused where the store cannot be used safely.
    """

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.settings, self.clock, self.new_id = settings, clock, new_id
        self.store = EventStore(environ, clock, new_id)
        self.known = Known(frozenset(settings.known), reference.countries())
        self.read_models = KeptReadModels(environ, self.store, clock)
        self.questions = Questions(self.store, self.read_models, settings.secretariat)
        self.upkeep = Upkeep(self.store, lambda: self.read_models.opened, clock)
        self._listening: list[Callable[[], None]] = []
        self._writer: Writer | None = None
        self._opening = Lock()  # several threads may ask for the first time at once

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.close()
        self.read_models.close()
        self.store.close()

    @property
    def writer(self) -> Writer:
        """Taken with the first command: who only reads, never keeps others from writing."""
        with self._opening:
            if self._writer is None:
                deciders = {name: decider(subject) for name, subject in SUBJECTS.items()}
                checking = self.store.checking(*self.read_models.checked())
                self._writer = Writer(self.store, deciders, checking)
            return self._writer

    def start(self) -> None:
        """Takes the right to write, once the history has been checked; else the first command does.

        Raises StoreRefused where another process has it for itself.
        """
        assert self.writer

    def today(self) -> date:
        """The civil day in Europe/Brussels."""
        return civil_day(self.clock())

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """
        Calls `heard` soon after something was recorded here, in whatever thread; call what is
        returned to end it. It is a hint: how far the history is, the store says.
        """
        self._listening.append(heard)
        return lambda: self._listening.remove(heard)

    def _recorded(self) -> None:
        self.read_models.follow()
        for heard in tuple(self._listening):
            heard()

    def ask(
        self, command: AnyCommand, *, role: str | None = None, correlation: str | None = None
    ) -> Answer:
        """Decide on a command, durably before this returns: done, nothing to do, or refused."""
        if refused := self._refused(command, role):
            return refused
        answer = self.writer.ask_and_wait(self._asked(command, role, correlation))
        self._recorded()
        return answer

    def ask_for(
        self,
        asker: Agency,
        command: AnyCommand,
        *,
        command_id: str,
        role: str | None = None,
        correlation: str | None = None,
    ) -> "Future[Answer]":
        """
        Decide on a command that another node forwards, whose asker its door has verified.

        The answer is durable when it comes; waiting for it is left to the caller. `command_id`
        becomes the causation of the events. Who must not wait opens the writer before. Raises
        StoreRefused where it cannot be used.
        """
        if command.by != asker:
            refused: Refused | None = Refused(
                "access.speaks-for-another", {"agency": command.by, "asker": asker}
            )
        else:
            refused = self._refused_here(command, role)
        if refused:
            answer: Future[Answer] = Future()
            answer.set_result(refused)
            return answer
        answer = self.writer.ask(self._asked(command, role, correlation, command_id))
        answer.add_done_callback(lambda _: self._recorded())
        return answer

    @staticmethod
    def needs_a_look(command: AnyCommand) -> bool:
        """Whether something has to be read before it can be asked for, which may take a while."""
        return isinstance(command, PublishEdition | OpenReview)

    def decided(self, stream: str, command_id: str, asker: Agency) -> tuple[RecordedEvent, ...]:
        """
        What a command of this asker has led to on its stream, however long ago.

        Raises StoreRefused where the stream cannot be read.
        """
        return tuple(
            recorded
            for recorded in self.store.of(stream)
            if (recorded.causation, recorded.agency) == (command_id, asker)
        )

    def receive(self, ledger: Agency, events: Sequence[bytes]) -> Received:
        """
        Take in events of a ledger that another node decided, durably before this returns.

        Raises StoreRefused where the store cannot be used: nothing of it is kept then.
        """
        received = self.writer.receive(ledger, events)
        self._recorded()
        return received

    def ledger(self, agency: Agency) -> LedgerReader:
        """The events of a ledger in its own order, from any of its places on."""
        return LedgerReader(self.store, agency)

    def ask_together(
        self, commands: Sequence[tuple[AnyCommand, str | None]], *, keep: bool = True
    ) -> list[Answer]:
        """
        Decide on commands, each with its correlation, as one: all are kept, or none.

        Nothing is kept when any is refused, or with `keep` false; the answers then say what would
        have happened.
        """
        refusals = [self._refused(command, None) for command, _ in commands]
        asked = [
            self._asked(command, None, correlation)
            for (command, correlation), refused in zip(commands, refusals, strict=True)
            if refused is None
        ]
        decided = iter(self.writer.ask_together(asked, keep=keep and not any(refusals)))
        if keep:
            self._recorded()
        return [refused or next(decided) for refused in refusals]

    def answer(self, question: AnyQuestion) -> Any:
        """The answer of a projection, as of today where the question names no day."""
        if question.as_of is None:
            question = replace(question, as_of=self.today())
        return self.questions.answer(question)

    def _asked(
        self,
        command: AnyCommand,
        role: str | None,
        correlation: str | None,
        command_id: str | None = None,
    ) -> Asked:
        return Asked(
            command=self._completed(command),
            role=role or access.usual_role(command),
            correlation=correlation,
            id=command_id or self.new_id(),
        )

    def _completed(self, command: AnyCommand) -> AnyCommand:
        """What only the service can know, and nobody may claim: how far the ledgers are, and which
        posts there are."""
        match command:
            case PublishEdition():
                return replace(command, heads=self.store.heads())
            case OpenReview():
                offices = self.answer(AskOffices(as_of=command.effective))
                return replace(command, posts=tuple(line.post for line in offices.posts))
        return command

    def _refused(self, command: AnyCommand, role: str | None) -> Refused | None:
        """Who may ask what of whom; the rules of the subject itself are the decider's."""
        if command.by not in self.settings.speaks_for:
            allowed = ", ".join(self.settings.speaks_for)
            return Refused("access.not-spoken-for", {"agency": command.by, "allowed": allowed})
        return self._refused_here(command, role)

    def _refused_here(self, command: AnyCommand, role: str | None) -> Refused | None:
        """Whoever asks: what this node decides, which role may, and for which day."""
        owner = owner_of(stream_of(command))
        if owner not in self.settings.speaks_for:
            return Refused("access.decided-elsewhere", {"owner": owner})
        if role is not None and not access.may(role, command):
            allowed = ", ".join(access.DECIDES[subject_of(stream_of(command))])
            return Refused("access.role-may-not", {"role": role, "allowed": allowed})
        latest = self.today() + TEN_YEARS
        if command.effective > latest:
            return Refused(
                "access.too-far-ahead",
                {"effective": command.effective.isoformat(), "latest": latest.isoformat()},
            )
        joint = isinstance(command, OpenCycle | OpenReview)
        if joint and owner != self.settings.secretariat:
            return Refused("access.not-the-secretariat", {"secretariat": self.settings.secretariat})
        return None
