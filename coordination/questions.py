"""Every question, put to the projections that answer it.

Each answer is of one moment of the history, with all that is recorded when the question is put.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol

from msgspec.structs import replace

from coordination.deciders.rejection import Rejected
from coordination.reading import KeptReadModels, explained
from coordination.store.event_store import EventStore
from projections import (
    coverage,
    editions,
    explanation,
    figures,
    history,
    june,
    mission_plan,
    offices,
    policies,
    review,
    september,
    tables,
    waiting,
)
from projections.editions import Edition
from projections.engine.parking import ParkedStream
from projections.engine.projection import Projection
from projections.engine.projector import Progress
from projections.engine.read_models import View
from projections.june import YEARS_BACK
from projections.mission_line import MissionLine
from projections.post_line import PostLine
from projections.read_model import Line, Moment, ReadModel, Reference
from projections.tables.cycles import CYCLES
from projections.tables.missions import MISSIONS
from projections.tables.policies import POLICIES
from projections.tables.posts import POSTS
from projections.tables.reviews import REVIEWS
from schemas.action import MissionId
from schemas.asking import (
    AnyQuestion,
    AskCoverage,
    AskDifference,
    AskEditions,
    AskExplanation,
    AskFigure,
    AskHistory,
    AskJune,
    AskOffices,
    AskPlan,
    AskPolicies,
    AskReview,
    AskSeptember,
    Question,
)
from schemas.cycle import CycleId, EditionName
from schemas.message import subject_of
from schemas.period import Year
from schemas.policy import PolicyTopic
from schemas.recorded_event import RecordedEvent
from schemas.upcasting import Unreadable
from schemas.vocabulary import Agency

AT_HAND = 32  # answers kept until what they rest on changes
NEEDED: Mapping[type[Question], Sequence[Projection[Any]]] = MappingProxyType(
    {
        AskPlan: (MISSIONS, POLICIES),
        AskEditions: (CYCLES,),
        AskDifference: (CYCLES, MISSIONS),
        AskJune: (MISSIONS,),
        AskSeptember: (MISSIONS,),
        AskOffices: (POSTS, REVIEWS),
        AskCoverage: (POSTS,),
        AskReview: (REVIEWS, POSTS),
        AskPolicies: (POLICIES,),
    }
)


OF_SUBJECT: Mapping[str, Projection[Any]] = MappingProxyType(
    {one.subject: one for one in tables.ALL}
)


def needed(question: AnyQuestion) -> Sequence[Projection[Any]]:
    """The projections that an answer rests on. Raises Rejected."""
    match question:
        case AskHistory():
            return ()
        case AskExplanation():
            found = OF_SUBJECT.get(subject_of(question.stream))
            return () if found is None else (found,)
        case AskFigure():
            return NEEDED[type(counted_by(question))]
    return NEEDED[type(question)]


def counted_by(question: AskFigure) -> figures.PageQuestion:
    """Raises Rejected for a figure of a year where none is named."""
    page = figures.page_question(question)
    if page is None:
        raise Rejected("explain.year-missing", figure=question.figure)
    return page


class Questions:
    def __init__(self, store: EventStore, kept: KeptReadModels, secretariat: Agency) -> None:
        self._store, self._kept, self._secretariat = store, kept, secretariat
        self._at_hand: dict[tuple[Question, Hashable], Any] = {}

    def events(self) -> Iterator[RecordedEvent]:
        """All that is recorded, in the order of the store."""
        return self._store.events()

    def missions(self, moment: Moment) -> ReadModel[MissionLine]:
        with self._viewing(MISSIONS) as view:
            return view.lines(MISSIONS, moment)

    def mission(self, mission: MissionId, moment: Moment) -> MissionLine | None:
        """A mission as it stands; None where there is none, or none yet."""
        with self._viewing(MISSIONS) as view:
            return view.lines(MISSIONS, moment, streams=(mission,)).lines.get(mission)

    def posts(self, moment: Moment) -> ReadModel[PostLine]:
        with self._viewing(POSTS) as view:
            return view.lines(POSTS, moment)

    def waiting_for(self, agency: Agency, moment: Moment, day: date) -> waiting.Waiting:
        """What waits for an agency on a day."""
        with self._viewing(MISSIONS, POSTS, REVIEWS) as view:
            years = range(day.year - 1, day.year + 3)
            return waiting.waiting(
                view.lines(MISSIONS, moment, years=years),
                view.lines(POSTS, moment),
                view.lines(REVIEWS, moment),
                agency,
                day,
            )

    def everything(self, moment: Moment) -> Iterator[tuple[str, Any, tuple[Reference, ...]]]:
        """Each thing by its stream, with its line and the events behind it."""
        with self._viewing(*tables.ALL) as view:
            for projection in tables.ALL:
                lines: ReadModel[Any] = view.lines(projection, moment)
                for stream, line in lines.lines.items():
                    yield stream, line, lines.behind[stream]

    @contextmanager
    def _viewing(
        self, *projections: Projection[Any], progress: Progress | None = None
    ) -> Iterator[View]:
        read_models = self._kept.opened
        with explained(self._kept.place), read_models.reading(projections, progress) as view:
            yield view

    def answer(self, question: AnyQuestion) -> Any:
        """The result Struct of the projection. Raises Rejected for an edition that is not there."""
        moment = moment_of(question)
        if isinstance(question, AskHistory):
            return history.history(self._store.of(question.stream), question.stream, moment)
        with self._viewing(*needed(question)) as view:
            if isinstance(question, AskExplanation):
                return self._explanation(view, question.stream, moment)
            asked = question, view.state
            answer = self._at_hand.get(asked)
            if answer is None:
                answer = Answering(view, moment, self._secretariat).answer(question)
                if len(self._at_hand) >= AT_HAND:
                    self._at_hand.clear()
                self._at_hand[asked] = answer
            return answer

    def bring_up_to_date(self, question: AnyQuestion, progress: Progress) -> None:
        """Take in what a question needs, before it is put. Raises Rejected."""
        if projections := needed(question):
            with self._viewing(*projections, progress=progress):
                pass

    def state(self, question: AnyQuestion) -> Hashable:
        """As long as it is the same, so is the answer of a day. Raises Rejected."""
        lines: Hashable = ()
        if projections := needed(question):
            with self._viewing(*projections) as view:
                lines = view.state
        stream = getattr(question, "stream", None)  # whose events are told, of effect or not
        versions = self._store.versions([stream] if stream else [])
        return lines, tuple(versions.items()), tuple(self.waiting(question))

    def waiting(self, question: AnyQuestion) -> list[ParkedStream]:
        """The streams that an answer does not have in full, as they are parked."""
        names = {one.name for one in needed(question)}
        own = question.stream if isinstance(question, AskExplanation) else None
        return [one for one in self._parked(own) if one.projection in names]

    def _parked(self, stream: str | None) -> list[ParkedStream]:
        with explained(self._kept.place):
            parked = self._kept.opened.parked()
        return [one for one in parked if stream in (None, one.stream)]

    def _explanation(self, view: View, stream: str, moment: Moment) -> explanation.Explanation:
        """Of what the view knows: not of an event at which the stream waits, nor of those after."""
        found = OF_SUBJECT.get(subject_of(stream))
        lines: ReadModel[Any] = ReadModel({}, {})
        if found is not None:
            lines = view.lines(found, moment, streams=(stream,))
        waits_at = min((one.version for one in self._parked(stream)), default=None)
        events = (
            happened
            for position, happened in self._store.happened(stream, 0)
            if position <= view.position
            if waits_at is None or happened.version < waits_at
            if not isinstance(happened, Unreadable)
        )
        return explanation.explanation(lines, events, stream, moment)


class Viewed(Protocol):
    """Lines of one moment of the history, however they are kept."""

    def lines(
        self,
        projection: Projection[Line],
        moment: Moment,
        *,
        years: Collection[int] | None = None,
        streams: Collection[str] | None = None,
    ) -> ReadModel[Line]: ...


class Answering:
    """One question at one moment, answered from one view of the lines."""

    def __init__(self, view: Viewed, moment: Moment, secretariat: Agency) -> None:
        self.view, self.moment, self._secretariat = view, moment, secretariat

    def answer(self, question: AnyQuestion) -> Any:
        match question:
            case AskPlan():
                return self.plan(question)
            case AskEditions():
                return editions.editions(self.cycle(question.cycle), question.cycle)
            case AskDifference():
                return self.difference(question)
            case AskJune():
                return june.june(self.near(question.year), question)
            case AskSeptember():
                return september.september(self.of_year(question.year), question)
            case AskOffices():
                return self.offices(question)
            case AskCoverage():
                return self.coverage(question)
            case AskReview():
                reviews = self.view.lines(REVIEWS, self.moment)
                return review.review(reviews, self.posts(), question)
            case AskPolicies():
                return policies.policies(self.view.lines(POLICIES, self.moment), question)
            case AskFigure():
                return figures.figure_lines(question, self.answer(counted_by(question)))

    def of_year(self, year: Year, moment: Moment | None = None) -> ReadModel[MissionLine]:
        return self.view.lines(MISSIONS, moment or self.moment, years=(year,))

    def near(self, year: Year) -> ReadModel[MissionLine]:
        """With the years before, whose destinations June shows, and what is near the year's end."""
        return self.view.lines(MISSIONS, self.moment, years=range(year - YEARS_BACK, year + 2))

    def posts(self) -> ReadModel[PostLine]:
        return self.view.lines(POSTS, self.moment)

    def decided(self) -> ReadModel[PostLine]:
        """The posts once all that is decided has taken effect."""
        return self.view.lines(POSTS, replace(self.moment, as_of=None))

    def cycle(self, stream: CycleId) -> ReadModel[editions.CycleLine]:
        return self.view.lines(CYCLES, self.moment, streams=(stream,))

    def plan(self, question: AskPlan) -> mission_plan.Plan:
        adopted = self.view.lines(POLICIES, self.moment)
        topic = PolicyTopic.ROYAL_MISSIONS_A_YEAR
        agency = question.agency or self._secretariat
        return mission_plan.plan(
            self.of_year(question.year),
            question,
            royal_missions_a_year=policies.figure(adopted, topic, agency),
            area_manager_travels=policies.area_manager_travels(adopted, agency),
        )

    def offices(self, question: AskOffices) -> offices.JointList:
        claims = review.claims(self.view.lines(REVIEWS, self.moment))
        return offices.offices(self.posts(), self.decided(), claims, question)

    def coverage(self, question: AskCoverage) -> coverage.Coverage:
        now = self.posts()
        to_come = coverage.gaps_after(now, self.decided(), question)
        return replace(coverage.coverage(now, question), to_come=to_come)

    def difference(self, question: AskDifference) -> editions.Difference:
        year = editions.planned_year(question.cycle)
        published = self.cycle(question.cycle).lines.get(question.cycle)
        known = published.editions if published else ()
        before = self.of_year(year, self._frozen(known, question.before))
        later = self.moment
        if question.after is not None:
            later = self._frozen(known, question.after)
        return editions.difference(before, self.of_year(year, later), year)

    def _frozen(self, known: Sequence[Edition], name: EditionName) -> Moment:
        """What an edition froze, as of the day asked, so that it compares with any other moment."""
        for edition in known:
            if edition.edition == name:
                return Moment(heads=edition.heads, as_of=self.moment.as_of)
        allowed = ", ".join(edition.edition for edition in known) or "–"
        raise Rejected("cycle.edition-unknown", edition=name, allowed=allowed)


def moment_of(question: Question) -> Moment:
    return Moment(as_of=question.as_of, known_on=question.known_on)
