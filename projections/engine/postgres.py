"""Read models in PostgreSQL, in the schema of the store; `coordination_readers` may see the views.

`synchronous_commit=off`: a crash may take the last transactions, whole, and the events behind them
are still in the store.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg_pool import ConnectionPool, PoolTimeout

from projections.engine.database import MOMENT, Dialect, ReadModelsUnusable, Transaction
from projections.engine.projection import Kind

READERS = "coordination_readers"
TYPES = {
    Kind.TEXT: "text",
    Kind.INTEGER: "bigint",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    MOMENT: "timestamptz",
}
DIALECT = Dialect(types=TYPES, today="(now() AT TIME ZONE 'Europe/Brussels')::date", comments=True)


class PostgresTransaction:
    def __init__(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor

    def select(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._cursor.execute(_own(sql), values or None).fetchall()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._cursor.execute(_own(sql), values or None)

    def write(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._cursor.executemany(_own(sql), rows)


class PostgresDatabase:
    """From the variables of the library; raises ReadModelsUnusable."""

    dialect = DIALECT

    def __init__(self, place: str, environ: Mapping[str, str]) -> None:
        self.place = place
        self._schema = environ.get("POSTGRES_SCHEMA") or "public"
        self._pool = ConnectionPool(
            kwargs={
                "dbname": environ["POSTGRES_DBNAME"],
                "host": environ["POSTGRES_HOST"],
                "port": environ.get("POSTGRES_PORT") or "5432",
                "user": environ["POSTGRES_USER"],
                "password": environ["POSTGRES_PASSWORD"],
                "autocommit": True,
                "options": f"-c search_path={self._schema} -c timezone=UTC "
                "-c synchronous_commit=off -c client_min_messages=warning",
            },
            min_size=1,
            max_size=4,
            open=True,
        )
        with explained(), self._pool.connection() as connection, suppress(psycopg.Error):
            # Who may not make roles leaves it to the administrator: see README.
            connection.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(READERS)))

    @contextmanager
    def reading(self) -> Iterator[PostgresTransaction]:
        with self._transaction("REPEATABLE READ, READ ONLY") as cursor:
            yield PostgresTransaction(cursor)

    @contextmanager
    def writing(self) -> Iterator[PostgresTransaction]:
        with self._transaction("READ COMMITTED") as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext('read models'))",
                (self._schema,),
            )
            yield PostgresTransaction(cursor)

    @contextmanager
    def _transaction(self, level: LiteralString) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        with explained(), self._pool.connection() as connection, connection.transaction():
            cursor = connection.cursor()
            cursor.execute(SQL("SET TRANSACTION ISOLATION LEVEL ") + SQL(level))
            yield cursor

    def grant(self, transaction: Transaction, views: Sequence[str]) -> None:
        if not transaction.select("SELECT 1 FROM pg_roles WHERE rolname = ?", (READERS,)):
            return
        transaction.execute(f'GRANT USAGE ON SCHEMA "{self._schema}" TO {READERS}')
        for view in (*views, "documentation"):
            transaction.execute(f"GRANT SELECT ON {view} TO {READERS}")

    def close(self) -> None:
        self._pool.close()


def _own(sql: str) -> LiteralString:
    """The statements of the engine, none of which says % itself, with psycopg's place holders."""
    return sql.replace("?", "%s")


@contextmanager
def explained() -> Iterator[None]:
    try:
        yield
    except (psycopg.Error, PoolTimeout) as error:
        raise ReadModelsUnusable(str(error).strip()) from error
