"""The answers to questions as pages for people: sentences and tables in the reader's language."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coordination.cli.tables import history, network, plan, planning, policies
from coordination.cli.tables.page import Page, Sheet
from coordination.wording import Reader
from projections.coverage import Coverage
from projections.editions import Difference, Editions
from projections.history import History
from projections.june import June
from projections.mission_plan import Plan
from projections.offices import JointList
from projections.policies import PolicyList
from projections.review import ReviewsOfYear
from projections.september import September

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
    }
)


# How much of a narrow terminal a column gets: identifiers are to be copied.
_SHARES = {
    "mission": 26,
    "own": 26,
    "other": 26,
    "post": 24,
    "what": 30,
    "what-changed": 30,
    "source": 30,
    "reference": 7,
    "state": 9,
    "day": 9,
    "recorded": 9,
    "from": 9,
    "country": 12,
    "number": 5,
}
_SHARE = 14
_UNLIMITED = 10_000


def print_answer(console: Console, reader: Reader, answer: Any) -> None:
    """Without the spaces that fill the lines of a table, so that what is pasted stays small."""
    with console.capture() as captured:
        for part in page_of(answer, reader):
            if isinstance(part, str):
                console.print(part, markup=False)
            else:
                console.print(_fitted(_table(part, reader), part, console))
    lines = captured.get().splitlines()
    console.file.write("\n".join(line.rstrip() for line in lines) + "\n")


def page_of(answer: Any, reader: Reader) -> Page:
    return _PAGES[type(answer)](answer, reader)


def _table(sheet: Sheet, reader: Reader) -> Table:
    """Ruled by spaces only, so that it stays readable on 80 columns."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left", title_style="bold")
    table.title = Text(sheet.title)
    for column in sheet.columns:
        vocabulary, _, code = column.rpartition(":")
        heading = reader.label(vocabulary, code) if vocabulary else reader.say(f"table.{column}")
        table.add_column(Text(heading), overflow="fold")
    for row in sheet.rows:
        table.add_row(*map(Text, row))
    return table


def _fitted(table: Table, sheet: Sheet, console: Console) -> Table:
    """A table that is too wide for the terminal is divided by what its columns hold."""
    unlimited = console.options.update(width=_UNLIMITED)
    if console.measure(table, options=unlimited).maximum > console.width:
        table.expand = True
        for column, key in zip(table.columns, sheet.columns, strict=True):
            column.ratio = _SHARES.get(key, _SHARE)
    return table
