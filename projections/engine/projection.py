"""A projection as the engine takes it: a fold, and how its lines look as rows of a table."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, TypeAlias

from msgspec import Struct

from projections.read_model import Evolve, Line

Cell: TypeAlias = str | int | bool | date | None


class Kind(StrEnum):
    """The types of columns, in words that every SQL database has."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"


class Column(Struct, Generic[Line], frozen=True):
    """A column for whoever reads the table with a tool of their own."""

    name: str
    kind: Kind
    comment: str
    of: Callable[[Line], Cell]


class Projection(Struct, Generic[Line], frozen=True, kw_only=True):
    """
    `name` is that of its table, `subject` that of the streams it folds.

    `years` says of a kind of event under which years its line is to be found from then on, at
    whatever moment one asks: rather one too many than one too few.
    """

    name: str
    subject: str
    comment: str
    line: type[Line]
    evolve: Evolve[Line]
    columns: tuple[Column[Line], ...]
    years: Mapping[type, Callable[[Any], Iterable[int]]] = MappingProxyType({})


def listed(words: Iterable[object]) -> str:
    """A list in a cell: words with commas between them."""
    return ", ".join(str(word) for word in words)
