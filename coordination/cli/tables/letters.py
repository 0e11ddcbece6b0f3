"""What was asked of other agencies, and messages that were not understood, for people."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from coordination import catalogues
from coordination.cli.tables import upkeep
from coordination.cli.tables.page import Page, sheet
from coordination.harmless import harmless
from coordination.letters import AskedLine, AskedList, AskedWhole, Waiting
from coordination.mailroom.asked import read_answer
from coordination.mailroom.kept import Beyond, CameBy, KeptMessage, Reason, Settled
from coordination.sentences import sentence_of
from coordination.upkeep import ParkedList
from coordination.wording import Reader
from projections.read_model import civil_day
from schemas.answer import (
    AnswerDone,
    AnswerMalformed,
    AnswerNothingToDo,
    AnswerRejected,
    AnswerWaiting,
    AnyAnswer,
    Mistake,
)
from schemas.upcasting import Happened, Unreadable


def asked(answer: AskedList, reader: Reader) -> Page:
    columns = ("id", "asked-at", "owner", "asked", "state", "since")
    page = sheet(reader, "asked.title", columns, (_row(one, reader) for one in answer.asked))
    return [*page, reader.say("asked.next", id=answer.asked[0].id)] if page else [_none(reader)]


def _none(reader: Reader) -> str:
    return reader.say("asked.nothing")


def _row(one: AskedLine, reader: Reader) -> tuple[str, ...]:
    return (
        one.id,
        _moment(one.asked_at, reader),
        reader.agency(one.owner),
        f"{_what(one, reader)}\n{harmless(one.stream)}",
        _state(one, reader),
        _moment(one.since, reader),
    )


def _moment(at: datetime, reader: Reader) -> str:
    """On two lines, so that a column of them stays narrow."""
    return f"{reader.day(civil_day(at))}\n{reader.time(at)}"


def _what(one: AskedLine, reader: Reader) -> str:
    return harmless(reader.label("asks", one.tag))


def _state(one: AskedLine, reader: Reader) -> str:
    state = reader.label("asked", one.state)
    match _answer(one):
        case AnswerRejected() as rejected:
            return reader.pair(state, _why(rejected, reader))
        case AnswerMalformed(problems=problems):
            return reader.pair(state, "\n".join(_mistake(each, reader) for each in problems))
    return state


def asked_whole(answer: AskedWhole, reader: Reader) -> Page:
    return ["\n".join(_whole(one, reader)) for one in answer.asked]


def _whole(one: AskedLine, reader: Reader) -> Iterator[str]:
    yield reader.say(
        "asked.letter",
        asker=one.asker,
        owner=one.owner,
        when=reader.moment(one.asked_at),
        what=_what(one, reader),
        stream=harmless(one.stream),
        id=one.id,
    )
    answer = _answer(one)
    if answer is None or isinstance(answer, AnswerWaiting):
        yield reader.say("asked.waits", owner=one.owner)
        return
    yield reader.say("asked.answered", owner=one.owner, when=reader.moment(one.since))
    yield from outcome(answer, one.stream, reader)


def outcome(answer: AnyAnswer, stream: str, reader: Reader) -> Iterator[str]:
    """What became of a command on a stream, a sentence for each event or mistake."""
    match answer:
        case AnswerDone():
            yield from (_happened(event, reader) for event in answer.happened())
        case AnswerNothingToDo():
            yield reader.say("command.nothing-to-do", stream=harmless(stream))
        case AnswerRejected():
            yield _why(answer, reader)
        case AnswerMalformed(problems=problems):
            yield from (_mistake(each, reader) for each in problems)
        case AnswerWaiting(owner=owner):
            yield reader.say("asked.waits", owner=owner)


def _answer(one: AskedLine) -> Any:
    return None if one.answer is None else read_answer(bytes(one.answer))


def _why(rejected: AnswerRejected, reader: Reader) -> str:
    """In our own words where we have them: the words of the answer are another agency's."""
    key = f"rejection.{rejected.reason}"
    if key in catalogues.keys(reader.language):
        return harmless(reader.say(key, **rejected.parameters))
    return harmless(str(getattr(rejected.text, reader.language)))


