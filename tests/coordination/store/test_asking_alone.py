"""Who waits for its answer may decide itself; whatever happens to it is nobody else's harm."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import pytest

from coordination.service import SUBJECTS, decider
from coordination.store.answers import Done, Refused
from coordination.store.draft import Draft
from coordination.store.event_store import EventStore
from coordination.store.writer import Decider, Writer
from schemas.mission import CancelMission
from schemas.recorded_event import AnyCommand, AnyEvent
from tests.coordination.store.test_writer import (
    CANCEL,
    PUBLISH,
    RESCHEDULE,
    Broken,
    asked,
    kept,
    types,
)
from tests.faults.clerk import commands, opened_by, started
from tests.servers.postgres import Server


class Watched(Writer):
    """Notes which thread appended."""

    thread = 0

    def commit(self, draft: Draft) -> None:
        self.thread = get_ident()
        super().commit(draft)


def test_who_asks_alone_and_waits_is_answered_by_its_own_thread(store: EventStore) -> None:
    writer = started(store, Watched)
    assert isinstance(writer, Watched)
    assert types(writer.ask_and_wait(asked(PUBLISH))) == ["mission.published"]
    assert writer.thread == get_ident()
    assert types(writer.ask(asked(RESCHEDULE)).result()) == ["mission.rescheduled"]
    assert writer.thread != get_ident()  # who does not wait is kept waiting by nothing
    writer.close()


def test_who_asks_alone_and_who_asks_later_see_one_history(
    writer: Writer, store: EventStore
) -> None:
    later = writer.ask(asked(PUBLISH))
    alone = writer.ask_and_wait(asked(RESCHEDULE, 2))
    assert types(later.result()) == ["mission.published"]
    assert alone == Done(tuple(store.of("mission-awex-one-0", after=1)), position=2)
    assert writer.ask_and_wait(asked(RESCHEDULE, 3)) == Done((), position=2)


def test_some_wait_and_some_do_not_and_all_are_answered(writer: Writer, store: EventStore) -> None:
    def work(clerk: int) -> list[list[str]]:
        pairs = zip(commands(f"clerk{clerk}"), range(20), strict=False)
        if clerk % 2:
            return [types(writer.ask_and_wait(asked(command))) for command, _ in pairs]
        return [types(future.result()) for future in [writer.ask(asked(one)) for one, _ in pairs]]

    with ThreadPoolExecutor(8) as clerks:
        answers = list(clerks.map(work, range(8)))
    assert answers == [[["mission.published"], ["mission.rescheduled"]] * 10] * 8
    assert len(kept(store)) == 8 * 20
    assert list(store.verify()) == []


def test_a_decider_that_fails_in_the_thread_of_who_asks_spoils_no_other(store: EventStore) -> None:
    sound = decider(SUBJECTS["mission"])

    def decide(state: object, command: AnyCommand) -> Sequence[AnyEvent] | Refused:
        if isinstance(command, CancelMission):
            raise Broken
        return sound.decide(state, command)

    writer = Writer(store, {"mission": Decider(decide, sound.evolve)})
    assert types(writer.ask_and_wait(asked(PUBLISH))) == ["mission.published"]
    with pytest.raises(Broken):
        writer.ask_together([asked(RESCHEDULE), asked(CANCEL, 2)], keep=True)
    assert types(writer.ask_and_wait(asked(RESCHEDULE))) == ["mission.rescheduled"]
    writer.close()
    assert kept(store) == ["mission.published", "mission.rescheduled"]
    assert list(store.verify()) == []


class Interrupted(Writer):
    """Who asks is interrupted once: before the commit, or when it is done and not yet known."""

    after = False
    interrupted = False

    def commit(self, draft: Draft) -> None:
        if not self.interrupted:
            self.interrupted = True
            if self.after:
                self.store.recorder.append(draft.events, draft.heads, {})
            raise KeyboardInterrupt
        super().commit(draft)


class InterruptedAfter(Interrupted):
    after = True


@pytest.mark.parametrize("kind, events", [(Interrupted, 1), (InterruptedAfter, 0)])
def test_who_is_interrupted_leaves_a_whole_history_and_a_writer_that_goes_on(
    store: EventStore, kind: type[Writer], events: int
) -> None:
    writer = started(store, kind)
    with pytest.raises(KeyboardInterrupt):
        writer.ask_and_wait(asked(PUBLISH))
    answer = writer.ask_and_wait(asked(PUBLISH, 2))
    assert answer == Done(tuple(store.of("mission-awex-one-0"))[:events], position=1)
    assert types(writer.ask(asked(RESCHEDULE, 3)).result()) == ["mission.rescheduled"]
    writer.close()
    assert kept(store) == ["mission.published", "mission.rescheduled"]
    assert list(store.verify()) == []


def test_what_another_process_wrote_is_decided_on(postgres: Server) -> None:
    environ = postgres.environ()
    stores = [opened_by(environ), opened_by(environ)]
    one, other = [started(store) for store in stores]
    assert types(one.ask_and_wait(asked(PUBLISH))) == ["mission.published"]
    assert types(other.ask_and_wait(asked(RESCHEDULE))) == ["mission.rescheduled"]
    assert one.ask_and_wait(asked(RESCHEDULE)) == Done((), position=2)
    assert types(one.ask_and_wait(asked(CANCEL))) == ["mission.cancelled"]
    assert other.ask_and_wait(asked(CANCEL)) == Done((), position=3)
    for writer, store in zip((one, other), stores, strict=True):
        writer.close()
        assert list(store.verify()) == []
        store.close()
