"""The bare databases: a commit a row, and a loop that decodes every row and does nothing with it.

The same rows, tables and durability settings as the service has.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

from schemas.upcasting import read
from tests.benchmarks.clients import Timed, one_by_one
from tests.benchmarks.workload import Next

Row = tuple[str, int, str, bytes]
COLUMNS = "(originator_id, originator_version, topic, state)"


INSERT = f"INSERT INTO stored_events {COLUMNS} VALUES (?,?,?,?)"


def sqlite_commits(store: Path, upcoming: Sequence[Next]) -> Timed:
    """A transaction a row, on one connection: what a program can do that gathers nothing."""
    with _durable(store) as connection:

        def commit(row: Row) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(INSERT, row)
            connection.execute("COMMIT")

        return one_by_one([one.row for one in upcoming], commit)


def sqlite_pages(store: Path, rows: Sequence[Row], together: int) -> float:
    """Rows a second, so many in a transaction."""
    with _durable(store) as connection:
        began = perf_counter()
        for first in range(0, len(rows), together):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(INSERT, rows[first : first + together])
            connection.execute("COMMIT")
        return len(rows) / (perf_counter() - began)


@contextmanager
def _durable(store: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        for setting in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {setting}")
        yield connection


def sqlite_decoding(store: Path) -> float:
    """Events a second."""
    began, count = perf_counter(), 0
    with closing(sqlite3.connect(store)) as connection:
        for (state,) in connection.execute("SELECT state FROM stored_events ORDER BY rowid"):
            read(state)
            count += 1
    return count / (perf_counter() - began)


def connected(environ: Mapping[str, str]) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=environ["POSTGRES_HOST"],
        port=environ["POSTGRES_PORT"],
        user=environ["POSTGRES_USER"],
        dbname=environ["POSTGRES_DBNAME"],
        options=f"-c search_path={environ['POSTGRES_SCHEMA']}",
    )


def postgres_commits(environ: Mapping[str, str], upcoming: Sequence[Next]) -> Timed:
    with connected(environ) as connection:
        connection.autocommit = True

        def commit(row: Row) -> None:
            connection.execute(f"INSERT INTO stored_events {COLUMNS} VALUES (%s,%s,%s,%s)", row)

        return one_by_one([one.row for one in upcoming], commit)


def postgres_decoding(environ: Mapping[str, str]) -> float:
    """Events a second, over a cursor of the server."""
    began, count = perf_counter(), 0
    with connected(environ) as connection, connection.cursor("decoding", binary=True) as cursor:
        cursor.itersize = 2_000
        cursor.execute("SELECT state FROM stored_events ORDER BY notification_id")
        for (state,) in cursor:
            read(state)
            count += 1
    return count / (perf_counter() - began)
