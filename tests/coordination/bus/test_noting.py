import asyncio
import threading
from collections.abc import Sequence

import pytest

from coordination.bus.noting import Noting
from coordination.mailroom.answered import Given


def given(id: str) -> Given:
    return Given("fit", id, "digest", id.encode())


class Keeper:
    """Keeps when it is let to, and remembers what it was given together."""

    def __init__(self) -> None:
        self.together: list[list[str]] = []
        self.may = threading.Event()

    def keep(self, answers: Sequence[Given]) -> list[bytes | None]:
        assert self.may.wait(10)
        self.together.append([one.id for one in answers])
        if answers[0].id == "broken":
            raise OSError("the disk is full")
        return [None if one.id == "taken" else one.answer for one in answers]


async def test_what_comes_while_one_is_kept_is_kept_together() -> None:
    keeper = Keeper()
    noting = Noting(keeper.keep)
    asked = [asyncio.create_task(noting.noted(given(id))) for id in ("a", "b", "taken")]
    await asyncio.sleep(0)
    asked.append(asyncio.create_task(noting.noted(given("c"))))
    await asyncio.sleep(0.01)
    asked.append(asyncio.create_task(noting.noted(given("d"))))
    await asyncio.sleep(0)
    keeper.may.set()
    assert await asyncio.gather(*asked) == [b"a", b"b", None, b"c", b"d"]
    assert [one for some in keeper.together for one in some] == ["a", "b", "taken", "c", "d"]
    assert len(keeper.together) == 2


async def test_nobody_is_told_before_it_is_kept() -> None:
    keeper = Keeper()
    asked = asyncio.create_task(Noting(keeper.keep).noted(given("a")))
    await asyncio.sleep(0.05)
    assert (asked.done(), keeper.together) == (False, [])
    keeper.may.set()
    assert await asked == b"a"


async def test_who_could_not_be_kept_is_told_and_the_next_is_kept() -> None:
    keeper = Keeper()
    keeper.may.set()
    noting = Noting(keeper.keep)
    with pytest.raises(OSError, match="the disk is full"):
        await noting.noted(given("broken"))
    assert await noting.noted(given("a")) == b"a"


async def test_who_does_not_wait_any_more_keeps_nobody_from_being_answered() -> None:
    keeper = Keeper()
    noting = Noting(keeper.keep)
    gone, stays = (asyncio.create_task(noting.noted(given(id))) for id in "ab")
    await asyncio.sleep(0.01)
    gone.cancel()
    keeper.may.set()
    assert await stays == b"b"
