"""Cells of rows, and what they mean: the same in SQLite, which has them as text, and PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

Row = TypeVar("Row", bound=Struct)


def moment(time: datetime) -> str:
    """So that moments order as text, too."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(cell: Any) -> datetime:
    return cell.astimezone(UTC) if isinstance(cell, datetime) else datetime.fromisoformat(cell)


def day_of(cell: Any) -> date:
    return cell if isinstance(cell, date) else date.fromisoformat(cell)


def row_of(kind: type[Row], cells: Sequence[Any]) -> Row:
    """A row whose columns are the fields of `kind`, in their order."""
    fields = dict(zip(kind.__struct_fields__, cells, strict=True))
    return msgspec.convert(fields, kind, strict=False)  # SQLite has 0 and 1 for no and yes


def cells_of(row: Struct) -> list[Any]:
    """The fields as columns, in their order."""
    values = msgspec.structs.astuple(row)
    return [moment(value) if isinstance(value, datetime) else value for value in values]


def columns_of(kind: type[Struct]) -> str:
    return ", ".join(kind.__struct_fields__)
