"""Clients that ask one after the other, each in a thread of its own, and how long each waited."""

from collections.abc import Callable, Sequence
from math import ceil
from threading import Barrier, Thread
from time import perf_counter
from typing import Protocol, TypeVar

from msgspec import Struct


class OfAStream(Protocol):
    @property
    def stream(self) -> str: ...


Asked = TypeVar("Asked")
OnAStream = TypeVar("OnAStream", bound=OfAStream)


class Timed(Struct, frozen=True):
    """`waited`: seconds of each call; `seconds`: from the first call to the last answer."""

    waited: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.waited) / self.seconds

    def percentile(self, share: float) -> float:
        """The wait, in seconds, that a share of the calls did not exceed."""
        return sorted(self.waited)[ceil(share * len(self.waited)) - 1]


def dealt(asked: Sequence[OnAStream], clients: int) -> list[list[OnAStream]]:
    """What is asked of a stream stays in one hand, and in order; the hands are about as full."""
    streams: dict[str, list[OnAStream]] = {}
    for one in asked:
        streams.setdefault(one.stream, []).append(one)
    hands: list[list[OnAStream]] = [[] for _ in range(clients)]
    for stream in sorted(streams.values(), key=len, reverse=True):
        min(hands, key=len).extend(stream)
    return [hand for hand in hands if hand]


def one_by_one(asked: Sequence[Asked], ask: Callable[[Asked], object]) -> Timed:
    waited, began = [], perf_counter()
    for one in asked:
        before = perf_counter()
        ask(one)
        waited.append(perf_counter() - before)
    return Timed(waited, perf_counter() - began)


def side_by_side(hands: Sequence[Sequence[Asked]], ask: Callable[[Asked], object]) -> Timed:
    """Each hand by a client of its own. Raises what stopped any of them."""
    barrier = Barrier(len(hands) + 1)
    timed: list[Timed] = []
    stopped: list[BaseException] = []

    def client(hand: Sequence[Asked]) -> None:
        barrier.wait()
        try:
            timed.append(one_by_one(hand, ask))
        except BaseException as error:
            stopped.append(error)

    threads = [Thread(target=client, args=(hand,)) for hand in hands]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = perf_counter()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - began
    if stopped:
        raise stopped[0]
    return Timed([wait for one in timed for wait in one.waited], seconds)
