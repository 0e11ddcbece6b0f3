"""The September board: what is proposed for a year, who wishes to join, and what is decided."""

from datetime import date

from msgspec import Struct

from projections.mission_line import CoOrganisation, MissionLine
from projections.mission_plan import in_order, on_the_table
from projections.read_model import ReadModel, Reference
from schemas.action import ActionType, MissionId, MissionState, Tag
from schemas.asking import AskSeptember
from schemas.period import Period, Year
from schemas.vocabulary import Agency, Organisation, Place, Sector, Title


class Wish(Struct, frozen=True, kw_only=True):
    """What an agency said of an action; `overdue` when its answer was due before the day asked."""

    co_organisation: CoOrganisation
    overdue: bool


class BoardRow(Struct, frozen=True, kw_only=True):
    mission: MissionId
    owner: Agency
    coordinated_by: Organisation | None
    title: Title
    action: ActionType
    period: Period
    places: tuple[Place, ...]
    sectors: tuple[Sector, ...]
    state: MissionState
    tag: Tag
    regions: tuple[Agency, ...]
    wishes: tuple[Wish, ...]
    undecided: bool
    illustrative: bool
    behind: tuple[Reference, ...]


class September(Struct, frozen=True, kw_only=True):
    """What is planned or confirmed, with or without a date yet; of what was held nothing is left
    to decide. `decided`: rows with a wish and nobody left to answer; `undecided`: rows that
    wait."""

    year: Year
    rows: tuple[BoardRow, ...]
    proposed: int
    decided: int
    undecided: int


def september(missions: ReadModel[MissionLine], question: AskSeptember) -> September:
    """What waits comes first; a day asked judges what is overdue."""
    lines = (line for line in in_order(missions) if on_the_table(line, question.year))
    rows = [_row(line, missions, question.as_of) for line in lines if line.held_on is None]
    rows.sort(key=lambda row: not row.undecided)
    undecided = sum(row.undecided for row in rows)
    return September(
        year=question.year,
        rows=tuple(rows),
        proposed=len(rows),
        decided=sum(bool(row.wishes) for row in rows) - undecided,
        undecided=undecided,
    )


def _row(line: MissionLine, missions: ReadModel[MissionLine], day: date | None) -> BoardRow:
    return BoardRow(
        mission=line.mission,
        owner=line.owner,
        coordinated_by=line.coordinated_by,
        title=line.title,
        action=line.action,
        period=line.period,
        places=line.places,
        sectors=line.sectors,
        state=line.state,
        tag=line.tag,
        regions=line.regions,
        wishes=tuple(
            Wish(co_organisation=one, overdue=_overdue(one, day)) for one in line.co_organisations
        ),
        undecided=line.open_for_answer,
        illustrative=line.illustrative,
        behind=missions.behind[line.mission],
    )


def _overdue(one: CoOrganisation, day: date | None) -> bool:
    due = one.answer_due
    return one.waits_for is not None and due is not None and day is not None and due < day
