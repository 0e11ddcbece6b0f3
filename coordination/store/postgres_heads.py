"""The part of a PostgreSQL statement that moves heads from where they were, and only from there.

`MOVES` are table expressions for its WITH, `wanted` the four values that they take, `MOVED` the
column that names the ledgers which moved.
"""

from typing import TypeAlias

from eventsourcing.persistence import IntegrityError
from psycopg import Cursor
from psycopg.rows import DictRow

from schemas.recorded_event import Heads

MOVES = (
    "wanted AS ("
    "  SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[])"
    "  AS wanted (ledger, seq, hash, before)), "
    "first AS ("
    "  INSERT INTO {heads} SELECT ledger, seq, hash FROM wanted WHERE before IS NULL"
    "  ON CONFLICT (ledger) DO NOTHING RETURNING ledger), "
    "next AS ("
    "  UPDATE {heads} AS head SET seq = wanted.seq, hash = wanted.hash FROM wanted"
    "  WHERE head.ledger = wanted.ledger AND head.hash = wanted.before"
    "  RETURNING head.ledger) "
)
MOVED = "ARRAY(SELECT ledger FROM first UNION ALL SELECT ledger FROM next) AS moved"
Wanted: TypeAlias = tuple[list[str], list[int], list[str], list[str | None]]


def wanted(moved: Heads, before: Heads) -> Wanted:
    return (
        list(moved),
        [seq for seq, _ in moved.values()],
        [link for _, link in moved.values()],
        [before[ledger][1] if ledger in before else None for ledger in moved],
    )


def all_moved(cursor: Cursor[DictRow], moved: Heads) -> DictRow:
    """The row of the answer. Raises IntegrityError where a head was not where it was seen."""
    row = cursor.fetchone() or {"moved": ()}
    for ledger in moved.keys() - row["moved"]:
        raise IntegrityError(f"the head of {ledger} has moved")
    return row
