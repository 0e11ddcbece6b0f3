"""The fold over what happened to missions: one line per mission."""

from msgspec import structs
from msgspec.structs import replace

from projections.mission_line import (
    Coordinator,
    CoOrganisation,
    Correction,
    Dated,
    Ending,
    MissionLine,
    Promised,
)
from schemas.co_organisation import (
    CoordinatorNamed,
    CoOrganisationAccepted,
    CoOrganisationCounterProposed,
    CoOrganisationDeclined,
    CoOrganisationRequested,
    CoOrganisationWithdrawn,
    Standing,
    Terms,
)
from schemas.message import owner_of, said
from schemas.mission import (
    ActionPromised,
    LegsSet,
    MissionCancelled,
    MissionConfirmed,
    MissionCorrected,
    MissionHeld,
    MissionPublished,
    MissionReplaced,
    MissionRescheduled,
    MissionRevised,
)
from schemas.recorded_event import AnyEvent, Told
from schemas.vocabulary import Agency


def evolve(line: MissionLine | None, recorded: Told) -> MissionLine | None:
    """Total: what cannot follow leaves the line as it was."""
    event = recorded.data
    if line is None:
        return published(event) if isinstance(event, MissionPublished) else None
    match event:
        case MissionRevised():
            return replace(line, **said(event.changes))
        case MissionRescheduled():
            return rescheduled(line, event)
        case LegsSet():
            return replace(line, legs=event.legs)
        case MissionCorrected():
            return corrected(line, event)
        case CoordinatorNamed():
            named = Coordinator(agency=event.agency, role=event.role, contact=event.contact)
            return replace(line, coordinators=(*line.coordinators, named))
        case ActionPromised():
            promised = Promised(promise=event.promise, period=event.period, where=event.where)
            return replace(line, promises=(*line.promises, promised))
        case MissionConfirmed():
            return replace(line, confirmed_on=event.effective)
        case MissionHeld():
            return replace(
                line,
                held_on=event.effective,
                participants=event.participants,
                results=event.results,
            )
        case MissionCancelled():
            return replace(line, ending=Ending(on=event.effective, reason=event.reason))
        case MissionReplaced():
            ending = Ending(on=event.effective, reason=event.reason, replacement=event.replacement)
            return replace(line, ending=ending)
    return co_organised(line, event)


def published(event: MissionPublished) -> MissionLine:
    fields = structs.asdict(event)
    published_on = fields.pop("effective")
    return MissionLine(owner=owner_of(event.mission), published_on=published_on, **fields)


def rescheduled(line: MissionLine, event: MissionRescheduled) -> MissionLine:
    """The period before stays in the chain: two postponements leave three dates to tell."""
    before = Dated(
        period=line.period, travel=line.travel, until=event.effective, reason=event.reason
    )
    return replace(line, period=event.period, travel=event.travel, chain=(*line.chain, before))


def corrected(line: MissionLine, event: MissionCorrected) -> MissionLine:
    """A correction moves nothing: the value was always meant to be this one."""
    correction = Correction(on=event.effective, reason=event.reason, source=event.source)
    return replace(
        line,
        **said(event.changes),
        period=event.period or line.period,
        travel=event.travel or line.travel,
        participants=line.participants if event.participants is None else event.participants,
        results=event.results or line.results,
        corrections=(*line.corrections, correction),
    )


def co_organised(line: MissionLine, event: AnyEvent) -> MissionLine:
    """The last word with an agency; the other side of who spoke last has to answer."""
    match event:
        case CoOrganisationRequested():
            word = CoOrganisation(
                agency=event.agency,
                standing=Standing.REQUESTED,
                terms=event.terms,
                since=event.effective,
                waits_for=line.owner,
                reason=event.terms.reason,
            )
        case CoOrganisationCounterProposed():
            word = CoOrganisation(
                agency=event.partner,
                standing=Standing.COUNTER_PROPOSED,
                terms=event.terms,
                since=event.effective,
                waits_for=event.partner if event.agency == line.owner else line.owner,
                reason=event.terms.reason,
            )
        case CoOrganisationAccepted():
            word = CoOrganisation(
                agency=event.partner,
                standing=Standing.ACCEPTED,
                terms=event.terms,
                since=event.effective,
            )
        case CoOrganisationDeclined():
            word = CoOrganisation(
                agency=event.partner,
                standing=Standing.DECLINED,
                terms=latest_terms(line, event.partner),
                since=event.effective,
                reason=event.reason,
            )
        case CoOrganisationWithdrawn():
            word = CoOrganisation(
                agency=event.agency,
                standing=Standing.WITHDRAWN,
                terms=latest_terms(line, event.agency),
                since=event.effective,
                reason=event.reason,
            )
        case _:
            return line
    others = (one for one in line.co_organisations if one.agency != word.agency)
    words = sorted((*others, word), key=lambda one: one.agency)
    left = word.agency if word.standing is Standing.WITHDRAWN else None
    return replace(
        line,
        co_organisations=tuple(words),
        coordinators=tuple(one for one in line.coordinators if one.agency != left),
    )


def latest_terms(line: MissionLine, agency: Agency) -> Terms | None:
    """What was on the table stays to be read when the talk ends without consent."""
    return next((one.terms for one in line.co_organisations if one.agency == agency), None)
