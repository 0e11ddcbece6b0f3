"""The event store: every event, in order, for ever. Nothing else in the service keeps anything."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from eventsourcing.persistence import (
    DatabaseError,
    PersistenceError,
    StoredEvent,
)

from coordination.store.answers import Asked
from coordination.store.checking import Reading, broken, findings_on
from coordination.store.choosing import factory_of, seconds_of
from coordination.store.explained import explained
from coordination.store.ledger import Chain, Finding
from coordination.store.ledger_reading import LedgerReader
from coordination.store.recorder import LedgerRecorder, Row
from coordination.store.refusal import StoreRefused
from schemas.cycle import Head
from schemas.message import name, owner_of, stream_of
from schemas.recorded_event import BEFORE_THE_FIRST, AnyEvent, Heads, RecordedEvent, Told, hash_of
from schemas.upcasting import (
    Happened,
    Unreadable,
    current_version,
    read,
    read_or_not,
    recall,
)
from schemas.vocabulary import Agency

PAGE = 5_000
TOGETHER = 500  # streams read by one statement
# A row that begins with its position.
Placed = TypeVar("Placed", bound=tuple[int, *tuple[Any, ...]])
Read = TypeVar("Read")
# What reading an event can raise, whatever its bytes have become.
UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)
_encoder = msgspec.json.Encoder()


class EventStore:
    """
    Opens the store that the library's environment variables choose, or refuses with a reason.

    PERSISTENCE_MODULE (coordination.store.sqlite), SQLITE_DBNAME (coordination.sqlite in the
    working folder), SQLITE_LOCK_TIMEOUT in seconds; POSTGRES_DBNAME and its kin. Raises
    StoreRefused.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.clock, self.new_id = clock, new_id
        self.lock_timeout = seconds_of(environ)
        named = environ.get("SQLITE_DBNAME") or "coordination.sqlite"
        if ":memory:" in named or "mode=memory" in named:
            raise StoreRefused("store.in-memory", path=named)
        if named.startswith("file:"):  # its options could switch off what keeps events safe
            raise StoreRefused("store.cannot-open", path=named)
        with explained(named):
            self._factory = factory_of({**environ, "SQLITE_DBNAME": named})
            try:
                self.recorder: LedgerRecorder = self._factory.ledger_recorder()
            except BaseException:
                self._factory.close()
                raise

    @property
    def place(self) -> str:
        """The database, as people name it."""
        return self.recorder.place

    def close(self) -> None:
        self._factory.close()

    def position(self) -> int:
        """How many events have been recorded so far, in the order of this store."""
        return self.standing()[0]

    def standing(self) -> tuple[int, Heads]:
        """
        The last position and all heads.

        Raises StoreRefused where the database ends before what was acknowledged: nobody may take
        that for the history, nor write on from there.
        """
        with explained(self.place):
            noted = self.recorder.noted()
            position, heads = self.recorder.heads()
        if position < noted:
            raise StoreRefused("store.end-lost", path=self.place, found=position, noted=noted)
        return position, heads

    def heads(self) -> tuple[Head, ...]:
        """How far each ledger has come."""
        return tuple(Head(ledger, seq) for ledger, (seq, _) in self.standing()[1].items())

    def of(self, stream: str, after: int = 0) -> Iterator[RecordedEvent]:
        """
        The events of one stream after a version, oldest first.

        Raises StoreRefused where one is missing, unreadable or another's: nobody decides on that.
        """
        for version, row in enumerate(self._rows_of(stream, after), start=after + 1):
            recorded = self.recorded(row)
            if (recorded.stream, recorded.version) != (stream, version):
                raise broken(Finding("ledger.version", recorded.ledger, recorded.seq))
            yield recorded

    def recorded(self, row: Row) -> RecordedEvent:
        """The event of a row. Raises StoreRefused where this program cannot read it."""
        return self._read(self.read_or_not(row))

    def _read(self, happened: Happened) -> RecordedEvent:
        if isinstance(happened, RecordedEvent):
            return happened
        found, known = happened.dataversion, current_version(happened.type)
        if found > known:
            raise StoreRefused("store.newer-format", path=self.place, found=found, known=known)
        raise broken(Finding("ledger.unreadable", happened.ledger, happened.seq))

    def happened(self, stream: str, after: int) -> Iterator[tuple[int, Happened]]:
        """The events of one stream after a version, each with its position, read or not."""
        for row in self._rows_of(stream, after):
            yield row[0], self.read_or_not(row)

    def told_of(self, after: Mapping[str, int]) -> Iterator[tuple[str, Told]]:
        """Of several streams, the events after a version of each, in order: as much of them as a
        fold needs."""
        for stream, version, raw in self._of_each(after, self.recorder.stored_of):
            if version > after[stream]:
                yield stream, _by(recall, raw)

    def held(self, streams: Iterable[str]) -> dict[tuple[str, int], bytes]:
        """The bytes of all events of several streams, by stream and version."""
        rows = self._of_each(streams, self.recorder.stored_of)
        return {(stream, version): raw for stream, version, raw in rows}

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        """The last version of each of several streams that has one."""
        return dict(self._of_each(streams, self.recorder.versions))

    def _of_each(
        self, streams: Iterable[str], read_some: Callable[[Sequence[str]], Sequence[Read]]
    ) -> Iterator[Read]:
        names = list(streams)
        for first in range(0, len(names), TOGETHER):
            with explained(self.place):
                rows = read_some(names[first : first + TOGETHER])
            yield from rows

    def of_ledger(self, ledger: Agency, after: int, limit: int) -> list[bytes]:
        """The bytes of at most `limit` events of a ledger after a seq. Who goes on from there keeps
        a LedgerReader. Raises StoreRefused where they are not what was recorded."""
        return [event.raw for event in LedgerReader(self, ledger).after(after, limit)]

    def read_or_not(self, row: Row) -> Happened:
        """Raises StoreRefused where not even the envelope says whose event it is."""
        return _by(read_or_not, row[-1])

    def _rows_of(self, stream: str, after: int) -> Sequence[Row]:
        with explained(self.place):
            return self.recorder.rows_of(stream, after)

    def checking(self, position: int = 0, heads: Heads | None = None) -> "Reading":
        """A reader that checks the chain, from a place where it was found whole."""
        return Reading(self, position, heads or {})

    def events(self) -> Iterator[RecordedEvent]:
        """
        All events in order, of a history that holds: each page is checked before it is given out.

        Raises StoreRefused at the first place where the history is not what was recorded, or was
        recorded by a newer program.
        """
        reading = self.checking()
        while page := reading.more(PAGE):
            yield from (self._read(happened) for _, happened in page)

    def fits(self, position: int, heads: Heads) -> bool:
        """Whether this store had these heads at that position: its event there is one of them."""
        if position == 0:
            return True
        with explained(self.place):
            rows = self.recorder.rows(position - 1, position, 1)
        known = {link for _, link in heads.values()}
        return any(isinstance(row[-1], bytes) and hash_of(row[-1]) in known for row in rows)

    def stored(self, after: int, until: int) -> Iterator[tuple[int, str, bytes]]:
        """Position, stream and bytes of the events between two positions, in order."""
        return self._paged(self.recorder.stored, after, until)

    def first_stored(self, after: int, until: int, few: int) -> Iterator[tuple[int, str, bytes]]:
        """As `stored`, for who may soon have enough: at first only so few are read at once."""
        return self._paged(self.recorder.stored, after, until, few)

    def rows(self, after: int, until: int) -> Iterator[Row]:
        """The rows between two positions, in order, a page at a time."""
        return self._paged(self.recorder.rows, after, until)

    def _paged(
        self,
        read_page: Callable[[int, int, int], Sequence[Placed]],
        after: int,
        until: int,
        few: int = PAGE,
    ) -> Iterator[Placed]:
        while after < until:
            page = read_page(after, until, min(few, PAGE))
            if not page:
                return
            for row in page:
                if row[0] <= after:  # else a damaged page is read again and again
                    raise DatabaseError("the order of events is malformed")
                after = row[0]
                yield row
            few *= 4

    def verify(self) -> Iterator[Finding]:
        """Everything that is wrong with the store, however it was damaged; nothing is changed."""
        chain = Chain({})
        try:
            yield from (Finding("ledger.database", detail=said) for said in self.recorder.damage())
            noted = self.recorder.noted()
            until, heads = self.recorder.heads()
            if until < noted:
                yield Finding("ledger.end-lost", detail=f"{until} / {noted}")
            for row in self.rows(0, until):
                try:
                    happened = read_or_not(_bytes(row[-1]))
                except UNREADABLE as error:
                    said = str(error)[:200]
                    yield Finding("ledger.unreadable", position=row[0], detail=said)
                    continue
                if isinstance(happened, Unreadable):
                    ledger, seq, said = happened.ledger, happened.seq, happened.reason[:200]
                    yield Finding("ledger.unreadable", ledger, seq, row[0], said)
                yield from findings_on(chain, row, happened)
            yield from chain.compare(heads)
        except (PersistenceError, sqlite3.Error, UnicodeDecodeError) as error:
            yield Finding("ledger.database", detail=str(error))

    def record(
        self, asked: Asked, event: AnyEvent, version: int, heads: Heads
    ) -> tuple[RecordedEvent, StoredEvent]:
        """An event with its envelope and the bytes to keep; `heads` move on to it."""
        stream, tag = stream_of(event), name(event)
        ledger = owner_of(stream)
        seq, link = heads.get(ledger, (0, BEFORE_THE_FIRST))
        recorded = RecordedEvent(
            specversion="1.0",
            id=self.new_id(),
            source=f"urn:coordination:{ledger}",
            type=tag,
            stream=stream,
            time=self.clock().astimezone(UTC),
            datacontenttype="application/json",
            version=version,
            ledger=ledger,
            seq=seq + 1,
            previous=link,
            agency=asked.command.by,
            role=asked.role,
            correlation=asked.correlation or asked.id,
            causation=asked.id,
            dataversion=current_version(tag),
            data=event,
        )
        raw = written(recorded)
        read(raw)  # what could not be read again would close the whole store
        heads[ledger] = (seq + 1, hash_of(raw))
        return recorded, StoredEvent(stream, version, tag, raw)


def written(recorded: RecordedEvent) -> bytes:
    """The one encoding of an event; from here on only these bytes are kept, sent and hashed."""
    return _encoder.encode(recorded)


def _by(reads: Callable[[bytes], Read], raw: bytes) -> Read:
    try:
        return reads(_bytes(raw))
    except UNREADABLE as error:
        raise broken(Finding("ledger.unreadable")) from error


def _bytes(raw: bytes) -> bytes:
    if not isinstance(raw, bytes):  # damage can turn the type of a column, too
        raise TypeError(f"{type(raw).__name__} instead of bytes")
    return raw
