"""The same stores on PostgreSQL: the rows of a SQLite store, copied in as they are."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from psycopg.sql import SQL, Identifier

from coordination.store.event_store import EventStore
from tests.benchmarks.baselines.raw import connected
from tests.benchmarks.workload import never
from tests.servers.postgres import Server

EVENTS = (
    "COPY stored_events (notification_id, originator_id, originator_version, topic, state) "
    "FROM STDIN (FORMAT BINARY)"
)
TYPES = ("int8", "text", "int8", "text", "bytea")


# What the events need; all else in the schema are read models.
OF_THE_STORE = ("stored_events", "ledger_heads", "coordination_format")


def loaded(server: Server, store: Path) -> Mapping[str, str]:
    """The variables of a schema of its own that holds what the SQLite store holds."""
    environ = server.environ()
    EventStore(environ, never, str).close()  # makes the tables
    with closing(sqlite3.connect(store)) as source, connected(environ) as target:
        with target.cursor() as cursor, cursor.copy(EVENTS) as copy:
            copy.set_types(TYPES)
            for row in source.execute(
                "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events "
                "ORDER BY rowid"
            ):
                copy.write_row(row)
        for head in source.execute("SELECT ledger, seq, hash FROM ledger_heads"):
            target.execute("INSERT INTO ledger_heads VALUES (%s, %s, %s)", head)
        target.execute(
            "SELECT setval(pg_get_serial_sequence('stored_events', 'notification_id'),"
            " max(notification_id)) FROM stored_events"
        )
        target.commit()
        target.autocommit = True
        target.execute("ANALYZE stored_events")
    return environ


def forget_read_models(environ: Mapping[str, str]) -> None:
    """So that they are built from the first event on."""
    with connected(environ) as connection:
        found = connection.execute(
            "SELECT c.relname, c.relkind FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'v')"
        ).fetchall()
        for name, kind in found:
            if name not in OF_THE_STORE:
                what = SQL("VIEW") if kind == "v" else SQL("TABLE")
                connection.execute(
                    SQL("DROP {} IF EXISTS {} CASCADE").format(what, Identifier(name))
                )
