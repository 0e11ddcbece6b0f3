"""A second process that folds a share of the streams, for a long way to catch up.

Streams do not depend on each other, and one core folds only so fast. Only the first process
writes: the partner opens the same history and the same read models, folds its share, and hands
over the rows. It ends with its input, so with whoever started it.
"""

import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol
from zlib import crc32

from projections.engine.folding import Way, folded_again
from projections.engine.kept import Folded

if TYPE_CHECKING:
    from projections.engine.projector import Projector


class Opening(Protocol):
    """Something that pickle can send, and that opens the same read models in another process."""

    def __call__(self) -> "Projector": ...


def every(stream: str) -> bool:
    return True


def own_share(stream: str) -> bool:
    """The smaller one: who writes has more to do."""
    return crc32(stream.encode()) % 100 < 40


def other_share(stream: str) -> bool:
    return not own_share(stream)


def _to_nobody(position: int) -> None:
    """How far it is, the first process tells."""


class PartnerLost(Exception):
    """The other process has died, or has gone another way."""


class Partner:
    """Close it. Raises PartnerLost."""

    def __init__(self, opening: Opening) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._asked: Way | None = None
        self._say(opening)

    def ask(self, way: Way) -> None:
        """For one way at a time; asking for the same one again changes nothing."""
        if self._asked is None:
            self._asked = way
            self._say(way)
        elif self._asked != way:
            raise PartnerLost

    def answer(self) -> list[Folded]:
        """What its share of the streams changes in each build that was asked for."""
        assert self._process.stdout is not None
        try:
            answer: list[Folded] | Exception = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError) as error:  # the second one: amid its answer
            self._process.kill()
            self._process.wait()  # until then it might seem to listen
            raise PartnerLost from error
        self._asked = None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _say(self, words: Any) -> None:
        assert self._process.stdin is not None
        try:
            pickle.dump(words, self._process.stdin)
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise PartnerLost from error

    def close(self) -> None:
        self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()


def work(heard: BinaryIO, said: BinaryIO) -> None:
    """What the other process does, until its input ends."""
    opening: Opening = pickle.load(heard)
    projector = opening()
    while True:
        try:
            way: Way = pickle.load(heard)
        except EOFError:
            return
        answer: list[Folded] | Exception
        try:
            group = projector.shelves(way.fingerprints)
            answer = folded_again(projector.source, group, way, other_share, _to_nobody)
            for shelf, folded in zip(group, answer, strict=True):
                shelf.written(folded.parked)
        except Exception as error:
            answer = error
        pickle.dump(answer, said)
        said.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it, ends it
    out = sys.stdout.buffer
    sys.stdout = sys.stderr
    work(sys.stdin.buffer, out)
