"""What a page for people is made of: sentences and tables, in the words of the reader."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from coordination.catalogues import Parameter
from coordination.wording import Reader

ILLUSTRATIVE = "°"  # beside every line with an illustrative element, explained below the table


class Sheet(Struct, frozen=True):
    """A table with its title, by key and in words; `columns` are keys below `table.`."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Page: TypeAlias = list[Sheet | str]


def sheet(
    reader: Reader,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    **parameters: Parameter,
) -> Page:
    """A table, or nothing where it would have no rows."""
    kept = tuple(tuple(row) for row in rows)
    if not kept:
        return []
    return [Sheet(title, reader.say(title, **parameters), tuple(columns), kept)]


def marked(text: str, illustrative: bool) -> str:
    return f"{text} {ILLUSTRATIVE}" if illustrative else text


def footnote(reader: Reader, illustrative: int) -> Page:
    if not illustrative:
        return []
    return [reader.say("table.illustrative-note", mark=ILLUSTRATIVE, count=illustrative)]
