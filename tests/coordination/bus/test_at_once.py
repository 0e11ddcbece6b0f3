import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.bus.at_once import read_at_once
from coordination.conversion import Known, Malformed, kinds_by_tag, read
from coordination.reference import countries
from schemas.examples import COMMANDS
from schemas.message import name
from schemas.recorded_event import AnyCommand

KNOWN = Known(frozenset({"hub", "awex", "fit"}), countries())
KINDS = kinds_by_tag(AnyCommand)
# What people and programs write instead: of another type, not a code, not to be seen.
INSTEAD: list[Any] = [
    None, "", " ", "a", "bfta", "awex", "ZZ", "VN", "2027-02-30", "2027-03-01", "7", "1e999",
    "mission-awex-2027-hanoi\n", "caf\u00e9", "a\u200bb", "a\u202eb", "a\tb", "\ud800", "\u0085",
    True, 0, -1, 7, 2027, 2**63, 1.5, [], ["awex"], ["VN", "ZZ"], {}, {"country": "ZZ"},
    [{"country": "VN", "city": "Hanoi", "district": "Hoan Kiem"}], [[]], [None],
    {"period": "days", "start": "2027-03-05", "end": "2027-03-01"},
]  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value in plain data."""
    yield way
    inner = dict(enumerate(value)) if isinstance(value, list) else value
    if isinstance(inner, dict):
        for key, each in inner.items():
            yield from places(each, (*way, key))


def changed(value: Any, way: tuple[Any, ...], instead: Any) -> Any:
    if not way:
        return instead
    copy = value.copy()
    copy[way[0]] = changed(value[way[0]], way[1:], instead)
    return copy


def without(value: Any, way: tuple[Any, ...]) -> Any:
    if len(way) == 1:
        copy = value.copy()
        del copy[way[0]]
        return copy
    return changed(value, way[:1], without(value[way[0]], way[1:]))


@st.composite
def written(draw: st.DrawFn) -> tuple[str, Any]:
    """A command with up to three changes, of which most are mistakes."""
    command = draw(st.sampled_from(COMMANDS))
    plain = msgspec.to_builtins(command)
    for _ in range(draw(st.integers(0, 3))):
        ways = [way for way in places(plain) if way]
        way = draw(st.sampled_from(ways))
        match draw(st.sampled_from(["instead", "instead", "without", "more"])):
            case "instead":
                plain = changed(plain, way, draw(st.sampled_from(INSTEAD)))
            case "without":
                plain = without(plain, way)
            case "more":
                inner = [one for one in places(plain) if isinstance(at(plain, one), dict)]
                way = draw(st.sampled_from(inner))
                more = draw(st.sampled_from(["note", "city", "by", "x\ty"]))
                plain = changed(plain, way, {**at(plain, way), more: "VN"})
    return name(command), plain


def at(value: Any, way: tuple[Any, ...]) -> Any:
    for key in way:
        value = value[key]
    return value


def both(tag: str, plain: Any, ascii_only: bool) -> tuple[Any, Any]:
    raw = json.dumps(plain, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    try:
        decoded = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, None
    try:
        slowly = read(KINDS[tag], decoded, KNOWN)
    except Malformed:
        slowly = None
    return read_at_once(KINDS[tag], decoded, raw, KNOWN), slowly


@given(written(), st.booleans())
@settings(max_examples=2_000, deadline=None)
def test_what_is_read_at_once_is_what_is_read_field_by_field(
    command: tuple[str, Any], ascii_only: bool
) -> None:
    at_once, slowly = both(*command, ascii_only)
    assert at_once is None or at_once == slowly


@pytest.mark.parametrize("command", COMMANDS, ids=name)
def test_a_command_without_a_mistake_is_read_at_once(command: AnyCommand) -> None:
    assert both(name(command), msgspec.to_builtins(command), False) == (command, command)


@pytest.mark.parametrize("instead", INSTEAD, ids=repr)
@pytest.mark.parametrize("command", COMMANDS, ids=name)
def test_each_value_in_each_place_is_read_alike(command: AnyCommand, instead: Any) -> None:
    plain = msgspec.to_builtins(command)
    for way in places(plain):
        if way:
            at_once, slowly = both(name(command), changed(plain, way, instead), False)
            assert at_once is None or at_once == slowly, way
