"""The library's PostgreSQL recorder, as the ledgers need it: several processes may write.

Writers take turns. A turn locks the table as the library does, so that positions are committed in
order, and its append commits it; each head moves only from where its writer saw it: whoever was
slower decides again. A process that dies loses its turn with its connection. To be named as
PERSISTENCE_MODULE.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import local
from types import MappingProxyType
from typing import Any

import psycopg
from eventsourcing import postgres
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import strtobool
from psycopg import Connection, Cursor
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, tuple_row
from psycopg.sql import SQL, Composed, Identifier

from coordination.store.postgres_heads import MOVED, MOVES, all_moved, wanted
from coordination.store.recorder import Hold, Row
from coordination.store.refusal import StoreRefused
from schemas.recorded_event import Heads

FORMAT = 1  # in coordination_format: raised when the tables change
ROW = "notification_id, originator_id, originator_version, topic, state"
STORED = "notification_id, originator_id, state"
OF_STREAMS = "originator_id, originator_version, state"
LAST = "originator_id, max(originator_version)"
BY_VERSION = "originator_id = ANY(%s) ORDER BY originator_id, originator_version"
LAST_ONES = "originator_id = ANY(%s) GROUP BY originator_id"
IN_ORDER = "notification_id > %s AND notification_id <= %s ORDER BY notification_id LIMIT %s"
OF_A_STREAM = "originator_id = %s AND originator_version > %s ORDER BY originator_version"
# A server that may lose or tear what it has acknowledged keeps no record.
SAFE = MappingProxyType({"fsync": "on", "full_page_writes": "on"})
UNSAFE_COMMITS = frozenset({"off", "local"})


class Nobodys:
    """The right to write that everybody has."""

    def release(self) -> None:
        """Nothing was taken: the heads keep writers apart."""


class Mine(local):
    """The connection of the turn that a thread has, and the heads it found as its turn came."""

    turn: Connection[DictRow] | None = None
    found: list[DictRow] | None = None


class PostgresLedgerRecorder(PostgresApplicationRecorder):
    shared = True

    def __init__(self, datastore: PostgresDatastore, place: str) -> None:
        super().__init__(datastore)
        self.place = place
        self._mine = Mine()
        tables = {
            "events": Identifier(datastore.schema, self.events_table_name),
            "heads": Identifier(datastore.schema, "ledger_heads"),
            "format": Identifier(datastore.schema, "coordination_format"),
        }
        self._create_heads = SQL(
            "CREATE TABLE IF NOT EXISTS {heads} "
            "(ledger text PRIMARY KEY, seq bigint NOT NULL, hash text NOT NULL)"
        ).format(**tables)
        self._create_format = SQL(
            "CREATE TABLE IF NOT EXISTS {format} (format integer PRIMARY KEY)"
        ).format(**tables)
        self._write_format = SQL(
            "INSERT INTO {format} VALUES (%s) ON CONFLICT (format) DO NOTHING"
        ).format(**tables)
        self._read_format = SQL("SELECT max(format) AS format FROM {format}").format(**tables)
        self._read_heads = SQL(
            "SELECT position, ledger, seq, hash "
            "FROM (SELECT max(notification_id) AS position FROM {events}) AS last "
            "LEFT JOIN {heads} ON true ORDER BY ledger"
        ).format(**tables)
        # All at once: the turn, what the library begins an insert with, and what stands then.
        self._take_turn = (
            SQL(
                "BEGIN; SELECT pg_advisory_xact_lock(hashtext({schema}), hashtext('turn')); "
                "SET LOCAL lock_timeout = '{timeout}s'; LOCK TABLE {events} IN EXCLUSIVE MODE; "
                "NOTIFY {channel}; "
            ).format(
                schema=datastore.schema,
                timeout=datastore.lock_timeout,
                channel=Identifier(self.channel_name),
                **tables,
            )
            + self._read_heads
        )
        self._move = SQL("WITH " + MOVES + "SELECT " + MOVED).format(**tables)
        self._append = SQL(
            "WITH inserted AS ("
            "  INSERT INTO {events} (originator_id, originator_version, topic, state)"
            "  SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::bytea[])"
            "  RETURNING notification_id), "
            + MOVES
            + "SELECT (SELECT max(notification_id) FROM inserted) AS position, "
            + MOVED
        ).format(**tables)
        self._rows, self._stored, self._rows_of, self._stored_of, self._versions = (
            SQL("SELECT " + columns + " FROM {events} WHERE " + which).format(**tables)
            for columns, which in (
                (ROW, IN_ORDER),
                (STORED, IN_ORDER),
                (ROW, OF_A_STREAM),
                (OF_STREAMS, BY_VERSION),
                (LAST, LAST_ONES),
            )
        )
        self._receive = SQL("COPY {events} (" + ROW + ") FROM STDIN").format(**tables)
        named = tables["events"].as_string()
        self._go_on_after = SQL(
            "SELECT setval(pg_get_serial_sequence({events}, 'notification_id'), %s)"
        ).format(events=named)
        self._identity = SQL(
            "SELECT system_identifier AS server, oid AS database, {events}::regclass::oid AS events"
            " FROM pg_control_system(), pg_database WHERE datname = current_database()"
        ).format(events=named)

    def append(self, stored_events: Sequence[StoredEvent], moved: Heads, before: Heads) -> int:
        """One statement, and the commit of the turn."""
        values = (
            [one.originator_id for one in stored_events],
            [one.originator_version for one in stored_events],
            [one.topic for one in stored_events],
            [one.state for one in stored_events],
        )
        with self._writing() as connection:
            parameters = (*values, *wanted(moved, before))
            row = all_moved(connection.execute(self._append, parameters, prepare=True), moved)
            connection.commit()
        position: int = row["position"]
        return position

    def receive(self, events: Sequence[Row], moved: Heads, before: Heads) -> None:
        """As asked. A sequence takes no part in a transaction: it is set before the commit, so
        that a kill leaves it at or after the last position, and the next of the same sets it
        again."""
        with self._writing() as connection, connection.cursor() as cursor:
            with cursor.copy(self._receive) as rows:
                for row in events:
                    rows.write_row(row)
            all_moved(cursor.execute(self._move, wanted(moved, before)), moved)
            cursor.execute(self._go_on_after, (events[-1][0],))
            connection.commit()

    @contextmanager
    def _writing(self) -> Iterator[Connection[DictRow]]:
        """The turn of this thread, or one for an append alone. Errors become the library's here
        already: whoever has the turn must know what became of its append."""
        mine = self._mine.turn
        if mine is None or mine.info.transaction_status == TransactionStatus.IDLE:
            with self._turn() as another:
                yield another
            return
        try:
            yield mine
        except psycopg.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        except psycopg.Error as error:
            raise OperationalError(str(error)) from error

    def heads(self) -> tuple[int, Heads]:
        """In one statement, for that sees one moment."""
        rows, self._mine.found = self._mine.found, None  # once: an append of ours moves them
        if rows is None:
            with self.datastore.get_connection() as connection:
                rows = connection.execute(self._read_heads).fetchall()
        heads = {row["ledger"]: (row["seq"], row["hash"]) for row in rows if row["ledger"]}
        return rows[0]["position"] or 0, heads

    def rows(self, after: int, until: int, limit: int) -> Sequence[Row]:
        return self._selected(self._rows, (after, until, limit))

    def stored(self, after: int, until: int, limit: int) -> Sequence[tuple[int, str, bytes]]:
        return self._selected(self._stored, (after, until, limit))

    def stored_of(self, streams: Sequence[str]) -> Sequence[tuple[str, int, bytes]]:
        return self._selected(self._stored_of, (list(streams),))

    def versions(self, streams: Sequence[str]) -> Sequence[tuple[str, int]]:
        return self._selected(self._versions, (list(streams),))

    def rows_of(self, stream: str, after: int) -> Sequence[Row]:
        return self._selected(self._rows_of, (stream, after))

    def _selected(self, statement: Composed, values: tuple[Any, ...]) -> Sequence[Any]:
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row, binary=True) as cursor,
        ):
            return cursor.execute(statement, values).fetchall()

    def noted(self) -> int:
        return 0  # a server knows its own log

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._turn():
            yield

    @contextmanager
    def _turn(self) -> Iterator[Connection[DictRow]]:
        """Without it, all who wait for the table decide on heads that the first of them moves. A
        transaction holds it, so that the server ends the turn of a process that died or hangs."""
        with self.datastore.get_connection() as connection:
            cursor = connection.execute(self._take_turn)
            while cursor.nextset():
                pass
            self._mine.turn, self._mine.found = connection, cursor.fetchall()
            try:
                yield connection
            finally:
                self._mine.turn = self._mine.found = None
                connection.rollback()  # where nothing was appended

    def identity(self) -> tuple[object, ...]:
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(self._identity)
            row = cursor.fetchone()
        return ("postgres", *row.values()) if row else ()

    def damage(self) -> Iterator[str]:
        """The server checks its pages itself when they are read (initdb --data-checksums)."""
        return iter(())

    def hold(self, timeout: float) -> Hold:
        return Nobodys()

    def prepare(self) -> None:
        """Checks the server and the tables, and makes them where they are new."""
        with self.datastore.transaction(commit=False) as cursor:
            for setting, wanted in SAFE.items():
                found = _shown(cursor, setting)
                if found != wanted:
                    raise StoreRefused(
                        "store.setting-not-kept", setting=setting, wanted=wanted, found=found
                    )
            found = _shown(cursor, "synchronous_commit")
            if found in UNSAFE_COMMITS:
                raise StoreRefused(
                    "store.setting-not-kept",
                    setting="synchronous_commit",
                    wanted="on",
                    found=found,
                )
            known = self._known(cursor)
        if known is None:
            self._make()
        elif known > FORMAT:
            raise StoreRefused("store.newer-format", path=self.place, found=known, known=FORMAT)
        self.datastore.register_type_adapters()

    def _known(self, cursor: Cursor[Any]) -> int | None:
        """The format of the tables there are; None where there are none."""
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s",
            (self.datastore.schema,),
        )
        tables = {row["table_name"] for row in cursor.fetchall()}
        if "coordination_format" not in tables:
            if self.events_table_name in tables:
                raise StoreRefused("store.not-ours", path=self.place)
            return None
        cursor.execute(self._read_format)
        row = cursor.fetchone()
        return row["format"] if row else None

    def _make(self) -> None:
        """Once, though several processes start: the library's own way fails then (DESIGN §4)."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('coordination'))")
            if self._known(cursor) is None:
                self.create_table()  # on connections of its own, under this one's lock

    def _create_table(self, curs: Cursor[Any]) -> None:
        """All tables in one transaction: half of them would be taken for another program's."""
        super()._create_table(curs)
        curs.execute(self._create_heads)
        curs.execute(self._create_format)
        curs.execute(self._write_format, (FORMAT,))


def _shown(cursor: Cursor[Any], setting: str) -> str:
    cursor.execute(SQL("SHOW {}").format(Identifier(setting)))
    row = cursor.fetchone()
    return str(row[setting]) if row else ""


# By its module's name: the library takes the one factory that it finds in this module.
class PostgresLedgerFactory(postgres.PostgresFactory):
    def ledger_recorder(self) -> PostgresLedgerRecorder:
        if strtobool(self.env.get(self.POSTGRES_ENABLE_DB_FUNCTIONS) or "no"):
            raise StoreRefused(
                "store.setting-not-kept",
                setting=self.POSTGRES_ENABLE_DB_FUNCTIONS,
                wanted="n",
                found="y",
            )
        host, port = self.env.get(self.POSTGRES_HOST), self.env.get(self.POSTGRES_PORT) or "5432"
        dbname = self.env.get(self.POSTGRES_DBNAME)
        place = f"postgresql://{host}:{port}/{dbname}/{self.datastore.schema}"
        recorder = PostgresLedgerRecorder(self.datastore, place)
        recorder.prepare()
        return recorder
