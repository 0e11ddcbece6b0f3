"""Following what is recorded: the tables are for other programs, too, and nobody asks us for them.

Who asks a question through us never depends on it.
"""

from contextlib import suppress
from threading import Condition, Thread

from coordination.store.refusal import StoreRefused
from projections.engine.database import ReadModelsUnusable
from projections.engine.read_models import ReadModels

PAUSE = 0.01  # seconds in which commands gather, so that following them does not slow them


class Follower:
    """A thread that takes in what is recorded, soon after it is; close it."""

    def __init__(self, read_models: ReadModels) -> None:
        self._read_models = read_models
        self._changed = Condition()
        self._woken = self._closing = False  # both guarded by it
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something was recorded."""
        with self._changed:
            if not self._woken:  # else it gathers already, and each notice would interrupt it
                self._woken = True
                self._changed.notify()

    def _run(self) -> None:
        closing = False
        while not closing:
            with self._changed:
                self._changed.wait_for(lambda: self._woken or self._closing)
                closing = self._changed.wait_for(lambda: self._closing, PAUSE)
                self._woken = False  # what is recorded by now is taken in
            with suppress(ReadModelsUnusable, StoreRefused):  # told to whoever asks a question
                self._read_models.catch_up_with_the_ready()

    def close(self) -> None:
        """Takes in what is left."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
