"""What somebody may do next with a thing as it stands: the ways to the forms, prefilled.

The deciders decide; this only spares people the forms that would be refused.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from coordination.access import DECIDES, Role
from coordination.web import blanks
from coordination.web.form import KINDS, subject
from coordination.web.visit import Visit
from projections.mission_line import CoOrganisation, MissionLine
from schemas.action import MissionState
from schemas.co_organisation import CounterProposeCoOrganisation, Standing
from schemas.message import name, stream_of
from schemas.mission import RescheduleMission, SetLegs
from schemas.period import bounds
from schemas.recorded_event import AnyEvent
from schemas.vocabulary import Agency

OPEN = (MissionState.PLANNED, MissionState.CONFIRMED)


class Offer(Struct, frozen=True):
    """A command by its name, with what is said already."""

    command: str
    given: Mapping[str, Any]
    first: bool = False  # what waits for who reads

    def address(self, visit: Visit) -> str:
        """With what is given as dotted names, several values of one name each for itself."""
        return visit.to_command(self.command, self.given)


def role_for(visit: Visit, command: str) -> Role | None:
    """The role in which somebody may ask for a command; None where they may not."""
    assert visit.person is not None
    roles = DECIDES[command.partition(".")[0]]
    return next((role for role in roles if role in visit.person.roles), None)


def only_reads(visit: Visit, subject: str) -> str:
    """Why somebody is offered nothing: the role they have, and those that decide; else empty."""
    assert visit.person is not None
    if role_for(visit, f"{subject}.") is not None:
        return ""
    roles = tuple(visit.person.roles)
    return visit.reader.say("web.only-reads", role=roles, allowed=named_roles(visit, subject))


def named_roles(visit: Visit, subject: str) -> str:
    return visit.reader.listed(visit.reader.label("role", one) for one in DECIDES[subject])


def of_mission(line: MissionLine, visit: Visit) -> list[Offer]:
    """Nothing of another moment than now, and nothing for who only reads."""
    if visit.in_time or role_for(visit, "mission.publish") is None:
        return []
    return list(_of_mission(line, visit))


def _of_mission(line: MissionLine, visit: Visit) -> Iterator[Offer]:
    agency, this = visit.agency, {"mission": line.mission}
    if line.ending is not None:
        return
    if line.state in OPEN:
        for one in line.co_organisations:
            if one.waits_for == agency:
                yield from _answers(line, one)
        yield from _joining(line, agency)
        if agency in line.regions and len(line.regions) > bool(line.coordinated_by is None):
            yield Offer("mission.name-coordinator", this)
    if agency != line.owner:
        return
    if line.state is MissionState.PLANNED:
        yield Offer("mission.confirm", this)
    if line.state in OPEN:
        yield Offer("mission.revise", this)
        yield Offer("mission.reschedule", {**this, **_said(RescheduleMission, line)})
        yield Offer("mission.set-legs", {**this, **_said(SetLegs, line)})
        days = bounds(line.period)
        if days is None or days.start <= visit.today:
            yield Offer("mission.hold", this)
    yield Offer("mission.promise-action", this)
    yield Offer("mission.correct", this)
    if line.state in OPEN:
        yield Offer("mission.replace", this)
        yield Offer("mission.cancel", this)


def _said(kind: type[Struct], line: MissionLine) -> dict[str, Any]:
    """What a form begins with, of what the line says."""
    return blanks.spread(
        kind, {name: value for name, value in blanks.plain(line).items() if name != "mission"}
    )


def _answers(line: MissionLine, one: CoOrganisation) -> Iterator[Offer]:
    """With the terms of the other side, to be changed."""
    both = {"mission": line.mission, "partner": one.agency}
    yield Offer("mission.accept-co-organisation", both, first=True)
    yield Offer("mission.counter-propose-co-organisation", {**both, **terms_of(one)}, first=True)
    yield Offer("mission.decline-co-organisation", both, first=True)


def terms_of(one: CoOrganisation) -> dict[str, Any]:
    if one.terms is None:
        return {}
    terms = {**blanks.plain(one.terms), "reason": None, "answer_due": None}
    return blanks.spread(CounterProposeCoOrganisation, {"terms": terms})


def _joining(line: MissionLine, agency: Agency) -> Iterator[Offer]:
    this = {"mission": line.mission}
    if may_ask_to_join(line, agency):
        yield Offer("mission.request-co-organisation", this, first=True)
    elif any(one.agency == agency for one in line.co_organisations):
        yield Offer("mission.withdraw-co-organisation", this)


def may_ask_to_join(line: MissionLine, agency: Agency) -> bool:
    """Of what it does not lead, and has not asked for or joined already."""
    talks = (one for one in line.co_organisations if one.agency == agency)
    if any(one.standing not in (Standing.DECLINED, Standing.WITHDRAWN) for one in talks):
        return False
    leads = agency == line.owner and line.coordinated_by is None
    return line.state in OPEN and not leads


# What corrects or takes back what an event says.
UNDOING: Mapping[str, str] = MappingProxyType(
    {
        "mission.published": "mission.revise",
        "mission.revised": "mission.revise",
        "mission.rescheduled": "mission.reschedule",
        "mission.legs-set": "mission.set-legs",
        "mission.co-organisation-requested": "mission.withdraw-co-organisation",
        "mission.co-organisation-accepted": "mission.withdraw-co-organisation",
        "mission.co-organisation-counter-proposed": "mission.withdraw-co-organisation",
        "mission.co-organisation-withdrawn": "mission.request-co-organisation",
        "mission.coordinator-named": "mission.name-coordinator",
        "mission.held": "mission.correct",
        "mission.corrected": "mission.correct",
        "post.announced": "post.revise",
        "post.revised": "post.revise",
        "post.staffed": "post.vacate",
        "post.vacated": "post.staff",
        "post.relocated": "post.relocate",
        "post.area-changed": "post.change-area",
        "post.shared": "post.stop-sharing",
        "post.sharing-stopped": "post.share",
        "post.closing-decided": "post.withdraw-closing",
        "post.closed": "post.withdraw-closing",
        "post.closing-withdrawn": "post.decide-closing",
        "review.post-gone-through": "review.go-through-post",
        "policy.adopted": "policy.adopt",
    }
)
_THE_PARTNERS = frozenset({"mission.withdraw-co-organisation"})  # only who joined may leave


def undoing(event: AnyEvent, agency: Agency) -> Offer | None:
    """What would correct an event, about the same: for the agency that asked for it."""
    command = UNDOING.get(name(event))
    if command is None:
        return None
    if command in _THE_PARTNERS and getattr(event, "partner", agency) != agency:
        return None
    kept = {subject(KINDS[command]): stream_of(event)}
    for field in ("beneficiary", "post"):
        if field in KINDS[command].__struct_fields__ and hasattr(event, field):
            kept[field] = getattr(event, field)
    return Offer(command, kept)
