"""What a node answers to a command: the very bytes of events, text for every reader."""

from collections.abc import Iterable

import msgspec

from coordination.catalogues import say
from coordination.conversion import Problem
from coordination.settings import LANGUAGES
from coordination.store.answers import Answer, Refused
from coordination.store.event_store import written
from coordination.wording import Reader
from schemas.answer import (
    AnswerDone,
    AnswerNothingToDo,
    AnswerRejected,
    AnyAnswer,
    Mistake,
    Texts,
)
from schemas.recorded_event import RecordedEvent

_encoder = msgspec.json.Encoder()


def encoded(answer: AnyAnswer) -> bytes:
    return _encoder.encode(answer)


def of(answer: Answer, command_id: str, stream: str) -> AnyAnswer:
    if isinstance(answer, Refused):
        key = f"rejection.{answer.reason}"
        texts = {language: say(key, language, **answer.parameters) for language in LANGUAGES}
        return AnswerRejected(
            id=command_id,
            reason=answer.reason,
            text=Texts(**texts),
            parameters=answer.parameters,
        )
    if not answer.events:
        return AnswerNothingToDo(id=command_id)
    return done(command_id, stream, answer.events)


def done(command_id: str, stream: str, events: Iterable[RecordedEvent]) -> AnswerDone:
    raw = tuple(msgspec.Raw(written(event)) for event in events)
    return AnswerDone(id=command_id, stream=stream, events=raw)


def mistake(problem: Problem) -> Mistake:
    texts = {
        language: Reader(language).expected(f"expected.{problem.expected}", problem.parameters)
        for language in LANGUAGES
    }
    return Mistake(
        field=problem.field,
        given=problem.given,
        expected=problem.expected,
        text=Texts(**texts),
        parameters={**problem.parameters},
    )
