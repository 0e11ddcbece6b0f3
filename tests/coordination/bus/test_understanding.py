"""From a message to the command it carries, or to each thing that is wrong with it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.bus.understanding import (
    MOST_PROBLEMS,
    NotUnderstood,
    Surroundings,
    given_id,
    understood,
)
from coordination.conversion import Known
from coordination.mailroom.kept import Reason
from coordination.reference import countries
from schemas.mission import PublishMission
from schemas.wire import MOST
from tests.coordination.bus.letters import mission

AROUND = Surroundings(Known(frozenset({"hub", "awex", "fit"}), countries()), "2026-09-24", "made-1")
PUBLISH = "cmd.awex.awex.mission.publish"
HANOI = mission("awex", "hanoi")
REQUEST = "cmd.awex.fit.mission.request-co-organisation"


def wrong(
    subject: str, command: Any, headers: dict[str, str] | None = None
) -> tuple[Reason, dict[str, str | int], list[tuple[str, str, str]]]:
    raw = command if isinstance(command, bytes) else msgspec.json.encode(command)
    with pytest.raises(NotUnderstood) as found:
        understood(subject, headers or {}, raw, AROUND)
    why = found.value
    return (
        why.reason,
        why.parameters,
        [(one.field, one.given, one.expected) for one in why.problems],
    )


def test_a_command_is_completed_by_what_the_subject_says() -> None:
    wanted = understood(PUBLISH, {}, msgspec.json.encode(HANOI), AROUND)
    assert isinstance(wanted.command, PublishMission)
    assert (wanted.command.by, wanted.command.effective.isoformat()) == ("awex", "2026-09-24")
    assert (wanted.id, wanted.id_was_given, wanted.role, wanted.meeting) == (
        "made-1",
        False,
        None,
        None,
    )
    assert msgspec.json.decode(wanted.raw, type=PublishMission) == wanted.command


def test_the_headers_say_the_rest() -> None:
    headers = {"Command-Id": "crm-1", "Role": "coordinator", "Meeting": "meeting-2026-june"}
    wanted = understood(PUBLISH, headers, msgspec.json.encode(HANOI), AROUND)
    assert (wanted.id, wanted.id_was_given, wanted.role, wanted.meeting) == (
        "crm-1",
        True,
        "coordinator",
        "meeting-2026-june",
    )


@pytest.mark.parametrize(
    "raw, at",
    [(b"", 0), (b"{", 0), (b"[1,]", 3), (b'{"a": "\xff"}', 0), (b"[" * 60_000, 0), (b"nul", 0)],
)
def test_what_is_not_json_is_told_from_which_byte_on(raw: bytes, at: int) -> None:
    assert wrong(PUBLISH, raw) == (Reason.NOT_JSON, {"at": at}, [])


@pytest.mark.parametrize(
    "raw, given", [(b"[]", "[]"), (b"1", "1"), (b'"x"', "x"), (b"null", "None")]
)
def test_json_that_is_no_object_is_no_command(raw: bytes, given: str) -> None:
    assert wrong(PUBLISH, raw) == (Reason.NOT_UNDERSTOOD, {}, [("", given, "object")])


@pytest.mark.parametrize(
    "subject, given",
    [("cmd.awex.awex.mission.dance", "mission.dance"), ("cmd.awex", "cmd.awex"), ("x.>", "x.>")],
)
def test_a_command_that_there_is_not_is_named(subject: str, given: str) -> None:
    assert wrong(subject, HANOI) == (Reason.UNKNOWN_COMMAND, {"given": given}, [])


def test_what_is_too_big_is_not_read() -> None:
    raw = b" " * (MOST + 1)
    assert wrong(PUBLISH, raw) == (Reason.TOO_BIG, {"size": MOST + 1, "most": MOST}, [])


def test_nobody_speaks_for_another() -> None:
    said = {**HANOI, "by": "hub"}
    expected = {"said": "hub", "asker": "awex"}
    assert wrong(PUBLISH, said) == (Reason.FORGED_AGENCY, expected, [])


def test_what_the_payload_says_agrees_with_the_subject() -> None:
    said = {**HANOI, "command": "mission.cancel"}
    expected = {"subject": PUBLISH, "allowed": "mission.publish"}
    assert wrong(PUBLISH, said) == (Reason.WRONG_SUBJECT, expected, [])


def test_a_stream_is_asked_of_its_owner() -> None:
    said = {"mission": "mission-hub-2027-rome"}
    expected = {"subject": REQUEST, "allowed": REQUEST.replace("awex", "hub", 1)}
    assert wrong(REQUEST, said) == (Reason.WRONG_SUBJECT, expected, [])


def test_an_agency_that_there_is_not_asks_nothing() -> None:
    reason, _, problems = wrong("cmd.awex.vlaio.mission.publish", HANOI)
    assert (reason, problems) == (Reason.NOT_UNDERSTOOD, [("by", "vlaio", "agency")])


def test_all_mistakes_are_told_at_once_those_of_the_headers_too() -> None:
    said = {**HANOI, "action": "holiday", "sectors": "digital", "colour": "red"}
    headers = {"Command-Id": "a b", "Role": "king", "Meeting": "lunch"}
    reason, _, problems = wrong(PUBLISH, said, headers)
    assert reason is Reason.NOT_UNDERSTOOD
    assert problems == [
        ("colour", "red", "unknown"),
        ("action", "holiday", "one-of"),
        ("sectors", "digital", "list"),
        ("Command-Id", "a b", "pattern"),
        ("Role", "king", "one-of"),
        ("Meeting", "lunch", "pattern"),
    ]


def test_so_many_mistakes_are_told_as_an_answer_holds() -> None:
    many = {f"x{number}": 1 for number in range(5_000)}
    _, _, problems = wrong(PUBLISH, {**HANOI, **many})
    assert len(problems) == MOST_PROBLEMS


@pytest.mark.parametrize("said", ["", "a b", "é", "x" * 65, "x\n"])
def test_an_identifier_that_is_none_is_a_mistake_and_is_not_repeated(said: str) -> None:
    assert wrong(PUBLISH, HANOI, {"Command-Id": said})[2] == [("Command-Id", said, "pattern")]
    assert given_id({"Command-Id": said}) is None


def test_an_identifier_is_what_its_asker_gave() -> None:
    assert (given_id({"Command-Id": "crm-1"}), given_id({})) == ("crm-1", None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
SUBJECT = st.sampled_from([PUBLISH, REQUEST, "cmd", "cmd.awex.fit.", "link." + PUBLISH]) | st.text()
HEADERS = st.dictionaries(
    st.sampled_from(["Command-Id", "Role", "Meeting", "Command-Seal"]) | st.text(), st.text()
)
NAMES = st.sampled_from([*HANOI, "by", "effective", "command"])
WRITTEN = st.dictionaries(NAMES | st.text(), JSON).map(lambda said: {**HANOI, **said})


@given(SUBJECT, HEADERS, st.binary() | (JSON | WRITTEN).map(msgspec.json.encode))
def test_whatever_comes_is_understood_or_not(
    subject: str, headers: dict[str, str], raw: bytes
) -> None:
    try:
        wanted = understood(subject, headers, raw, AROUND)
    except NotUnderstood:
        return
    assert msgspec.json.decode(wanted.raw, type=type(wanted.command)) == wanted.command