def _mistake(mistake: Mistake, reader: Reader) -> str:
    expected = str(getattr(mistake.text, reader.language))
    return _problem(mistake.field, mistake.given, expected, reader)


def _problem(field: str, given: str, expected: str, reader: Reader) -> str:
    key = "command.problem" if given else "command.problem-of-nothing"
    return harmless(reader.say(key, field=field, given=given, expected=expected))


def _happened(event: Happened, reader: Reader) -> str:
    reference = f"{event.ledger}/{event.seq}"
    if isinstance(event, Unreadable):
        return reader.say("asked.not-known", reference=reference, type=harmless(event.type))
    return harmless(
        reader.say(
            "command.recorded",
            sentence=sentence_of(event.data, event.agency, reader),
            stream=event.stream,
            reference=reference,
            day=reader.day(event.data.effective),
        )
    )


def waiting(answer: Waiting, reader: Reader) -> Page:
    """Sentences and no table, as what is parked (see upkeep)."""
    unsettled = [one for one in answer.messages if one.settled is None]
    streams = upkeep.parked(ParkedList(parked=answer.parked, skipped=answer.skipped), reader)
    if unsettled and not answer.parked:
        streams = streams[1:]  # something does wait
    return [
        *streams,
        *(f"{_message(one, reader)}\n" for one in unsettled),
        *([reader.say("parked.messages-next", number=unsettled[0].number)] if unsettled else []),
        *(_beyond(one, reader) for one in answer.beyond),
        *(
            "\n" + settled(one, reader)
            for one in answer.messages
            if one.settled is not None and one.settled.how is Settled.PUT_ASIDE
        ),
    ]


def _message(one: KeptMessage, reader: Reader) -> str:
    return f"{message(one, reader)}\n{reason(one.reason, one.parameters, reader)}"


def message(one: KeptMessage, reader: Reader) -> str:
    """Where it came from, and when; its texts are harmless already."""
    first, last = reader.moment(one.first_at), reader.moment(one.last_at)
    came = (
        reader.say("parked.came-once", when=first)
        if one.count == 1
        else reader.say("parked.came-again", times=one.count, first=first, last=last)
    )
    return reader.say(
        "parked.message",
        number=one.number,
        count=one.size,
        origin=origin(one.came_by, reader),
        subject=one.subject,
        came=came,
    )


def origin(came_by: CameBy, reader: Reader) -> str:
    return reader.say(f"door.{came_by.door}", agency=came_by.agency)


def reason(key: str, parameters: Mapping[str, Any], reader: Reader) -> str:
    """Why a message was not understood, and what can be done about it."""
    problems = parameters.get("problems", []) if key == Reason.NOT_UNDERSTOOD else []
    simple = {name: value for name, value in parameters.items() if name != "problems"}
    said = reader.say(key, **simple)
    return "\n".join(
        [
            said,
            *(
                "  "
                + _problem(
                    each["field"],
                    each["given"],
                    reader.expected(f"expected.{each['expected']}", each.get("parameters", {})),
                    reader,
                )
                for each in problems
            ),
        ]
    )


def settled(one: KeptMessage, reader: Reader) -> str:
    assert one.settled is not None
    return reader.say(
        f"settled.{one.settled.how}",
        number=one.number,
        when=reader.moment(one.settled.at),
        reason=one.settled.reason,
    )


def _beyond(one: Beyond, reader: Reader) -> str:
    return "\n" + reader.say(
        "parked.beyond",
        count=one.count,
        origin=origin(one.came_by, reader),
        first=reader.moment(one.first_at),
        last=reader.moment(one.last_at),
        why=reader.label("why", one.reason),
    )
