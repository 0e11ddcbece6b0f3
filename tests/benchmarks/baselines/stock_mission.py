"""A mission as the library's users write one: an aggregate of decorated methods.

Each method has the fields of our event of its name, so that the stored data are comparable.
"""

from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from eventsourcing.domain import Aggregate, event

from schemas.mission import MissionPublished
from schemas.recorded_event import AnyEvent

Fields = dict[str, Any]


class Mission(Aggregate):
    @event("Published")
    def __init__(self, mission: str, plan: Fields) -> None:
        self.mission, self.plan = mission, plan
        self.talks: dict[str, Fields] = {}
        self.coordinators: list[Fields] = []
        self.promises: list[Fields] = []
        self.chain: list[Fields] = []
        self.confirmed = False
        self.held: Fields | None = None
        self.ended: Fields | None = None

    @staticmethod
    def create_id(mission: str, plan: Fields) -> UUID:
        return id_of(mission)

    @event("Revised")
    def revise(self, effective: str, changes: Fields, reason: str | None = None) -> None:
        self._not_over()
        self.plan.update(changes)

    @event("Rescheduled")
    def reschedule(
        self, effective: str, period: Fields, reason: str, travel: Fields | None = None
    ) -> None:
        self._not_over()
        self.chain.append({"period": self.plan["period"], "until": effective})
        self.plan.update(period=period, travel=travel)

    @event("LegsSet")
    def set_legs(self, effective: str, legs: list[Fields]) -> None:
        self._not_over()
        self.plan["legs"] = legs

    @event("Corrected")
    def correct(
        self,
        *,
        effective: str,
        changes: Fields,
        reason: str,
        period: Fields | None = None,
        travel: Fields | None = None,
        participants: list[Fields] | None = None,
        results: str | None = None,
        source: str | None = None,
    ) -> None:
        self.plan.update(changes)
        if self.held is not None and participants is not None:
            self.held["participants"] = participants

    @event("Requested")
    def request(self, effective: str, agency: str, terms: Fields) -> None:
        self._not_over()
        self.talks[agency] = {"standing": "requested", "terms": terms}

    @event("CounterProposed")
    def counter_propose(self, effective: str, partner: str, agency: str, terms: Fields) -> None:
        self._not_over()
        self.talks[partner] = {"standing": "counter-proposed", "by": agency, "terms": terms}

    @event("Accepted")
    def accept(self, effective: str, partner: str, agency: str, terms: Fields) -> None:
        self._not_over()
        self.talks[partner] = {"standing": "accepted", "terms": terms}

    @event("Declined")
    def decline(self, effective: str, partner: str, agency: str, reason: str) -> None:
        self._not_over()
        self.talks[partner] = {"standing": "declined"}

    @event("Withdrawn")
    def withdraw(self, effective: str, agency: str, reason: str | None = None) -> None:
        self._not_over()
        self.talks[agency] = {"standing": "withdrawn"}

    @event("CoordinatorNamed")
    def name_coordinator(self, effective: str, agency: str, role: str, contact: str) -> None:
        self.coordinators.append({"agency": agency, "role": role, "contact": contact})

    @event("Promised")
    def promise(
        self, effective: str, promise: str, period: Fields, where: Fields | None = None
    ) -> None:
        self.promises.append({"promise": promise, "period": period, "where": where})

    @event("Confirmed")
    def confirm(self, effective: str) -> None:
        self._not_over()
        self.confirmed = True

    @event("Held")
    def hold(
        self, effective: str, participants: list[Fields] | None = None, results: str | None = None
    ) -> None:
        self._not_over()
        self.held = {"on": effective, "participants": participants, "results": results}

    @event("Cancelled")
    def cancel(self, effective: str, reason: str) -> None:
        self._not_over()
        self.ended = {"on": effective, "reason": reason}

    @event("Replaced")
    def replace(self, effective: str, replacement: str, reason: str) -> None:
        self._not_over()
        self.ended = {"on": effective, "reason": reason, "replacement": replacement}

    def _not_over(self) -> None:
        if self.held is not None or self.ended is not None:
            raise ValueError(f"{self.mission} is over")


METHODS: dict[str, Callable[..., None]] = {
    "mission.revised": Mission.revise,
    "mission.rescheduled": Mission.reschedule,
    "mission.legs-set": Mission.set_legs,
    "mission.corrected": Mission.correct,
    "mission.co-organisation-requested": Mission.request,
    "mission.co-organisation-counter-proposed": Mission.counter_propose,
    "mission.co-organisation-accepted": Mission.accept,
    "mission.co-organisation-declined": Mission.decline,
    "mission.co-organisation-withdrawn": Mission.withdraw,
    "mission.coordinator-named": Mission.name_coordinator,
    "mission.action-promised": Mission.promise,
    "mission.confirmed": Mission.confirm,
    "mission.held": Mission.hold,
    "mission.cancelled": Mission.cancel,
    "mission.replaced": Mission.replace,
}


class Call(msgspec.Struct, frozen=True):
    """What is called on the aggregate of a mission, with plain values."""

    stream: str
    tag: str
    fields: Fields

    def on(self, mission: Mission | None) -> Mission:
        if mission is None:
            return Mission(self.stream, self.fields)
        METHODS[self.tag](mission, **self.fields)
        return mission


def id_of(mission: str) -> UUID:
    return uuid5(NAMESPACE_URL, mission)


def call_of(data: AnyEvent) -> Call:
    """Made before the clock runs: the library is given plain values that it can store as they
    are."""
    fields = msgspec.to_builtins(data)
    tag, stream = fields.pop("event"), fields["mission"]
    if not isinstance(data, MissionPublished):
        del fields["mission"]
    return Call(stream, tag, fields)
