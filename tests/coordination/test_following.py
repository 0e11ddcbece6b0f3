"""Following ends when it is closed, at whatever moment, and takes in what is left."""

from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

from coordination.following import PAUSE, Follower
from coordination.store.refusal import StoreRefused
from projections.engine.database import ReadModelsUnusable
from projections.engine.read_models import ReadModels
from tests.coordination.test_reading import node

MOMENTS = 100
LONG = 5.0  # seconds in which all that can end does


class Losing(Follower):
    """The planted fault, once a real one: what was asked for is cleared after looking whether to
    end, so an end that comes between the two is never seen."""

    def __init__(self, read_models: ReadModels) -> None:
        self._asked, self._ending = Event(), Event()
        super().__init__(read_models)

    def wake(self) -> None:
        self._asked.set()

    def _run(self) -> None:
        closing = False
        while not closing:
            self._asked.wait()
            closing = self._ending.wait(PAUSE)
            self._asked.clear()
            with suppress(ReadModelsUnusable, StoreRefused):
                self._read_models.catch_up_with_the_ready()

    def close(self) -> None:
        self._ending.set()
        self._asked.set()
        self._thread.join()


def left_waiting(kind: type[Follower], read_models: ReadModels) -> int:
    """How many do not end, each closed a little later about the end of its pause, by somebody
    busy: then the thread that follows has to wait between one step and the next."""
    closings = []
    for moment in range(MOMENTS):
        follower = kind(read_models)
        follower.wake()
        until = perf_counter() + PAUSE * (0.9 + moment / MOMENTS)
        while perf_counter() < until:
            pass
        closing = Thread(target=follower.close, daemon=True)
        closing.start()
        closings.append(closing)
    deadline = perf_counter() + LONG
    for closing in closings:
        closing.join(max(deadline - perf_counter(), 0))
    return sum(closing.is_alive() for closing in closings)


def test_following_ends_at_whatever_moment_it_is_closed(tmp_path: Path) -> None:
    with node({"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}) as service:
        assert left_waiting(Follower, service.read_models.opened) == 0


def test_the_same_moments_tell_of_an_end_that_is_lost(tmp_path: Path) -> None:
    with node({"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}) as service:
        assert left_waiting(Losing, service.read_models.opened) > 0
