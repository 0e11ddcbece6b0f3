from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent
from msgspec.structs import replace

from coordination.service import SUBJECTS, decider
from coordination.store.answers import Answer, Asked, Done, Refused
from coordination.store.draft import Draft
from coordination.store.event_store import EventStore
from coordination.store.recorder import LedgerRecorder
from coordination.store.refusal import StoreRefused
from coordination.store.writer import Decider, Writer
from schemas.co_organisation import RequestCoOrganisation
from schemas.mission import CancelMission
from schemas.recorded_event import AnyCommand, AnyEvent, Heads
from tests.faults.clerk import DAY, commands, opened_by, started
from tests.servers.postgres import Server

PUBLISH, RESCHEDULE = [command for command, _ in zip(commands("one"), range(2), strict=False)]
CANCEL = CancelMission(by="awex", effective=DAY, mission="mission-awex-one-0", reason="war")
FOREIGN = CancelMission(by="fit", effective=DAY, mission="mission-awex-one-0", reason="war")


def asked(command: AnyCommand, number: int = 1) -> Asked:
    return Asked(command=command, role="coordinator", id=f"command-{number}")


def types(answer: Answer) -> list[str]:
    assert isinstance(answer, Done)
    return [recorded.type for recorded in answer.events]


def kept(store: EventStore) -> list[str]:
    return [recorded.type for recorded in store.events()]


def test_an_answer_comes_with_its_events_and_the_position(
    writer: Writer, store: EventStore
) -> None:
    answer = writer.ask(asked(PUBLISH)).result()
    assert answer == Done(tuple(store.of("mission-awex-one-0")), position=1)
    assert kept(store) == ["mission.published"]


def test_a_command_delivered_twice_is_recorded_once(writer: Writer, store: EventStore) -> None:
    writer.ask(asked(PUBLISH)).result()
    assert writer.ask(asked(PUBLISH, 2)).result() == Done((), position=1)
    assert kept(store) == ["mission.published"]


def test_a_rejection_is_an_answer_and_records_nothing(writer: Writer, store: EventStore) -> None:
    assert writer.ask(asked(CANCEL)).result() == Refused(
        "mission.unknown", {"mission": "mission-awex-one-0"}
    )
    assert kept(store) == []


def test_commands_together_see_each_other_and_are_all_kept(
    writer: Writer, store: EventStore
) -> None:
    answers = writer.ask_together([asked(PUBLISH), asked(RESCHEDULE, 2)], keep=True)
    assert list(map(types, answers)) == [["mission.published"], ["mission.rescheduled"]]
    assert kept(store) == ["mission.published", "mission.rescheduled"]


def test_one_refusal_among_commands_together_keeps_none(writer: Writer, store: EventStore) -> None:
    answers = writer.ask_together([asked(PUBLISH), asked(FOREIGN, 2)], keep=True)
    assert types(answers[0]) == ["mission.published"]
    assert answers[1] == Refused("mission.not-the-leader", {"agency": "fit", "leader": "awex"})
    assert kept(store) == []


def test_a_rehearsal_says_what_would_be_and_keeps_nothing(
    writer: Writer, store: EventStore
) -> None:
    answers = writer.ask_together([asked(PUBLISH), asked(RESCHEDULE, 2)], keep=False)
    assert list(map(types, answers)) == [["mission.published"], ["mission.rescheduled"]]
    assert kept(store) == []
    assert types(writer.ask(asked(PUBLISH)).result()) == ["mission.published"]


def test_many_ask_at_once_and_each_is_answered_for_itself(
    writer: Writer, store: EventStore
) -> None:
    def work(clerk: int) -> list[list[str]]:
        pairs = zip(commands(f"clerk{clerk}"), range(20), strict=False)
        return [types(writer.ask(asked(command)).result()) for command, _ in pairs]

    with ThreadPoolExecutor(16) as clerks:
        answers = list(clerks.map(work, range(16)))
    assert answers == [[["mission.published"], ["mission.rescheduled"]] * 10] * 16
    assert len(kept(store)) == 16 * 20
    assert list(store.verify()) == []


def test_a_writer_started_again_goes_on_with_the_chain(store: EventStore) -> None:
    for command in (PUBLISH, RESCHEDULE, CANCEL):
        writer = started(store)
        writer.ask(asked(command)).result()
        writer.close()
    assert kept(store) == ["mission.published", "mission.rescheduled", "mission.cancelled"]
    assert list(store.verify()) == []


def test_a_closed_writer_takes_no_more(writer: Writer) -> None:
    writer.close()
    with pytest.raises(StoreRefused) as refused:
        writer.ask(asked(PUBLISH))
    assert refused.value.key == "store.closed"


class Broken(Exception):
    pass


def test_a_decider_that_fails_spoils_no_other_command(store: EventStore) -> None:
    sound = decider(SUBJECTS["mission"])

    def decide(state: object, command: AnyCommand) -> Sequence[AnyEvent] | Refused:
        if isinstance(command, RequestCoOrganisation):
            raise Broken
        return sound.decide(state, command)

    writer = Writer(store, {"mission": Decider(decide, sound.evolve)})
    request = RequestCoOrganisation(by="hub", effective=DAY, mission="mission-awex-one-0")
    futures = [writer.ask(asked(one)) for one in (PUBLISH, request, RESCHEDULE)]
    assert types(futures[0].result()) == ["mission.published"]
    with pytest.raises(Broken):
        futures[1].result()
    assert types(futures[2].result()) == ["mission.rescheduled"]
    writer.close()
    assert list(store.verify()) == []


