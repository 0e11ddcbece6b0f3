"""Read models in the schema of the store; whoever may only read sees the views and nothing else."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.engine.database import ReadModelsUnusable
from projections.engine.layout import columns_of, views_of
from projections.engine.postgres import READERS, PostgresDatabase
from projections.engine.read_models import ReadModels
from projections.tables.missions import MISSIONS
from schemas.examples.mission import PUBLISHED
from tests.projections.engine.history_store import HistoryStore
from tests.servers.postgres import Server


@pytest.fixture
def environ(postgres: Server) -> Mapping[str, str]:
    return postgres.environ()


@pytest.fixture
def built(tmp_path: Path, environ: Mapping[str, str]) -> Iterator[ReadModels]:
    history = HistoryStore(tmp_path / "events.sqlite")
    history.record([PUBLISHED])
    database = PostgresDatabase("here", environ)
    read_models = ReadModels(database, [MISSIONS], history.store, history.clock)
    read_models.catch_up()
    yield read_models
    read_models.close()
    history.close()


def test_a_transaction_has_the_settings_it_needs(environ: Mapping[str, str]) -> None:
    database = PostgresDatabase("here", environ)
    settings = ("synchronous_commit", "timezone", "search_path", "transaction_isolation")
    found = []
    for access in (database.reading, database.writing):
        with access() as transaction:
            found.append([transaction.select(f"SHOW {name}")[0][0] for name in settings])
    schema = environ["POSTGRES_SCHEMA"]
    assert found == [
        ["off", "UTC", schema, "repeatable read"],
        ["off", "UTC", schema, "read committed"],
    ]
    database.close()


def test_who_reads_writes_nothing(environ: Mapping[str, str]) -> None:
    database = PostgresDatabase("here", environ)

    def write() -> None:
        with database.reading() as transaction:
            transaction.execute("CREATE TABLE numbers (number bigint)")

    with pytest.raises(ReadModelsUnusable, match="read-only transaction"):
        write()
    database.close()


def test_every_column_has_a_comment(postgres: Server, built: ReadModels) -> None:
    schema = schema_of(built)
    with postgres.connection() as connection:
        found = connection.execute(
            "SELECT c.relname, a.attname, col_description(c.oid, a.attnum) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
            "WHERE n.nspname = %s AND c.relkind = 'v' ORDER BY c.relname, a.attnum",
            (schema,),
        ).fetchall()
        of_views = connection.execute(
            "SELECT c.relname, obj_description(c.oid) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relkind = 'v' ORDER BY c.relname",
            (schema,),
        ).fetchall()
    assert found == [
        (view, name, meaning)
        for view in views_of("missions")
        for name, _, meaning in columns_of(MISSIONS)
    ]
    assert of_views == [
        ("missions", f"{MISSIONS.comment}, as it stands today"),
        ("missions_to_come", f"{MISSIONS.comment}: what is decided and takes effect later"),
    ]


def schema_of(read_models: ReadModels) -> str:
    with read_models.database.reading() as transaction:
        return str(transaction.select("SELECT current_schema()")[0][0])


def test_readers_see_the_views_and_nothing_else(postgres: Server, built: ReadModels) -> None:
    schema = schema_of(built)
    with postgres.connection() as connection:
        connection.execute(SQL("SET ROLE {}").format(Identifier(READERS)))
        connection.execute(SQL("SET search_path TO {}").format(Identifier(schema)))
        for relation in (*views_of("missions"), "documentation"):
            connection.execute(SQL("SELECT * FROM {}").format(Identifier(relation)))
        [build] = built.all_builds()
        hidden = [build.table, f"{build.table}_snapshots", "builds", "checked", "parked", "skipped"]
        for relation in hidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(SQL("SELECT * FROM {}").format(Identifier(relation)))
        for statement in (
            "DELETE FROM missions",
            "UPDATE documentation SET meaning = ''",
            "CREATE TABLE own (number bigint)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_where_there_are_no_readers_nobody_is_let_in(environ: Mapping[str, str]) -> None:
    """Who may not make roles leaves that to the administrator."""
    database = PostgresDatabase("here", environ)

    def without_readers() -> None:
        with database.writing() as transaction:
            transaction.execute(f"ALTER ROLE {READERS} RENAME TO somebody_else")
            database.grant(transaction, ["no_such_view"])
            raise KeyError("and none of it is kept")

    with pytest.raises(KeyError):
        without_readers()
    database.close()
