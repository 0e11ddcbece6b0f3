"""What agencies ask of a few missions again and again, each time something new."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, cycle

from schemas.action import ActionType, MissionChanges
from schemas.co_organisation import RequestCoOrganisation, Terms
from schemas.mission import PublishMission, ReviseMission
from schemas.period import Days
from schemas.vocabulary import Agency, Place, Sector, Title


def publications(
    owner: Agency, today: date, missions: int, words: str = "asked"
) -> list[PublishMission]:
    """The missions, held a year later; `words` become part of their identifiers."""
    held = today + timedelta(days=365)
    return [
        PublishMission(
            by=owner,
            effective=today,
            mission=f"mission-{owner}-{held.year}-{words}-{number}",
            title=Title(en=f"Mission {number}"),
            action=ActionType.AGENCY_MISSION,
            period=Days(start=held, end=held + timedelta(days=4)),
            places=(Place(country="JP", city="Tokyo"),),
            sectors=(Sector.DIGITAL,),
        )
        for number in range(missions)
    ]


def revisions(published: list[PublishMission]) -> Iterator[ReviseMission]:
    """Asked by the owner: an event each."""
    for number, one in zip(count(), cycle(published)):
        yield ReviseMission(
            by=one.by,
            effective=one.effective,
            mission=one.mission,
            changes=MissionChanges(themes=(f"theme {number}",)),
        )


def requests(published: list[PublishMission], by: Agency) -> Iterator[RequestCoOrganisation]:
    """Asked by another agency, on new terms each time: an event each."""
    for number, one in zip(count(), cycle(published)):
        yield RequestCoOrganisation(
            by=by,
            effective=one.effective,
            mission=one.mission,
            terms=Terms(reason=f"reason {number}"),
        )
