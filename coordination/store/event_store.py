"""The event store: every event, in order, for ever. Nothing else in the service keeps anything."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
from eventsourcing.persistence import (
    DatabaseError,
    PersistenceError,
    StoredEvent,
)

from coordination.store.answers import Asked
from coordination.store.choosing import factory_of, seconds_of
from coordination.store.ledger import Chain, Finding
from coordination.store.recorder import Heads, LedgerRecorder
from coordination.store.refusal import StoreRefused
from schemas.cycle import Head
from schemas.message import name, owner_of, stream_of
from schemas.recorded_event import BEFORE_THE_FIRST, AnyEvent, RecordedEvent, hash_of
from schemas.upcasting import UnknownVersion, current_version, read

PAGE = 1_000
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
        with explained(self.place):
            rows = self.recorder.select_events(stream, gt=after)
        for version, stored in enumerate(rows, start=after + 1):
            recorded = self.recorded(stored)
            if (recorded.stream, recorded.version) != (stream, version):
                raise _broken(Finding("ledger.version", recorded.ledger, recorded.seq))
            yield recorded

    def recorded(self, stored: StoredEvent) -> RecordedEvent:
        """A stored event, read. Raises StoreRefused where it cannot be."""
        try:
            return _read(stored)
        except UnknownVersion as error:
            raise StoreRefused(
                "store.newer-format", path=self.place, found=error.found, known=error.known
            ) from error
        except UNREADABLE as error:
            raise _broken(Finding("ledger.unreadable")) from error

    def reading(self) -> "Reading":
        """A reader of its own place, from the first event on."""
        return Reading(self)

    def rows(self, after: int, until: int) -> Iterator[tuple[int, StoredEvent]]:
        """The stored events between two positions, in order, a page at a time."""
        while after < until:
            page = self.recorder.select_notifications(after, PAGE, until, inclusive_of_start=False)
            if not page:
                return
            for notification in page:
                if notification.id <= after:  # else a damaged page is read again and again
                    raise DatabaseError("the order of events is malformed")
                after = notification.id
                yield after, notification

    def verify(self) -> Iterator[Finding]:
        """Everything that is wrong with the store, however it was damaged; nothing is changed."""
        chain = Chain()
        try:
            yield from (Finding("ledger.database", detail=said) for said in self.recorder.damage())
            noted = self.recorder.noted()
            until, heads = self.recorder.heads()
            if until < noted:
                yield Finding("ledger.end-lost", detail=f"{until} / {noted}")
            for position, stored in self.rows(0, until):
                try:
                    recorded = _read(stored)
                except UNREADABLE as error:
                    said = str(error)[:200]
                    yield Finding("ledger.unreadable", position=position, detail=said)
                else:
                    yield from _findings(chain, position, stored, recorded)
            yield from chain.compare(heads)
        except (PersistenceError, sqlite3.Error, UnicodeDecodeError) as error:
            yield Finding("ledger.database", detail=str(error))

    def record(
        self, asked: Asked, event: AnyEvent, version: int, heads: Heads
    ) -> tuple[RecordedEvent, StoredEvent]:
        """An event with its envelope and the bytes to keep; `heads` move on to it."""
        stream = stream_of(event)
        ledger = owner_of(stream)
        seq, link = heads.get(ledger, (0, BEFORE_THE_FIRST))
        recorded = RecordedEvent(
            specversion="1.0",
            id=self.new_id(),
            source=f"urn:coordination:{ledger}",
            type=name(event),
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
            dataversion=current_version(name(event)),
            data=event,
        )
        raw = written(recorded)
        read(raw)  # what could not be read again would close the whole store
        heads[ledger] = (seq + 1, hash_of(raw))
        return recorded, StoredEvent(
            originator_id=stream, originator_version=version, topic=name(event), state=raw
        )


class Reading:
    """Reads the store in order and checks the chain on the way; knows how far it has come."""

    def __init__(self, store: EventStore) -> None:
        self.store = store
        self.position = 0
        self.chain = Chain()

    def more(self) -> Iterator[RecordedEvent]:
        """
        The events recorded since, of all ledgers.

        Raises StoreRefused(`store.broken`) at the first place where the history is not what was
        recorded, rather than show another one.
        """
        with explained(self.store.place):
            until, heads = self.store.standing()
            for position, stored in self.store.rows(self.position, until):
                recorded = self.store.recorded(stored)
                for finding in _findings(self.chain, position, stored, recorded):
                    raise _broken(finding)
                self.position = position  # before it is handed over: who stops here goes on here
                yield recorded
            for finding in self.chain.compare(heads):
                raise _broken(finding)


def _broken(finding: Finding) -> StoreRefused:
    return StoreRefused("store.broken", what=finding.what, ledger=finding.ledger, seq=finding.seq)


def _read(stored: StoredEvent) -> RecordedEvent:
    if not isinstance(stored.state, bytes):  # damage can turn the type of a column, too
        raise TypeError(f"{type(stored.state).__name__} instead of bytes")
    return read(stored.state)


def _findings(
    chain: Chain, position: int, stored: StoredEvent, recorded: RecordedEvent
) -> list[Finding]:
    row = (stored.originator_id, stored.originator_version, stored.topic)
    findings = chain.follow(position, stored.state, recorded)
    if row != (recorded.stream, recorded.version, recorded.type):
        findings.append(Finding("ledger.row", recorded.ledger, recorded.seq, position))
    return findings


@contextmanager
def explained(place: str) -> Iterator[None]:
    """What a database says, as a refusal with a reason that a person can act on."""
    try:
        yield
    except (PersistenceError, sqlite3.Error) as error:
        raise refusal_of(error, place) from error
    except UnicodeDecodeError as error:  # text of a row that is none
        raise StoreRefused("store.damaged", path=place) from error


SAID = {
    "not a database": "store.not-a-database",
    "malformed": "store.damaged",
    "Could not decode": "store.damaged",
    "full": "store.disk-full",
    "readonly": "store.read-only",
    "read-only": "store.read-only",
    "unable to open": "store.cannot-open",
}


def refusal_of(error: Exception, place: str) -> StoreRefused:
    said = str(error)
    for words, key in SAID.items():
        if words in said:
            return StoreRefused(key, path=place)
    return StoreRefused("store.not-usable", path=place, reason=said.strip())


def written(recorded: RecordedEvent) -> bytes:
    """The one encoding of an event; from here on only these bytes are kept, sent and hashed."""
    return _encoder.encode(recorded)
