from typing import Any

import msgspec
import pytest

from coordination.conversion import kinds_by_tag
from schemas.examples import COMMANDS, EVENTS
from schemas.message import name, owner_of, stream_of, subject_of
from schemas.recorded_event import AnyCommand, AnyEvent


@pytest.mark.parametrize(
    "stream, subject, owner",
    [
        ("mission-awex-2027-hanoi", "mission", "awex"),
        ("post-hub-ho-chi-minh-city", "post", "hub"),
        ("cycle-hub-2026", "cycle", "hub"),
        ("policy-fit-area-manager-travels-from", "policy", "fit"),
    ],
)
def test_a_stream_says_what_it_is_about_and_who_decides(
    stream: str, subject: str, owner: str
) -> None:
    assert (subject_of(stream), owner_of(stream)) == (subject, owner)


@pytest.mark.parametrize("message", [*COMMANDS, *EVENTS], ids=name)
def test_a_message_belongs_to_the_stream_of_its_subject(message: AnyCommand | AnyEvent) -> None:
    said = msgspec.to_builtins(message)
    assert stream_of(message) == said[name(message).partition(".")[0]]


@pytest.mark.parametrize(
    "field, message",
    [*(("command", one) for one in COMMANDS), *(("event", one) for one in EVENTS)],
    ids=lambda value: value if isinstance(value, str) else name(value),
)
def test_the_one_name_of_a_message_is_its_tag_on_the_wire(field: str, message: Any) -> None:
    first, value = next(iter(msgspec.to_builtins(message).items()))
    assert (first, value) == (field, name(message)) == (field, name(type(message)))


def test_the_doors_know_each_message_by_that_name() -> None:
    assert kinds_by_tag(AnyCommand) == {name(one): type(one) for one in COMMANDS}
    assert kinds_by_tag(AnyEvent) == {name(one): type(one) for one in EVENTS}


@pytest.mark.parametrize("message", [*COMMANDS, *EVENTS], ids=name)
def test_no_message_holds_without_a_day(message: AnyCommand | AnyEvent) -> None:
    said = msgspec.to_builtins(message)
    del said["effective"]
    with pytest.raises(msgspec.ValidationError, match="missing required field `effective`"):
        msgspec.convert(said, type(message))


@pytest.mark.parametrize("command", COMMANDS, ids=name)
def test_no_command_is_asked_by_nobody(command: AnyCommand) -> None:
    said = msgspec.to_builtins(command)
    del said["by"]
    with pytest.raises(msgspec.ValidationError, match="missing required field `by`"):
        msgspec.convert(said, AnyCommand)
