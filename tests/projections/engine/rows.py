"""All that a database of read models holds of its builds, the same for every database."""

from datetime import date, datetime
from typing import Any, TypeAlias

from projections.engine.cells import moment
from projections.engine.database import Transaction
from projections.engine.read_models import ReadModels

Rows: TypeAlias = dict[str, list[tuple[Any, ...]]]
ORDER = {"": "stream, step", "_snapshots": "stream, version", "_years": "year, stream"}


def rows_of(read_models: ReadModels) -> Rows:
    """Every row of every table of this program's builds, by table."""
    with read_models.database.reading() as transaction:
        builds = read_models.builds.own(transaction)
        return {
            f"{build.projection}{part}": selected(
                transaction, f"SELECT * FROM {build.table}{part} ORDER BY {order}"
            )
            for build in builds
            for part, order in ORDER.items()
        }


def selected(transaction: Transaction, sql: str) -> list[tuple[Any, ...]]:
    """Rows with each cell as SQLite has it: PostgreSQL gives days, moments and truth values."""
    return sorted(
        (tuple(_plain(cell) for cell in row) for row in transaction.select(sql)), key=repr
    )


def _plain(cell: Any) -> Any:
    match cell:
        case datetime():
            return moment(cell)
        case date():
            return cell.isoformat()
        case bool():
            return int(cell)
    return cell
