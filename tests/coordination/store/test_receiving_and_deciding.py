"""A node decides and takes in what others decided, at the same time and in one commit."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest
from msgspec.structs import replace

from coordination.store.answers import Done
from coordination.store.draft import Draft
from coordination.store.event_store import EventStore
from coordination.store.receiving import Delivery, Misfit, Received, What
from coordination.store.refusal import StoreRefused
from coordination.store.writer import Group, Waiting, Writer
from schemas.period import Month
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import AWEX, FIT, HUB, Agency
from tests.coordination.store.ledgers import MISSIONS, another, move, publish, sent, three
from tests.coordination.store.test_writer import (
    CutOff,
    DiskThatFails,
    LosesAnAnswer,
    LosesARace,
    asked,
    types,
)
from tests.faults.clerk import opened_by, started
from tests.servers.postgres import Server

FIT_EVENTS = three()[FIT]
WHOLE = len(FIT_EVENTS)


class CountsCommits(Writer):
    """Notes where each commit left the ledgers."""

    commits: list[dict[str, int]]

    def commit(self, draft: Draft) -> None:
        super().commit(draft)
        self.commits.append({one.ledger: one.seq for one in self.store.heads()})


def group(command: AnyCommand) -> Group:
    return Group([asked(command)], True, Future())


def test_deliveries_and_commands_that_gathered_share_a_commit(store: EventStore) -> None:
    writer = started(store, CountsCommits)
    assert isinstance(writer, CountsCommits)
    writer.commits = []
    batch: list[Waiting] = [
        Delivery(FIT, FIT_EVENTS[:4], Future()),
        group(publish(AWEX, 0)),
        Delivery(FIT, [*FIT_EVENTS[2:6], another(FIT_EVENTS[1])], Future()),
        group(move(AWEX, 0, 2028)),
        Delivery(HUB, [FIT_EVENTS[6]], Future()),
        Delivery(FIT, FIT_EVENTS[6:8], Future()),
    ]
    writer.handle(batch)
    forked = Misfit(
        what=What.FORK, ledger=FIT, seq=2, raw=another(FIT_EVENTS[1]), ours=FIT_EVENTS[1]
    )
    assert [one.answers.result() for one in batch if isinstance(one, Delivery)] == [
        Received(4, 0, 4),
        Received(2, 2, 6, forked),
        Received(0, 0, 0, Misfit(what=What.LEDGER, ledger=HUB, seq=7, raw=FIT_EVENTS[6])),
        Received(2, 0, 8),
    ]
    answers = [one.answers.result()[0] for one in batch if isinstance(one, Group)]
    assert list(map(types, answers)) == [["mission.published"], ["mission.rescheduled"]]
    assert writer.commits == [{AWEX: 2, FIT: 8}]
    writer.close()
    assert sent(store, FIT) == FIT_EVENTS[:8]
    assert list(store.verify()) == []


OURS = three()[AWEX]  # six missions published, then all moved to 2028, then to 2029


def test_a_node_that_gets_its_own_ledger_back_decides_on_all_of_it(
    writer: Writer, store: EventStore
) -> None:
    """Its store was set back to an older backup."""
    writer.receive(AWEX, OURS[: MISSIONS + 1])
    assert types(writer.ask_and_wait(asked(move(AWEX, 0, 2028)))) == []
    writer.receive(AWEX, OURS[MISSIONS + 1 :])
    answer = writer.ask_and_wait(asked(move(AWEX, 0, 2028)))  # it has been moved on since
    assert isinstance(answer, Done)
    assert [(one.version, one.seq) for one in answer.events] == [(4, len(OURS) + 1)]
    assert types(writer.ask_and_wait(asked(move(AWEX, 1, 2029)))) == []
    assert list(store.verify()) == []


def test_a_command_sees_what_its_own_commit_takes_in(writer: Writer, store: EventStore) -> None:
    writer.receive(AWEX, OURS[: MISSIONS + 1])
    march = replace(move(AWEX, 2, 2027), period=Month(2027, 3))
    assert types(writer.ask_and_wait(asked(march))) == []
    batch: list[Waiting] = [
        group(move(AWEX, 0, 2028)),
        Delivery(AWEX, OURS[MISSIONS + 1 :], Future()),
        group(move(AWEX, 0, 2029)),
        group(move(AWEX, 0, 2030)),
        group(move(AWEX, 0, 2030)),
        group(move(AWEX, 1, 2029)),
        group(march),
    ]
    writer.handle(batch)
    answers = [one.answers.result()[0] for one in batch if isinstance(one, Group)]
    assert list(map(types, answers)) == [
        [],
        [],
        ["mission.rescheduled"],
        [],
        [],
        ["mission.rescheduled"],
    ]
    assert types(writer.ask_and_wait(asked(move(AWEX, 0, 2030)))) == []
    assert list(store.verify()) == []


def test_what_was_decided_a_moment_ago_is_a_fork_of_what_comes_for_its_place(
    writer: Writer, store: EventStore
) -> None:
    """A node set back decides before it has its ledger back: two histories are told as two."""
    writer.receive(AWEX, OURS[:MISSIONS])
    delivery = Delivery(AWEX, OURS[MISSIONS:], Future())
    writer.handle([group(move(AWEX, 3, 2031)), delivery])
    *_, decided = sent(store, AWEX)
    assert delivery.answers.result() == Received(
        0,
        0,
        MISSIONS + 1,
        Misfit(what=What.FORK, ledger=AWEX, seq=MISSIONS + 1, raw=OURS[MISSIONS], ours=decided),
    )


def test_whoever_takes_the_place_first_is_who_is_compared_with(store: EventStore) -> None:
    writer = started(store, LosesARace)
    received = writer.receive(AWEX, OURS)
    writer.close()
    [theirs] = sent(store, AWEX)
    assert received == Received(
        0, 0, 1, Misfit(what=What.FORK, ledger=AWEX, seq=1, raw=OURS[0], ours=theirs)
    )


def test_our_own_commit_whose_answer_was_lost_is_no_fork(store: EventStore) -> None:
    writer = started(store, LosesAnAnswer)
    assert writer.receive(FIT, FIT_EVENTS) == Received(WHOLE, 0, WHOLE)
    writer.close()
    assert sent(store, FIT) == FIT_EVENTS


def test_a_connection_that_breaks_after_the_commit_loses_no_delivery(store: EventStore) -> None:
    store.recorder = CutOff(store.recorder)
    writer = started(store)
    assert writer.receive(FIT, FIT_EVENTS[:5]) == Received(5, 0, 5)
    assert writer.receive(FIT, FIT_EVENTS[5:]) == Received(WHOLE - 5, 0, WHOLE)
    writer.close()
    assert sent(store, FIT) == FIT_EVENTS


def test_a_disk_that_fails_keeps_nothing_and_tells_who_delivers(store: EventStore) -> None:
    writer = started(store, DiskThatFails)
    with pytest.raises(StoreRefused) as refusal:
        writer.receive(FIT, FIT_EVENTS)
    assert refusal.value.key == "store.disk-full"
    assert isinstance(writer, DiskThatFails)
    writer.failing = False
    assert writer.receive(FIT, FIT_EVENTS) == Received(WHOLE, 0, WHOLE)
    writer.close()


def test_a_node_takes_in_what_others_decided_while_it_decides(
    writer: Writer, store: EventStore
) -> None:
    theirs = three(missions=40)

    def receive(ledger: Agency, size: int) -> int:
        batches = range(0, len(theirs[ledger]), size)
        overlapping = [theirs[ledger][max(0, at - 3) : at + size] for at in batches]
        return sum(writer.receive(ledger, batch).kept for batch in overlapping)

    def work(number: int) -> list[str]:
        years: list[AnyCommand] = [
            publish(AWEX, number),
            *(move(AWEX, number, year) for year in range(2028, 2048)),
        ]
        return [tag for one in years for tag in types(writer.ask_and_wait(asked(one)))]

    with ThreadPoolExecutor(6) as threads:
        received = [threads.submit(receive, ledger, size) for ledger, size in ((FIT, 7), (HUB, 11))]
        worked = [threads.submit(work, number) for number in range(4)]
        assert [one.result() for one in received] == [len(theirs[FIT]), len(theirs[HUB])]
        decided = ["mission.published", *["mission.rescheduled"] * 20]
        assert [one.result() for one in worked] == [decided] * 4
    assert {ledger: sent(store, ledger) for ledger in (FIT, HUB)} == {
        ledger: theirs[ledger] for ledger in (FIT, HUB)
    }
    assert len(sent(store, AWEX)) == 4 * len(decided)
    assert list(store.verify()) == []


def test_two_processes_that_take_in_the_same_ledger_keep_it_once(postgres: Server) -> None:
    environ = postgres.environ()
    sent = three(missions=40)[FIT]

    def receive(writer: Writer) -> int:
        batches = (sent[at : at + 5] for at in range(0, len(sent), 5))
        return sum(writer.receive(FIT, batch).kept for batch in batches)

    with ExitStack() as closes:
        stores = [closes.enter_context(closing(opened_by(environ))) for _ in range(2)]
        writers = [closes.enter_context(closing(started(store))) for store in stores]
        with ThreadPoolExecutor(2) as threads:
            assert sum(threads.map(receive, writers)) == len(sent)
        assert sent == tuple(stores[0].of_ledger(FIT, 0, len(sent) + 1))
        assert list(stores[0].verify()) == []


def test_a_closed_writer_takes_in_nothing(store: EventStore) -> None:
    writer = started(store)
    writer.close()
    with pytest.raises(StoreRefused) as refusal:
        writer.receive(FIT, FIT_EVENTS)
    assert refusal.value.key == "store.closed"
