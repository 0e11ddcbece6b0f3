"""One example of every answer to a command: FIT asks AWEX to join its mission to Hanoi."""

from datetime import UTC, datetime

import msgspec
from msgspec import Raw

from schemas.answer import (
    AnswerDone,
    AnswerMalformed,
    AnswerNothingToDo,
    AnswerRejected,
    AnswerWaiting,
    AnyAnswer,
    Mistake,
    Texts,
)
from schemas.examples.mission import CONFIRMED
from schemas.message import name
from schemas.recorded_event import RecordedEvent
from schemas.vocabulary import AWEX

ID = "crm-2026-000417"
RECORDED = RecordedEvent(
    specversion="1.0",
    id="f3c9a1d2-8a40-4a5e-9c5e-2b7f60d1e411",
    source="urn:coordination:awex",
    type=name(CONFIRMED),
    stream=CONFIRMED.mission,
    time=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    datacontenttype="application/json",
    version=4,
    ledger=AWEX,
    seq=112,
    previous="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    agency=AWEX,
    role="coordinator",
    correlation=ID,
    causation=ID,
    dataversion=1,
    data=CONFIRMED,
)

ANSWERS: tuple[AnyAnswer, ...] = (
    AnswerDone(id=ID, stream=CONFIRMED.mission, events=(Raw(msgspec.json.encode(RECORDED)),)),
    AnswerNothingToDo(id=ID),
    AnswerRejected(
        id=ID,
        reason="mission.not-the-leader",
        parameters={"leader": "awex", "agency": "fit"},
        text=Texts(
            fr="Cela revient à AWEX, qui mène la mission, et non à FIT.",
            nl="Dit is aan AWEX, dat de zending leidt, en niet aan FIT.",
            de="Das ist Sache von AWEX, das die Mission leitet, nicht von FIT.",
            en="This is for AWEX, which leads the mission, and not for FIT.",
        ),
    ),
    AnswerMalformed(
        id=ID,
        problems=(
            Mistake(
                field="effective",
                given="3/11/2026",
                expected="date",
                text=Texts(
                    fr="un jour qui existe, écrit comme 2026-09-15",
                    nl="een bestaande dag, geschreven als 2026-09-15",
                    de="ein Tag, den es gibt, geschrieben wie 2026-09-15",
                    en="a day that exists, written as 2026-09-15",
                ),
            ),
        ),
    ),
    AnswerWaiting(id=ID, owner=AWEX, since=datetime(2026, 11, 3, 9, 31, tzinfo=UTC)),
)
