"""The tables of the read models as a document, for whoever opens them with a tool of their own."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from projections.engine.layout import columns_of, commented_views_of
from projections.engine.projection import Projection

TITLE = "# The tables of the read models"
INTRODUCTION = """\
They are views of SQL, and never written by anybody but the service. Days are civil days in
Europe/Brussels. A list in a column is words with commas between them. A row is one thing as it
stands: today in the first view, and in the one `_to_come` what is decided for a later day."""


class ColumnDocument(Struct, frozen=True):
    name: str
    type: str
    meaning: str


class RelationDocument(Struct, frozen=True):
    name: str
    meaning: str
    columns: tuple[ColumnDocument, ...]


def relations(projections: Iterable[Projection[Any]]) -> tuple[RelationDocument, ...]:
    """The views of each projection, with their columns."""
    return tuple(
        RelationDocument(view, comment, tuple(_columns(projection)))
        for projection in projections
        for view, comment in commented_views_of(projection)
    )


def markdown(projections: Iterable[Projection[Any]]) -> str:
    parts = [TITLE, INTRODUCTION]
    for projection in projections:
        views = commented_views_of(projection)
        parts.append(f"## {projection.name}")
        parts.append("\n".join(f"- `{view}`: {comment}" for view, comment in views))
        rows = (f"| `{one.name}` | {one.type} | {one.meaning} |" for one in _columns(projection))
        parts.append("\n".join(["| column | type | what |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _columns(projection: Projection[Any]) -> Iterator[ColumnDocument]:
    return (ColumnDocument(name, str(kind), what) for name, kind, what in columns_of(projection))
