"""The library's PostgreSQL recorder, as the ledgers need it: several processes may write.

Writers take turns; an append locks the table as the library does, so that positions are committed
in order, and moves each head only from where its writer saw it: whoever was slower decides again.
A process that dies loses its turn with its connection. To be named as PERSISTENCE_MODULE.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from eventsourcing import postgres
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import strtobool
from psycopg import Cursor
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Identifier

from coordination.store.recorder import Heads, Hold, Row
from coordination.store.refusal import StoreRefused

FORMAT = 1  # in coordination_format: raised when the tables change
ROW = "notification_id, originator_id, originator_version, topic, state"
STORED = "notification_id, originator_id, state"
IN_ORDER = "notification_id > %s AND notification_id <= %s ORDER BY notification_id LIMIT %s"
OF_A_STREAM = "originator_id = %s AND originator_version > %s ORDER BY originator_version"
# A server that may lose or tear what it has acknowledged keeps no record.
SAFE = MappingProxyType({"fsync": "on", "full_page_writes": "on"})
UNSAFE_COMMITS = frozenset({"off", "local"})


class Nobodys:
    """The right to write that everybody has."""

    def release(self) -> None:
        """Nothing was taken: the heads keep writers apart."""


class PostgresLedgerRecorder(PostgresApplicationRecorder):
    shared = True

    def __init__(self, datastore: PostgresDatastore, place: str) -> None:
        super().__init__(datastore)
        self.place = place
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
        self._take_turn = SQL(
            "SELECT pg_advisory_xact_lock(hashtext({schema}), hashtext('turn'))"
        ).format(schema=datastore.schema)
        self._read_heads = SQL("SELECT ledger, seq, hash FROM {heads} ORDER BY ledger").format(
            **tables
        )
        self._first_head = SQL(
            "INSERT INTO {heads} VALUES (%s, %s, %s) ON CONFLICT (ledger) DO NOTHING"
        ).format(**tables)
        self._next_head = SQL(
            "UPDATE {heads} SET seq = %s, hash = %s WHERE ledger = %s AND hash = %s"
        ).format(**tables)
        self._rows, self._stored, self._rows_of = (
            SQL("SELECT " + columns + " FROM {events} WHERE " + which).format(**tables)
            for columns, which in ((ROW, IN_ORDER), (STORED, IN_ORDER), (ROW, OF_A_STREAM))
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
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_stored_events(cursor, stored_events)
            self._move(cursor, moved, before)
            return self._last(cursor)

    def receive(self, events: Sequence[Row], moved: Heads, before: Heads) -> None:
        """As asked. A sequence takes no part in a transaction: it is set before the commit, so
        that a kill leaves it at or after the last position, and the next of the same sets it
        again."""
        with self.datastore.transaction(commit=True) as cursor:
            self._lock_table(cursor)
            self._notify_channel(cursor)
            with cursor.copy(self._receive) as rows:
                for row in events:
                    rows.write_row(row)
            self._move(cursor, moved, before)
            cursor.execute(self._go_on_after, (events[-1][0],))

    def _move(self, cursor: Cursor[Any], moved: Heads, before: Heads) -> None:
        for ledger, (seq, link) in moved.items():
            cursor.execute(*self._moving(ledger, seq, link, before.get(ledger)))
            if cursor.rowcount != 1:
                raise IntegrityError(f"the head of {ledger} has moved")

    def _moving(
        self, ledger: str, seq: int, link: str, before: tuple[int, str] | None
    ) -> tuple[Composed, tuple[Any, ...]]:
        """The statement that moves a head from where it was, and only from there."""
        if before is None:
            return self._first_head, (ledger, seq, link)
        return self._next_head, (seq, link, ledger, before[1])

    def _last(self, cursor: Cursor[Any]) -> int:
        cursor.execute(self.max_notification_id_statement)
        row = cursor.fetchone()
        return row["max"] or 0 if row else 0

    def heads(self) -> tuple[int, Heads]:
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            position = self._last(cursor)
            cursor.execute(self._read_heads)
            heads = {row["ledger"]: (row["seq"], row["hash"]) for row in cursor.fetchall()}
        return position, heads

    def rows(self, after: int, until: int, limit: int) -> Sequence[Row]:
        return self._selected(self._rows, (after, until, limit))

    def stored(self, after: int, until: int, limit: int) -> Sequence[tuple[int, str, bytes]]:
        return self._selected(self._stored, (after, until, limit))

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
        """Without it, all who wait for the table decide on heads that the first of them moves. A
        transaction holds it, so that the server ends the turn of a process that died or hangs."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(self._take_turn)
            yield

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
