"""The line of one stream through the days, carried on event by event.

As of a day, a fold takes the events in effect by then, in the order they were decided. So the
line is a step function of that day, and an event that takes effect on a day changes the steps
from that day on. Steps that ended before anybody knew of them are dropped: whoever asks about
those days folds the stream again.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Generic

from msgspec import Struct

from projections.read_model import Evolve, Line, Reference, civil_day, reference
from schemas.recorded_event import Told

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class OutOfOrder(Exception):
    """An event does not follow the last one of its stream."""

    def __init__(self, recorded: Told, version: int) -> None:
        super().__init__(f"version {recorded.version} after {version}")


class Step(Struct, Generic[Line], gc=False):
    """The line from a day on, until the next step, and the events that made it."""

    holds_from: date
    line: Line | None
    behind: list[Reference]


class Course(Struct, Generic[Line], gc=False):
    """
    Where the fold of a stream stands: after `version`, which is `seq` in its ledger.

    `began_on` and `effective_until` are the first and the last day any of its events takes effect,
    `recorded_until` the moment the last one was recorded. There is always a step; `kept_steps` is
    how many rows the stream has.
    """

    steps: list[Step[Line]]
    version: int = 0
    seq: int = 0
    began_on: date = date.max
    effective_until: date = date.min
    recorded_until: datetime = LONG_AGO
    kept_steps: int = 0

    @property
    def settled_on(self) -> date:
        """The steps answer for every day from this one on."""
        return min(self.effective_until, civil_day(self.recorded_until))

    def at(self, day: date | None) -> Step[Line]:
        """The step that holds on a day, or once everything has taken effect."""
        if day is None:
            return self.steps[-1]
        return next(
            (step for step in reversed(self.steps) if step.holds_from <= day), self.steps[0]
        )

    def follow(
        self, events: Iterable[Told], evolve: Evolve[Line], skipped: Collection[int] = ()
    ) -> None:
        """
        Take in the next events of the stream, but for the versions that are to be skipped.

        Raises OutOfOrder, or what `evolve` raises; the events before that one are taken in.
        """
        step, alone = self.steps[0], len(self.steps) == 1
        line, until = step.line, self.recorded_until
        try:
            for recorded in events:
                if recorded.version != self.version + 1:
                    raise OutOfOrder(recorded, self.version)
                if recorded.version in skipped:
                    self.version, self.seq = recorded.version, recorded.seq
                    continue
                day, time = recorded.data.effective, recorded.time
                time = max(time, until)
                # The day of Brussels is never before the day of UTC, which costs less to know.
                if alone and day <= time.date():
                    now = evolve(line, recorded)
                    if now is not line and now != line:
                        line = now
                        step.behind.append(reference(recorded))
                else:
                    step.line = line
                    self.steps = _carried_on(self.steps, recorded, evolve, civil_day(time))
                    step, alone = self.steps[0], len(self.steps) == 1
                    line = step.line
                self.began_on = min(self.began_on, day)
                self.effective_until = max(self.effective_until, day)
                until = time
                self.version, self.seq = recorded.version, recorded.seq
        finally:
            step.line, self.recorded_until = line, until


def begun() -> Course[Line]:
    """Before the first event of a stream."""
    return Course(steps=[Step(date.min, None, [])])


def _carried_on(
    steps: list[Step[Line]], recorded: Told, evolve: Evolve[Line], known: date
) -> list[Step[Line]]:
    day = recorded.data.effective
    carried: list[Step[Line]] = []
    for place, step in enumerate(steps):
        later = steps[place + 1].holds_from if place + 1 < len(steps) else date.max
        if step.holds_from < day:
            carried.append(step)
        if day < later:
            carried.append(_evolved(step, max(step.holds_from, day), recorded, evolve))
    ended = sum(step.holds_from <= known for step in carried[1:])
    return carried[ended:]


def _evolved(
    step: Step[Line], holds_from: date, recorded: Told, evolve: Evolve[Line]
) -> Step[Line]:
    line = evolve(step.line, recorded)
    changed = line is not step.line and line != step.line
    behind = [*step.behind, reference(recorded)] if changed else list(step.behind)
    return Step(holds_from, line, behind)
