"""The answers to questions as flat rows for spreadsheets and programs: codes and ISO dates.

The header comes from the schema of the lines and not from the lines, so it is stable.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import msgspec

from coordination.cli import letter_rows
from coordination.cli.flat import Rows, cell, json_of, lines
from coordination.letters import AskedList, AskedWhole, Waiting
from coordination.upkeep import BuildList, BuildStanding
from projections.coverage import CountryCover, Cover, Coverage
from projections.editions import Difference, Edition, Editions
from projections.explanation import Explanation
from projections.figures import Counted, FigureLines
from projections.history import Entry, History
from projections.june import June, Meeting
from projections.mission_plan import Plan, PlanRow
from projections.offices import JointList, OfficeRow
from projections.policies import Policy, PolicyList
from projections.review import ReviewedPost, ReviewsOfYear
from projections.september import BoardRow, September


def csv_of(answer: Any) -> str:
    header, rows = _ROWS[type(answer)](answer)
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return written.getvalue()


def _plan(answer: Plan) -> Rows:
    header = ("mission", "owner", "part", *_PLANNED, "state", "tag", "regions", "illustrative")
    parts = {
        "missions": answer.missions,
        "undated": answer.undated,
        "moved-away": answer.moved_away,
        "ended": answer.ended,
    }
    return header, (_planned(part, row) for part, rows in parts.items() for row in rows)


_PLANNED = (
    "title.fr",
    "title.nl",
    "title.en",
    "title.de",
    "action",
    "period",
    "travel",
    "places",
    "sectors",
    "themes",
    "coordinated_by",
    "partners",
    "cost",
)


def _planned(part: str, row: PlanRow) -> Sequence[Any]:
    line = row.line
    planned = (attrgetter(name)(line) for name in _PLANNED)
    derived = (row.state, row.tag, row.regions, row.illustrative)
    return line.mission, line.owner, part, *planned, *derived


def _september(answer: September) -> Rows:
    """A row for each wish; an action nobody wishes to join has one without."""
    return (*_PROPOSED, *_WISHED), (row for one in answer.rows for row in _proposed(one))


_PROPOSED = (
    "mission",
    "owner",
    "title.fr",
    "title.nl",
    "title.en",
    "title.de",
    "action",
    "period",
    "places",
    "sectors",
    "coordinated_by",
    "state",
    "tag",
    "regions",
    "undecided",
    "illustrative",
)
_WISHED = ("wish", "standing", "since", "waits_for", "terms", "overdue")


def _proposed(row: BoardRow) -> Iterator[Sequence[Any]]:
    proposed = [attrgetter(name)(row) for name in _PROPOSED]
    if not row.wishes:
        yield *proposed, *(None for _ in _WISHED)
    for wish in row.wishes:
        one = wish.co_organisation
        said = (one.agency, one.standing, one.since, one.waits_for, one.terms, wish.overdue)
        yield *proposed, *said


def _june(answer: June) -> Rows:
    header = ("kind", *Meeting.__struct_fields__)
    kinds = {"conflict": answer.conflicts, "synergy": answer.synergies}
    return header, (
        (kind, *msgspec.structs.astuple(one)) for kind, met in kinds.items() for one in met
    )


def _editions(answer: Editions) -> Rows:
    return lines(Edition, answer.cycle.editions if answer.cycle else ())


def _difference(answer: Difference) -> Rows:
    """A row for each field that changed; a mission added or removed has one without a field."""
    header = ("mission", "kind", "period", "field", "before", "after", "reason", "behind")
    return header, _differences(answer)


def _differences(answer: Difference) -> Iterator[Sequence[Any]]:
    for one in answer.added:
        yield one.mission, "added", one.period, None, None, None, None, one.behind
    for kind, lines_of_kind in {"moved": answer.moved, "changed": answer.changed}.items():
        for line in lines_of_kind:
            for change in line.changes:
                was, now = map(json_of, (change.before, change.after))
                yield line.mission, kind, line.period, change.field, was, now, None, line.behind
    for gone in answer.removed:
        yield gone.mission, gone.why, gone.period, None, None, None, gone.reason, gone.behind


def _history(answer: History) -> Rows:
    return lines(Entry, answer.entries)


def _explanation(answer: Explanation) -> Rows:
    header = ("part", *Entry.__struct_fields__)
    parts = {
        "behind": answer.behind,
        "without-effect": answer.without_effect,
        "to-come": answer.to_come,
    }
    return header, (
        (part, *msgspec.structs.astuple(entry))
        for part, entries in parts.items()
        for entry in entries
    )


def _figure(answer: FigureLines) -> Rows:
    return lines(Counted, answer.lines)


def _builds(answer: BuildList) -> Rows:
    return lines(BuildStanding, answer.builds)


def _joint_list(answer: JointList) -> Rows:
    return lines(OfficeRow, (*answer.posts, *answer.not_yet_open, *answer.closed))


def _coverage(answer: Coverage) -> Rows:
    """A row for each post that covers a country for an agency; an empty one where none does."""
    header = ("country", "agency", *Cover.__struct_fields__)
    return header, (row for country in answer.countries for row in _covers(country))


def _covers(line: CountryCover) -> Iterator[Sequence[Any]]:
    for one in line.agencies:
        for cover in one.covers:
            yield line.country, one.agency, *msgspec.structs.astuple(cover)
        if not one.covers:
            yield line.country, one.agency, *(None for _ in Cover.__struct_fields__)


def _reviews(answer: ReviewsOfYear) -> Rows:
    header = ("review", *ReviewedPost.__struct_fields__)
    return header, (
        (one.review, *msgspec.structs.astuple(post)) for one in answer.reviews for post in one.posts
    )


def _policies(answer: PolicyList) -> Rows:
    return lines(Policy, answer.policies)


_ROWS: Mapping[type, Callable[[Any], Rows]] = MappingProxyType(
    {
        Plan: _plan,
        September: _september,
        June: _june,
        Editions: _editions,
        Difference: _difference,
        JointList: _joint_list,
        Coverage: _coverage,
        ReviewsOfYear: _reviews,
        PolicyList: _policies,
        History: _history,
        Explanation: _explanation,
        FigureLines: _figure,
        BuildList: _builds,
        Waiting: letter_rows.waiting,
        AskedList: letter_rows.asked,
        AskedWhole: letter_rows.asked,
    }
)
