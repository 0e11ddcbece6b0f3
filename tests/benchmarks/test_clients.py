from itertools import count
from threading import Lock

import pytest
from msgspec import Struct

from tests.benchmarks.clients import Timed, dealt, one_by_one, side_by_side


class Asked(Struct, frozen=True):
    stream: str
    number: int


def test_a_stream_stays_in_one_hand_and_in_order() -> None:
    asked = [Asked(f"stream-{number % 7}", number) for number in range(70)]
    hands = dealt(asked, 3)
    assert sorted(one.number for hand in hands for one in hand) == list(range(70))
    for stream in {one.stream for one in asked}:
        [held] = [hand for hand in hands if any(one.stream == stream for one in hand)]
        numbers = [one.number for one in held if one.stream == stream]
        assert numbers == sorted(numbers)
    assert sorted(len(hand) for hand in hands) == [20, 20, 30]


def test_no_client_comes_without_anything_to_ask() -> None:
    assert dealt([Asked("a", 1), Asked("b", 2)], 64) == [[Asked("a", 1)], [Asked("b", 2)]]


def test_every_call_is_timed_whoever_makes_it() -> None:
    lock, numbers, seen = Lock(), count(), list[int]()

    def ask(number: int) -> None:
        with lock:
            seen.append(number)
            next(numbers)

    timed = side_by_side([[1, 2], [3]], ask)
    assert (sorted(seen), len(timed.waited)) == ([1, 2, 3], 3)
    assert len(one_by_one([1, 2], ask).waited) == 2


def test_what_stops_a_client_stops_the_measurement() -> None:
    def ask(number: int) -> None:
        if number == 3:
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        side_by_side([[1, 2], [3]], ask)


def test_a_percentile_is_a_wait_that_happened() -> None:
    timed = Timed([0.004, 0.001, 0.003, 0.002], 0.5)
    assert [timed.percentile(share) for share in (0.25, 0.5, 0.99)] == [0.001, 0.002, 0.004]
    assert timed.per_second == 8
