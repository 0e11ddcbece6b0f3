from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread, get_ident

import pytest

from coordination.store.gathering import Gathering
from coordination.store.refusal import StoreRefused


class Decisions:
    """What was decided together and by which thread; holds whoever decides until it may go on."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, ...]] = []
        self.threads: list[int] = []
        self.begun, self.may_go_on = Event(), Event()
        self.may_go_on.set()

    def decide(self, batch: Sequence[str]) -> None:
        self.begun.set()
        assert self.may_go_on.wait(10)
        self.batches.append(tuple(batch))
        self.threads.append(get_ident())


@pytest.fixture
def decisions() -> Decisions:
    return Decisions()


@pytest.fixture
def gathering(decisions: Decisions) -> Gathering[str]:
    return Gathering(decisions.decide, "here", most=3)


def started(target: object, *arguments: str) -> Thread:
    assert callable(target)
    thread = Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


def test_who_comes_alone_decides_in_its_own_thread(
    gathering: Gathering[str], decisions: Decisions
) -> None:
    gathering.put_or_decide("one")
    gathering.put_or_decide("two")
    assert decisions.batches == [("one",), ("two",)]
    assert decisions.threads == [get_ident()] * 2


def test_who_would_overtake_another_joins_the_queue(
    gathering: Gathering[str], decisions: Decisions
) -> None:
    gathering.put("one")
    gathering.put_or_decide("two")
    assert decisions.batches == []
    runner = started(gathering.run)
    gathering.close()
    runner.join()
    assert decisions.batches == [("one", "two")]
    assert decisions.threads == [runner.ident]


def test_what_comes_while_somebody_decides_is_decided_next_in_its_order(
    gathering: Gathering[str], decisions: Decisions
) -> None:
    runner = started(gathering.run)
    decisions.may_go_on.clear()
    alone = started(gathering.put_or_decide, "one")
    assert decisions.begun.wait(10)
    for late in ("two", "three"):
        gathering.put(late)
    for later in ("four", "five"):
        gathering.put_or_decide(later)
    decisions.may_go_on.set()
    gathering.close()
    runner.join()
    assert decisions.batches == [("one",), ("two", "three", "four"), ("five",)]
    assert decisions.threads == [alone.ident, runner.ident, runner.ident]


def test_closing_waits_for_who_is_taking_its_turn(
    gathering: Gathering[str], decisions: Decisions
) -> None:
    runner = started(gathering.run)
    decisions.may_go_on.clear()
    started(gathering.put_or_decide, "one")
    assert decisions.begun.wait(10)
    assert gathering.close()
    runner.join(0.05)
    assert runner.is_alive()
    decisions.may_go_on.set()
    runner.join()
    assert decisions.batches == [("one",)]


def test_a_closed_one_takes_no_more_and_closes_once(gathering: Gathering[str]) -> None:
    assert gathering.close()
    assert not gathering.close()
    for ask in (gathering.put, gathering.put_or_decide):
        with pytest.raises(StoreRefused) as refused:
            ask("one")
        assert (refused.value.key, refused.value.parameters) == ("store.closed", {"path": "here"})


def test_who_is_interrupted_leaves_the_turn_to_others(decisions: Decisions) -> None:
    def interrupted(batch: Sequence[str]) -> None:
        if batch == ["one"]:
            raise KeyboardInterrupt
        decisions.decide(batch)

    gathering: Gathering[str] = Gathering(interrupted, "here", most=3)
    with pytest.raises(KeyboardInterrupt):
        gathering.put_or_decide("one")
    gathering.put_or_decide("two")
    gathering.put("three")
    gathering.close()
    gathering.run()
    assert decisions.batches == [("two",), ("three",)]


def test_two_threads_never_decide_at_once_and_nobody_is_forgotten() -> None:
    deciding = Lock()
    decided: list[int] = []

    def decide(batch: Sequence[int]) -> None:
        assert deciding.acquire(blocking=False)
        decided.extend(batch)
        deciding.release()

    gathering: Gathering[int] = Gathering(decide, "here", most=3)
    runner = started(gathering.run)

    def ask(clerk: int) -> None:
        for number in range(clerk, clerk + 500):
            (gathering.put if number % 3 == 0 else gathering.put_or_decide)(number)

    with ThreadPoolExecutor(8) as clerks:
        list(clerks.map(ask, range(0, 4_000, 500)))
    gathering.close()
    runner.join()
    assert sorted(decided) == list(range(4_000))
    for clerk in range(0, 4_000, 500):  # each clerk's own in the order it asked
        assert [one for one in decided if clerk <= one < clerk + 500] == [
            *range(clerk, clerk + 500)
        ]
