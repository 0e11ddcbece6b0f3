"""The answers to questions as pages for people: sentences and tables in the reader's language."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coordination.cli.tables import (
    bus,
    explanation,
    history,
    letters,
    network,
    plan,
    planning,
    policies,
    upkeep,
)
from coordination.cli.tables.fitting import widths
from coordination.cli.tables.page import Page, Sheet
from coordination.letters import AskedList, AskedWhole, Waiting
from coordination.upkeep import BuildList
from coordination.wording import Reader
from projections.coverage import Coverage
from projections.editions import Difference, Editions
from projections.explanation import Explanation
from projections.figures import FigureLines
from projections.history import History
from projections.june import June
from projections.mission_plan import Plan
from projections.offices import JointList
from projections.policies import PolicyList
from projections.review import ReviewsOfYear
from projections.september import September
from schemas.health import Health

_PAGES: Mapping[type, Callable[[Any, Reader], Page]] = MappingProxyType(
    {
        Plan: plan.plan,
        September: plan.september,
        June: planning.june,
        Editions: planning.editions,
        Difference: planning.difference,
        JointList: network.joint_list,
        Coverage: network.coverage,
        ReviewsOfYear: network.reviews,
        PolicyList: policies.policies,
        History: history.history,
        Explanation: explanation.explanation,
        FigureLines: explanation.figure,
        BuildList: upkeep.builds,
        Waiting: letters.waiting,
        AskedList: letters.asked,
        AskedWhole: letters.asked_whole,
        Health: bus.health,
    }
)


_GAP = 3  # characters between two columns: their paddings and the rule
_DAYS = frozenset(
    {"day", "since", "closed-on", "recorded", "from", "reference", "state", "position", "asked-at"}
)


def print_answer(
    console: Console, reader: Reader, answer: Any, only: Collection[str] | None = None
) -> None:
    """All of an answer, or `only` its sentences and the tables with these keys."""
    print_narrow(console, reader, page_of(answer, reader), only)


def print_narrow(
    console: Console, reader: Reader, page: Page, only: Collection[str] | None = None
) -> None:
    """Without the spaces that fill the lines of a table, so that what is pasted stays small."""
    with console.capture() as captured:
        print_page(console, reader, page, only)
    lines = captured.get().splitlines()
    console.file.write("\n".join(line.rstrip() for line in lines) + "\n")


def print_page(
    console: Console, reader: Reader, page: Page, only: Collection[str] | None = None
) -> None:
    """As the console lays it out."""
    for part in page:
        if isinstance(part, str):
            console.print(part, markup=False)
        elif only is None or part.key in only:
            console.print(Text(part.title, style="bold"))
            console.print(_table(part, reader, console.width))


def page_of(answer: Any, reader: Reader) -> Page:
    return _PAGES[type(answer)](answer, reader)


def _table(sheet: Sheet, reader: Reader, width: int) -> Table:
    """Ruled by spaces only, so that it stays readable on 80 columns."""
    headings = [_heading(column, reader) for column in sheet.columns]
    columns = [[heading, *cells] for heading, *cells in zip(headings, *sheet.rows, strict=True)]
    whole = [place for place, column in enumerate(sheet.columns) if column in _DAYS]
    fitted = widths(columns, width - _GAP * len(columns), whole)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, wide in zip(headings, fitted, strict=True):
        table.add_column(Text(heading), overflow="fold", width=wide)
    for row in sheet.rows:
        table.add_row(*map(Text, row))
    return table


def _heading(column: str, reader: Reader) -> str:
    """A key below `table.`, or a label such as `agency:awex`."""
    vocabulary, _, code = column.rpartition(":")
    return reader.label(vocabulary, code) if vocabulary else reader.say(f"table.{column}")
