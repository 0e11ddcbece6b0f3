"""Where commands wait until somebody decides on them: in the order they came, one thread at a time.

That thread is the writer's own, for all that has gathered. Where nobody decides and nothing waits
it is the thread that asks: handing over and back would cost it more than a fast disk does.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Lock
from time import sleep
from typing import Generic, TypeVar

from coordination.store.refusal import StoreRefused

PATIENCE = 2  # looks at a queue that does not grow
Group = TypeVar("Group")


class Gathering(Generic[Group]):
    def __init__(self, decide: Callable[[Sequence[Group]], None], place: str, most: int) -> None:
        """`decide` is called with at most so many at a time, and never by two threads at once."""
        self._decide, self._place, self._most = decide, place, most
        self._waiting: deque[Group] = deque()
        self._taken = False  # somebody decides
        self._closed = False
        self._lock = Lock()  # of all of these; never held while somebody decides
        self._changed = Condition(self._lock)

    def put(self, group: Group) -> None:
        """Never waits. Raises StoreRefused where it is closed."""
        with self._lock:
            self._open()
            self._queue(group)

    def put_or_decide(self, group: Group) -> None:
        """Decides here where that overtakes nobody, or puts. Raises StoreRefused where closed."""
        mine = False
        try:
            with self._lock:
                self._open()
                if self._taken or self._waiting:
                    self._queue(group)
                else:
                    mine = self._taken = True
            if mine:
                self._decide([group])
        finally:  # also where the thread that asks is interrupted
            if mine:
                self._leave()

    def run(self) -> None:
        """Decides on all that is put, until it is closed and nothing waits."""
        while batch := self._next():
            try:
                self._decide(batch)
                self._let_them_return(len(batch))
            finally:
                self._leave()

    def _let_them_return(self, answered: int) -> None:
        """Who was just answered asks again at once, if at all, and shares a commit if let to."""
        here = len(self._waiting)
        expected = here + answered
        patience = PATIENCE
        while here < expected and patience:
            sleep(0)
            before, here = here, len(self._waiting)
            patience = PATIENCE if here > before else patience - 1

    def close(self) -> bool:
        """Takes no more; what is there is still decided. False where it was closed already."""
        with self._lock:
            first, self._closed = not self._closed, True
            self._changed.notify()
        return first

    def _open(self) -> None:
        if self._closed:
            raise StoreRefused("store.closed", path=self._place)

    def _queue(self, group: Group) -> None:
        self._waiting.append(group)
        if not self._taken:
            self._changed.notify()

    def _next(self) -> list[Group]:
        with self._lock:
            while self._taken or not self._waiting:
                if self._closed and not self._taken:
                    return []
                self._changed.wait()
            self._taken = True
            count = min(len(self._waiting), self._most)
            return [self._waiting.popleft() for _ in range(count)]

    def _leave(self) -> None:
        with self._lock:
            self._taken = False
            if self._waiting or self._closed:
                self._changed.notify()
