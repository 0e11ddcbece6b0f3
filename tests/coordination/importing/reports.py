"""What an import reported and made, as the tests compare it."""

from collections import Counter
from pathlib import Path

from coordination.importing import ImportReport, import_file
from coordination.importing.sheet import RowProblem
from coordination.service import Service
from projections.mission_line import MissionLine
from projections.post_line import PostLine
from projections.read_model import Moment
from tests.coordination.importing.files import MISSION, POST, written

Told = tuple[str, str, str]


def fates(report: ImportReport) -> dict[str, int]:
    return dict(Counter(one.fate.value for one in report.fates))


def mission(service: Service, stream: str = "mission-awex-mission-to-hanoi") -> MissionLine:
    return service.questions.missions(Moment()).lines[stream]


def post(service: Service, stream: str = "post-hub-hanoi") -> PostLine:
    return service.questions.posts(Moment()).lines[stream]


def problem(row: int, column: str, given: str, expected: str, **parameters: str) -> RowProblem:
    return RowProblem(
        row=row,
        column=column,
        given=given,
        expected=expected,
        parameters=dict(parameters),
    )


class Importer:
    """Imports rows as files that differ from the usual row in what a test names."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service, self.folder = service, folder

    def rows(self, what: str, *rows: dict[str, str]) -> ImportReport:
        return import_file(self.service, what, written(self.folder / f"{what}.csv", list(rows)))

    def mission(self, **cells: str) -> ImportReport:
        return self.rows("missions", MISSION | cells)

    def post(self, **cells: str) -> ImportReport:
        return self.rows("posts", POST | cells)


def told(report: ImportReport) -> list[Told]:
    return [(one.column, one.given, one.expected) for one in report.problems]
