"""The same stores on PostgreSQL: the rows of a SQLite store, copied in as they are."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from coordination.store.event_store import EventStore
from tests.benchmarks.baselines.raw import connected
from tests.benchmarks.workload import never
from tests.servers.postgres import Server

EVENTS = (
    "COPY stored_events (notification_id, originator_id, originator_version, topic, state) "
    "FROM STDIN (FORMAT BINARY)"
)
TYPES = ("int8", "text", "int8", "text", "bytea")


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
