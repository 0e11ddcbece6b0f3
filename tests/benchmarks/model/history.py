"""All lives side by side in time, each command decided by the pure deciders as it comes up."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import reduce
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from coordination.deciders.post.state import Post
from coordination.service import SUBJECTS, decider
from coordination.store.answers import Refused
from projections.city import city_key
from schemas.cycle import Head, PublishEdition
from schemas.message import owner_of, stream_of, subject_of
from schemas.recorded_event import AnyCommand, AnyEvent
from schemas.review import OpenReview
from tests.benchmarks.model import calendar
from tests.benchmarks.model.life import life
from tests.benchmarks.model.network import Network
from tests.benchmarks.model.step import LAST_YEAR, Life, Step

SEED = 2027
FIRST_YEAR = 1991
DECIDERS = {name: decider(subject) for name, subject in SUBJECTS.items()}


class Decided(Struct, frozen=True):
    """A step, its command completed as the service completes it, and the event that follows."""

    step: Step
    event: AnyEvent
    version: int


class History:
    """
    The history of a seed, without end before the last year: the same events for the same seed,
    however many are taken. `decided` raises AssertionError where a command is refused or changes
    nothing, for then the model is wrong.
    """

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed
        self.states: dict[str, Any] = {}
        self.versions: dict[str, int] = {}
        self.seqs: dict[str, int] = {}
        self.network = Network(self._random("network"), self.states)
        self._upcoming: list[tuple[datetime, int, Step, Life]] = []
        self._numbers = count()

    def decided(self) -> Iterator[Decided]:
        opening = datetime(FIRST_YEAR, 1, 2, tzinfo=UTC)
        self._begin(self.network.founded(opening.date(), opening))
        year = FIRST_YEAR
        while True:
            following = datetime(year, 1, 5, tzinfo=UTC)
            if year < LAST_YEAR and (not self._upcoming or self._upcoming[0][0] >= following):
                self._open(year)
                year += 1
                continue
            _, _, step, going_on = heappop(self._upcoming)
            yield self._decide(step)
            stream = stream_of(step.command)
            if not self._begin(going_on) and subject_of(stream) == "mission":
                del self.states[stream]  # nothing is asked about it any more

    def _open(self, year: int) -> None:
        """Everything that begins in a year: nothing of it before its fifth of January."""
        since = datetime(year, 1, 5, tzinfo=UTC)
        self._begin(calendar.cycle(self._random(f"cycle {year}"), year, since))
        self._begin(calendar.policies(self._random(f"policies {year}"), year, since))
        self._begin(calendar.review(self._random(f"review {year}"), self.states, year, since))
        self._begin(self.network.year(year, since))
        for intended in calendar.intended(self._random(f"actions {year}"), year + 1):
            random = self._random(intended.mission)
            self._begin(life(random, self.states, intended, since))

    def _random(self, name: str) -> Random:
        return Random(f"{self.seed} {name}")

    def _begin(self, going_on: Life) -> bool:
        """Puts the next step of a life in its place; False where there is none."""
        step = next(going_on, None)
        if step is not None:
            heappush(self._upcoming, (step.time, next(self._numbers), step, going_on))
        return step is not None

    def _decide(self, step: Step) -> Decided:
        command = self._completed(step.command)
        stream = stream_of(command)
        decider, state = DECIDERS[subject_of(stream)], self.states.get(stream)
        events = decider.decide(state, command)
        assert not isinstance(events, Refused), f"{events} of {command} on {state}"
        assert len(events) == 1, f"{events} of {command} on {state}"
        self.states[stream] = reduce(decider.evolve, events, state)
        self.versions[stream] = self.versions.get(stream, 0) + 1
        ledger = owner_of(stream)
        self.seqs[ledger] = self.seqs.get(ledger, 0) + 1
        return Decided(replace(step, command=command), events[0], self.versions[stream])

    def _completed(self, command: AnyCommand) -> AnyCommand:
        match command:
            case PublishEdition():
                heads = tuple(Head(ledger, self.seqs[ledger]) for ledger in sorted(self.seqs))
                return replace(command, heads=heads)
            case OpenReview():
                return replace(command, posts=self._joint_list(command.effective))
        return command

    def _joint_list(self, day: date) -> tuple[str, ...]:
        """The posts that are open on a day, by place, as the joint list has them."""
        listed = [
            (*_office(post), name)
            for name, post in self.states.items()
            if isinstance(post, Post)
            if post.place is not None and (post.closed is None or post.closed.effective > day)
        ]
        return tuple(name for *_, name in sorted(listed))


def _office(post: Post) -> tuple[str, ...]:
    assert post.place is not None
    key = city_key(post.place)
    return (post.place.country, "", post.announced.post) if key is None else (*key, "")
