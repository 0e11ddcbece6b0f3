from typing import get_args

import msgspec
import pytest

from schemas.examples import COMMANDS, EVENTS
from schemas.message import name, owner_of, stream_of, subject_of
from schemas.recorded_event import AnyCommand, AnyEvent


def test_every_message_has_one_example_in_the_order_of_the_language() -> None:
    assert [type(example) for example in COMMANDS] == list(get_args(AnyCommand))
    assert [type(example) for example in EVENTS] == list(get_args(AnyEvent))


@pytest.mark.parametrize("message", COMMANDS, ids=name)
def test_a_command_survives_the_wire(message: AnyCommand) -> None:
    assert msgspec.json.decode(msgspec.json.encode(message), type=AnyCommand) == message


@pytest.mark.parametrize("message", EVENTS, ids=name)
def test_an_event_survives_the_wire(message: AnyEvent) -> None:
    assert msgspec.json.decode(msgspec.json.encode(message), type=AnyEvent) == message


@pytest.mark.parametrize("message", [*COMMANDS, *EVENTS], ids=name)
def test_the_stream_of_a_message_says_its_subject_and_owner(
    message: AnyCommand | AnyEvent,
) -> None:
    stream = stream_of(message)
    assert subject_of(stream) == name(message).partition(".")[0]
    assert owner_of(stream) in ("hub", "awex", "fit")


def test_no_command_is_named_as_an_event() -> None:
    assert {name(one) for one in COMMANDS} & {name(one) for one in EVENTS} == set()


@pytest.mark.parametrize("message", EVENTS, ids=name)
def test_a_reader_lets_pass_what_a_newer_writer_added(message: AnyEvent) -> None:
    raw = msgspec.to_builtins(message) | {"added": "later"}
    assert msgspec.convert(raw, AnyEvent) == message


@pytest.mark.parametrize("message", COMMANDS, ids=name)
def test_a_misspelt_field_of_a_command_is_an_error(message: AnyCommand) -> None:
    raw = msgspec.to_builtins(message) | {"agence": "awex"}
    with pytest.raises(msgspec.ValidationError, match="unknown field `agence`"):
        msgspec.convert(raw, AnyCommand)
