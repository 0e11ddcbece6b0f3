"""The tables of the engine, and those of a build: rows that any tool can read, with their comments.

A build is the lines of one projection as one fingerprint folds them. Its tables carry the
fingerprint in their names; what people read are views, which are switched from build to build.
"""

from collections.abc import Iterator
from typing import Any

from projections.engine.database import MOMENT, Dialect, Transaction
from projections.engine.projection import Kind, Projection

# After the columns of the projection, in this order.
KEPT: tuple[tuple[str, str, str], ...] = (
    ("holds_from", Kind.DATE, "the row holds from this day on, in Europe/Brussels"),
    ("holds_until", Kind.DATE, "the row holds until the day before; empty: until further notice"),
    ("version", Kind.INTEGER, "how many events of the stream were taken in"),
    ("seq", Kind.INTEGER, "the last of them, as its ledger counts"),
    ("began_on", Kind.DATE, "first day on which any of them takes effect"),
    ("settled_on", Kind.DATE, "the rows of the stream answer for every day from this one on"),
    ("effective_until", Kind.DATE, "last day on which any of them takes effect"),
    ("recorded_until", MOMENT, "when the last of them was recorded, in UTC"),
    ("behind", Kind.TEXT, "JSON: the events that made the row, as ledger/seq"),
    ("line", Kind.TEXT, "JSON: the whole line, as the projection has it"),
)
KEY = ("stream", "step")

_ENGINE = """
CREATE TABLE IF NOT EXISTS builds (
    projection {text} NOT NULL,
    fingerprint {text} NOT NULL,
    position {integer} NOT NULL,
    changes {integer} NOT NULL,
    ready {boolean} NOT NULL,
    serving {boolean} NOT NULL,
    began_at {moment} NOT NULL,
    moved_at {moment} NOT NULL,
    same_as_before {integer},
    unlike_before {integer},
    PRIMARY KEY (projection, fingerprint)
);
CREATE TABLE IF NOT EXISTS checked (
    one {integer} PRIMARY KEY CHECK (one = 1),
    position {integer} NOT NULL,
    heads {text} NOT NULL
);
CREATE TABLE IF NOT EXISTS parked (
    projection {text} NOT NULL,
    fingerprint {text} NOT NULL,
    stream {text} NOT NULL,
    version {integer} NOT NULL,
    seq {integer} NOT NULL,
    reason {text} NOT NULL,
    since {moment} NOT NULL,
    PRIMARY KEY (projection, fingerprint, stream)
);
CREATE TABLE IF NOT EXISTS skipped (
    projection {text} NOT NULL,
    stream {text} NOT NULL,
    version {integer} NOT NULL,
    reason {text} NOT NULL,
    agency {text} NOT NULL,
    at {moment} NOT NULL,
    PRIMARY KEY (projection, stream, version)
);
CREATE TABLE IF NOT EXISTS documentation (
    relation {text} NOT NULL,
    place {integer} NOT NULL,
    attribute {text} NOT NULL,
    meaning {text} NOT NULL,
    PRIMARY KEY (relation, attribute)
)
"""

_OF_A_BUILD = """
CREATE TABLE {table} (
    stream {text} NOT NULL,
    step {integer} NOT NULL,
    {columns},
    PRIMARY KEY (stream, step)
);
CREATE TABLE {table}_snapshots (
    stream {text} NOT NULL,
    version {integer} NOT NULL,
    seq {integer} NOT NULL,
    effective_until {date} NOT NULL,
    recorded_until {moment} NOT NULL,
    behind {text} NOT NULL,
    line {text},
    PRIMARY KEY (stream, version)
);
CREATE TABLE {table}_years (
    year {integer} NOT NULL,
    stream {text} NOT NULL,
    PRIMARY KEY (year, stream)
)
"""


def create(transaction: Transaction, dialect: Dialect) -> None:
    """The tables of the engine, where they are not there yet."""
    for statement in _ENGINE.format(**dialect.types).split(";"):
        transaction.execute(statement)


def columns_of(projection: Projection[Any]) -> Iterator[tuple[str, str, str]]:
    """Name, type and comment of each column of a view."""
    yield projection.subject, Kind.TEXT, "identifier, and the name of the stream of its events"
    yield from ((one.name, one.kind, one.comment) for one in projection.columns)
    yield from KEPT


def create_build(
    transaction: Transaction, dialect: Dialect, projection: Projection[Any], table: str
) -> None:
    own = ((column.name, column.kind) for column in projection.columns)
    kept = ((name, kind) for name, kind, _ in KEPT)
    columns = ",\n    ".join(f"{name} {dialect.type_of(kind)}" for name, kind in (*own, *kept))
    for statement in _OF_A_BUILD.format(table=table, columns=columns, **dialect.types).split(";"):
        transaction.execute(statement)


def drop_build(transaction: Transaction, table: str) -> None:
    for name in (table, f"{table}_snapshots", f"{table}_years"):
        transaction.execute(f"DROP TABLE IF EXISTS {name}")


def views_of(name: str) -> tuple[str, str]:
    """Of a projection: what holds today, and what is decided and takes effect later."""
    return name, f"{name}_to_come"


def commented_views_of(projection: Projection[Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    """The views, each with what it shows."""
    today, to_come = views_of(projection.name)
    return (
        (today, f"{projection.comment}, as it stands today"),
        (to_come, f"{projection.comment}: what is decided and takes effect later"),
    )


def drop_views(transaction: Transaction, name: str) -> None:
    for view in views_of(name):
        transaction.execute(f"DROP VIEW IF EXISTS {view}")


def switch_views(
    transaction: Transaction, dialect: Dialect, projection: Projection[Any], table: str
) -> None:
    """From this transaction on, the views show the rows of this build."""
    today, to_come = views_of(projection.name)
    _, *others = (name for name, _, _ in columns_of(projection))
    selected = ", ".join((f"stream AS {projection.subject}", *others))
    drop_views(transaction, projection.name)
    ended = f"(holds_until IS NULL OR holds_until > {dialect.today})"
    for view, holds in (
        (today, f"(step = 0 OR holds_from <= {dialect.today}) AND {ended}"),
        (to_come, f"step > 0 AND holds_from > {dialect.today}"),
    ):
        transaction.execute(
            f"CREATE VIEW {view} AS SELECT {selected} FROM {table} "
            f"WHERE line IS NOT NULL AND {holds}"
        )
    _document(transaction, dialect, projection)


def _document(transaction: Transaction, dialect: Dialect, projection: Projection[Any]) -> None:
    views = views_of(projection.name)
    transaction.execute("DELETE FROM documentation WHERE relation IN (?, ?)", views)
    for view, comment in commented_views_of(projection):
        rows = [(view, 0, "", comment)]
        rows += [
            (view, place, name, meaning)
            for place, (name, _, meaning) in enumerate(columns_of(projection), start=1)
        ]
        transaction.write("INSERT INTO documentation VALUES (?, ?, ?, ?)", rows)
        if dialect.comments:
            for relation, _, name, meaning in rows:
                of = f"COLUMN {relation}.{name}" if name else f"VIEW {relation}"
                literal = meaning.replace("'", "''")
                transaction.execute(f"COMMENT ON {of} IS '{literal}'")
