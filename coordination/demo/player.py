"""Plays the story of a year through the same doors that everybody uses.

The commands of `story.json` are written as an agency would write them and go through conversion
and the service; the clock stands on the day of each step, so that the demonstration can be asked
as of, and as known on, any day of its year.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import as_file, files
from typing import Any

import msgspec
from msgspec import Struct

from coordination.conversion import read_tagged
from coordination.importing import import_file
from coordination.service import Service
from coordination.settings import Settings
from coordination.store.answers import Refused
from coordination.store.refusal import StoreRefused
from schemas.asking import AnyQuestion, AskReview
from schemas.recorded_event import AnyCommand
from schemas.review import CloseReview, GoThroughPost, Verdict

STORY = files("coordination.demo") / "story.json"
DATA = files("coordination.demo_data")


class Walk(Struct, frozen=True, forbid_unknown_fields=True):
    """Go through every post on the list of a review; those named are to close."""

    review: str
    close: tuple[str, ...]


class Show(Struct, frozen=True, forbid_unknown_fields=True):
    """A question whose answer is shown; with `tables`, only those of its page."""

    question: dict[str, Any]
    tables: tuple[str, ...] | None = None


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One day of the story: what is told, what is imported, asked of the service, and shown."""

    day: date
    say: dict[str, str]
    imports: tuple[tuple[str, str], ...] = ()
    commands: tuple[dict[str, Any], ...] = ()
    meeting: str | None = None
    review: Walk | None = None
    shows: tuple[Show, ...] = ()


class Story(Struct, frozen=True, forbid_unknown_fields=True):
    steps: tuple[Step, ...]


class Shown(Struct, frozen=True):
    answer: Any
    tables: tuple[str, ...] | None


class Told(Struct, frozen=True):
    """What a step did: the sentence, how many events it recorded, and what it shows."""

    day: date
    sentence: str
    events: int
    shown: tuple[Shown, ...]


class StoryRefused(Exception):
    """A command of the story was rejected: the story and the rules have parted."""


class StoryClock:
    """Stands on the day of a step and moves on by a second with each look, as work does."""

    def __init__(self, day: date) -> None:
        self.now = datetime.combine(day, time(8), UTC)

    def turn_to(self, day: date) -> None:
        self.now = max(self.now, datetime.combine(day, time(8), UTC))

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def story() -> Story:
    return msgspec.json.decode(STORY.read_bytes(), type=Story)


def play(
    settings: Settings,
    environ: Mapping[str, str],
    new_id: Callable[[], str],
    language: str,
) -> Iterator[Told]:
    """Plays step after step and tells each. Raises StoreRefused where the database is not empty."""
    steps = story().steps
    clock = StoryClock(steps[0].day)
    with Service(settings, environ, clock, new_id) as service:
        if service.store.position():
            raise StoreRefused("store.not-empty", path=service.store.place)
        for step in steps:
            clock.turn_to(step.day)
            before = service.store.position()
            _act(service, step)
            yield Told(
                day=step.day,
                sentence=step.say.get(language, step.say["en"]),
                events=service.store.position() - before,
                shown=tuple(_shown(service, show) for show in step.shows),
            )


def _act(service: Service, step: Step) -> None:
    for what, name in step.imports:
        with as_file(DATA / name) as path:
            report = import_file(service, what, path)
        if report.problems:
            raise StoryRefused(name, report.problems)
    for raw in step.commands:
        written = {"effective": step.day.isoformat(), **raw}
        _ask(service, read_tagged(AnyCommand, written, service.known, text=True), step.meeting)
    if step.review:
        _go_through(service, step, step.review)


def _go_through(service: Service, step: Step, walk: Walk) -> None:
    asked = AskReview(year=step.day.year, as_of=step.day)
    listed = (
        one.post
        for review in service.answer(asked).reviews
        for one in review.posts
        if review.review == walk.review
    )
    by = service.settings.secretariat
    for post in listed:
        verdict = Verdict.CLOSE if post in walk.close else Verdict.KEEP
        command = GoThroughPost(
            by=by, effective=step.day, review=walk.review, post=post, verdict=verdict
        )
        _ask(service, command, step.meeting)
    _ask(service, CloseReview(by=by, effective=step.day, review=walk.review), step.meeting)


def _ask(service: Service, command: AnyCommand, meeting: str | None) -> None:
    answer = service.ask(command, correlation=meeting)
    if isinstance(answer, Refused):
        raise StoryRefused(answer.reason, answer.parameters, command)


def _shown(service: Service, show: Show) -> Shown:
    question = read_tagged(AnyQuestion, show.question, service.known, text=True)
    return Shown(service.answer(question), show.tables)
