"""What the three nodes have: their ledgers, read from the files of the stores past the program, and
what their projections answer."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec import Struct

from coordination.deciders.rejection import Rejected
from coordination.service import Service
from coordination.settings import Settings
from projections import tables
from schemas.asking import (
    AnyQuestion,
    AskCoverage,
    AskExplanation,
    AskFigure,
    AskHistory,
    AskJune,
    AskOffices,
    AskPlan,
    AskPolicies,
    AskReview,
    AskSeptember,
    Figure,
)
from schemas.vocabulary import AWEX, FIT, HUB, THREE, Agency

AS_OF = date(2026, 10, 1)
Heads = dict[Agency, tuple[int, str]]
Ledgers = Mapping[Agency, Sequence[bytes]]


class Envelope(Struct, frozen=True):
    """As much of an event as the judge looks at."""

    id: str
    subject: str
    type: str
    ledger: Agency
    seq: int
    version: int
    causation: str


def envelope(raw: bytes) -> Envelope:
    return msgspec.json.decode(raw, type=Envelope)


class Store:
    """The file of one node's store, while the node writes it or is down."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ledgers: dict[Agency, list[bytes]] = {}
        self._position = 0

    def heads(self) -> Heads:
        with self._reading() as connection:
            rows = connection.execute("SELECT ledger, seq, hash FROM ledger_heads")
            return {ledger: (seq, link) for ledger, seq, link in rows}

    def ledger(self, agency: Agency) -> list[bytes]:
        """As it stands now."""
        self.read_on()
        return self.ledgers.get(agency, [])

    def read_on(self) -> None:
        """Take in what was recorded since the last time."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT rowid, state FROM stored_events WHERE rowid > ? ORDER BY rowid",
                [self._position],
            )
            for position, raw in rows:
                ledger = envelope(raw).ledger
                self.ledgers.setdefault(ledger, []).append(raw)
                self._position = position

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)) as opened:
            yield opened


def questions(year: int, streams: Sequence[str]) -> Iterator[AnyQuestion]:
    """Every question about a year and some streams that needs no cycle."""
    yield AskPlan(as_of=AS_OF, year=year)
    yield AskSeptember(as_of=AS_OF, year=year)
    for agency, other in ((HUB, AWEX), (AWEX, FIT), (FIT, HUB)):
        yield AskJune(as_of=AS_OF, year=year, agency=agency, other=other)
    yield AskOffices(as_of=AS_OF)
    yield AskCoverage(as_of=AS_OF)
    yield AskReview(as_of=AS_OF, year=year)
    yield AskPolicies(as_of=AS_OF)
    for figure in Figure:
        yield AskFigure(as_of=AS_OF, figure=figure, year=year)
    for stream in streams:
        yield AskHistory(as_of=AS_OF, stream=stream)
        yield AskExplanation(as_of=AS_OF, stream=stream)


class Reader:
    """The projections of one node, as it keeps them beside its store."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._service = Service(
            Settings(known=THREE, speaks_for=THREE),
            environ,
            lambda: datetime.now(UTC),
            lambda: str(uuid4()),
        )

    def answers(self, year: int, streams: Sequence[str]) -> dict[str, bytes]:
        """As canonical JSON, by the question in JSON."""
        return {
            msgspec.json.encode(question).decode(): self._answer(question)
            for question in questions(year, streams)
        }

    def _answer(self, question: AnyQuestion) -> bytes:
        try:
            answer = self._service.answer(question)
        except Rejected as rejected:
            answer = [rejected.reason, rejected.parameters]
        return msgspec.json.encode(answer, order="deterministic")

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of all tables that the projections keep, with all that is recorded by now."""
        self._service.read_models.opened.catch_up()
        with closing(sqlite3.connect(self._service.read_models.place)) as connection:
            serving = connection.execute(
                "SELECT projection, fingerprint FROM builds WHERE serving ORDER BY projection"
            ).fetchall()
            assert {projection for projection, _ in serving} == {one.name for one in tables.ALL}
            return {
                projection: connection.execute(
                    f"SELECT * FROM {projection}_{fingerprint} ORDER BY stream, step"
                ).fetchall()
                for projection, fingerprint in serving
            }

    def close(self) -> None:
        self._service.__exit__(None, None, None)