class LosesAnAnswer(Writer):
    """The first commit reaches the disk and its answer is lost, as when a connection breaks."""

    lost = False

    def commit(self, draft: Draft) -> None:
        if draft.events and not self.lost:
            self.lost = True
            self.store.recorder.append(draft.events, draft.heads, {})
        super().commit(draft)


def test_our_own_commit_is_no_conflict(store: EventStore) -> None:
    writer = started(store, LosesAnAnswer)
    assert types(writer.ask(asked(PUBLISH)).result()) == ["mission.published"]
    assert types(writer.ask(asked(RESCHEDULE, 2)).result()) == ["mission.rescheduled"]
    writer.close()
    assert kept(store) == ["mission.published", "mission.rescheduled"]
    assert list(store.verify()) == []


class CutOff:
    """A recorder whose connection breaks once, after the server has committed."""

    def __init__(self, recorder: LedgerRecorder) -> None:
        self.recorder, self.broken = recorder, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.recorder, name)

    def append(self, stored_events: Sequence[StoredEvent], moved: Heads, before: Heads) -> int:
        position = self.recorder.append(stored_events, moved, before)
        if not self.broken:
            self.broken = True
            raise OperationalError("server closed the connection unexpectedly")
        return position


def test_a_connection_that_breaks_after_the_commit_costs_nothing(store: EventStore) -> None:
    store.recorder = CutOff(store.recorder)
    writer = started(store)
    assert types(writer.ask(asked(PUBLISH)).result()) == ["mission.published"]
    assert types(writer.ask(asked(RESCHEDULE, 2)).result()) == ["mission.rescheduled"]
    writer.close()
    assert kept(store) == ["mission.published", "mission.rescheduled"]
    assert list(store.verify()) == []


class LosesARace(Writer):
    """Somebody else's event takes the place first."""

    raced = False

    def commit(self, draft: Draft) -> None:
        if draft.events and not self.raced:
            self.raced = True
            other = Asked(command=PUBLISH, role="network", id="command-of-another")
            event = SUBJECTS["mission"].decide(None, PUBLISH)[0]
            heads = dict(self.store.recorder.heads()[1])
            _, stored = self.store.record(other, event, 1, heads)
            self.store.recorder.append([stored], heads, {})
        super().commit(draft)


def test_whoever_loses_a_race_decides_again_on_what_stands(store: EventStore) -> None:
    writer = started(store, LosesARace)
    assert writer.ask(asked(PUBLISH)).result() == Done((), position=1)
    writer.close()
    assert [one.role for one in store.events()] == ["network"]
    assert list(store.verify()) == []


class DiskThatFails(Writer):
    failing = True

    def commit(self, draft: Draft) -> None:
        if draft.events and self.failing:
            raise OperationalError("database or disk is full")
        super().commit(draft)


def test_a_failed_commit_answers_everyone_and_keeps_nothing(store: EventStore) -> None:
    writer = started(store, DiskThatFails)
    futures = [writer.ask(asked(one)) for one in (PUBLISH, RESCHEDULE)]
    for future in futures:
        assert str(getattr(future.exception(), "key", "")) == "store.disk-full"
    assert isinstance(writer, DiskThatFails)
    writer.failing = False
    assert types(writer.ask(asked(PUBLISH)).result()) == ["mission.published"]
    writer.close()
    assert kept(store) == ["mission.published"]


def test_a_conflict_that_stays_is_told(store: EventStore) -> None:
    class AlwaysLate(Writer):
        def commit(self, draft: Draft) -> None:
            if draft.events:
                raise IntegrityError("UNIQUE constraint failed")
            super().commit(draft)

    writer = started(store, AlwaysLate)
    error = writer.ask(asked(PUBLISH)).exception()
    assert isinstance(error, StoreRefused)
    assert error.key == "store.conflict"
    writer.close()


def test_what_could_not_be_read_again_is_not_recorded(store: EventStore) -> None:
    """A door that forgot to check must not close the store for everybody."""
    writer = started(store)
    endless = replace(CANCEL, reason="x" * 10_000)
    assert types(writer.ask(asked(PUBLISH)).result()) == ["mission.published"]
    assert isinstance(writer.ask(asked(endless)).exception(), ValueError)
    assert types(writer.ask(asked(CANCEL)).result()) == ["mission.cancelled"]
    writer.close()
    assert kept(store) == ["mission.published", "mission.cancelled"]


class EndsTheTurn:
    """A recorder whose server ends the turn of its writer once: before the append, or after it."""

    def __init__(self, recorder: LedgerRecorder, *, after: bool) -> None:
        self.recorder, self.after, self.ended = recorder, after, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.recorder, name)

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self.recorder.turn():
            if not self.after:
                self.end()
            yield
        self.end()

    def end(self) -> None:
        if not self.ended:
            self.ended = True
            raise OperationalError("terminating connection due to idle-in-transaction timeout")


@pytest.mark.parametrize("after", [False, True])
def test_a_turn_that_the_server_ends_costs_nothing(postgres: Server, after: bool) -> None:
    store = opened_by(postgres.environ())
    store.recorder = EndsTheTurn(store.recorder, after=after)
    writer = started(store)
    assert types(writer.ask(asked(PUBLISH)).result()) == ["mission.published"]
    assert types(writer.ask(asked(RESCHEDULE, 2)).result()) == ["mission.rescheduled"]
    writer.close()
    assert kept(store) == ["mission.published", "mission.rescheduled"]
    assert list(store.verify()) == []
    store.close()
