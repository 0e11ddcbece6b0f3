"""Every question, put to the projections that answer it.

The events are read once and then from where reading stopped; each answer is a fold of them at the
moment that the question names.
"""

from typing import Any, TypeVar

from msgspec.structs import replace

from coordination.deciders.rejection import Rejected
from coordination.store.event_store import EventStore
from projections import (
    coverage,
    editions,
    history,
    june,
    mission_plan,
    missions,
    offices,
    policies,
    posts,
    review,
    september,
)
from projections.mission_line import MissionLine
from projections.post_line import PostLine
from projections.read_model import Evolve, Moment, ReadModel, fold
from schemas.asking import (
    AnyQuestion,
    AskCoverage,
    AskDifference,
    AskEditions,
    AskHistory,
    AskJune,
    AskOffices,
    AskPlan,
    AskPolicies,
    AskReview,
    AskSeptember,
    Question,
)
from schemas.cycle import EditionName
from schemas.policy import PolicyTopic
from schemas.recorded_event import RecordedEvent
from schemas.vocabulary import Agency

Line = TypeVar("Line")


class Questions:
    def __init__(self, store: EventStore, secretariat: Agency) -> None:
        self._reading = store.reading()
        self._events: list[RecordedEvent] = []
        self._secretariat = secretariat

    def events(self) -> list[RecordedEvent]:
        """All that is recorded, in the order of the store."""
        self._events.extend(self._reading.more())
        return self._events

    def fold(self, evolve: Evolve[Line], moment: Moment) -> ReadModel[Line]:
        return fold(evolve, self.events(), moment)

    def missions(self, moment: Moment) -> ReadModel[MissionLine]:
        return self.fold(missions.evolve, moment)

    def posts(self, moment: Moment) -> ReadModel[PostLine]:
        return self.fold(posts.evolve, moment)

    def answer(self, question: AnyQuestion) -> Any:
        """The result Struct of the projection. Raises Rejected for an edition that is not there."""
        moment = moment_of(question)
        match question:
            case AskPlan():
                return self.plan(question, moment)
            case AskEditions():
                return editions.editions(self.fold(editions.evolve, moment), question.cycle)
            case AskDifference():
                return self.difference(question, moment)
            case AskJune():
                return june.june(self.missions(moment), question)
            case AskSeptember():
                return september.september(self.missions(moment), question)
            case AskOffices():
                return self.offices(question, moment)
            case AskCoverage():
                return self.coverage(question, moment)
            case AskReview():
                reviews = self.fold(review.evolve, moment)
                return review.review(reviews, self.posts(moment), question)
            case AskPolicies():
                return policies.policies(self.fold(policies.evolve, moment), question)
            case AskHistory():
                return history.history(self.events(), question.stream, moment)

    def plan(self, question: AskPlan, moment: Moment) -> mission_plan.Plan:
        adopted = self.fold(policies.evolve, moment)
        topic = PolicyTopic.ROYAL_MISSIONS_A_YEAR
        agency = question.agency or self._secretariat
        return mission_plan.plan(
            self.missions(moment),
            question,
            royal_missions_a_year=policies.figure(adopted, topic, agency),
            area_manager_travels=lambda participants: policies.area_manager_travels(
                participants, adopted, agency
            ),
        )

    def offices(self, question: AskOffices, moment: Moment) -> offices.JointList:
        decided = self.posts(replace(moment, as_of=None))
        claims = review.claims(self.fold(review.evolve, moment))
        return offices.offices(self.posts(moment), decided, claims, question)

    def coverage(self, question: AskCoverage, moment: Moment) -> coverage.Coverage:
        now, decided = self.posts(moment), self.posts(replace(moment, as_of=None))
        to_come = coverage.gaps_after(now, decided, question)
        return replace(coverage.coverage(now, question), to_come=to_come)

    def difference(self, question: AskDifference, moment: Moment) -> editions.Difference:
        year = editions.planned_year(question.cycle)
        before = self.missions(self._edition(question, question.before, moment))
        later = moment
        if question.after is not None:
            later = self._edition(question, question.after, moment)
        return editions.difference(before, self.missions(later), year)

    def _edition(self, question: AskDifference, name: EditionName, moment: Moment) -> Moment:
        """What an edition froze, as of the day asked, so that it compares with any other moment."""
        cycle = self.fold(editions.evolve, moment).lines.get(question.cycle)
        known = cycle.editions if cycle else ()
        for edition in known:
            if edition.edition == name:
                return Moment(heads=edition.heads, as_of=moment.as_of)
        allowed = ", ".join(edition.edition for edition in known) or "–"
        raise Rejected("cycle.edition-unknown", edition=name, allowed=allowed)


def moment_of(question: Question) -> Moment:
    return Moment(as_of=question.as_of, known_on=question.known_on)
