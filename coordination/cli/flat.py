"""Values as cells of a spreadsheet: each on one line, codes and ISO dates."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec
from msgspec import Raw, Struct

from coordination import short_forms

Rows: TypeAlias = tuple[Sequence[str], Iterable[Sequence[Any]]]

# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    text = flat(value)
    is_text = not isinstance(value, int | float)
    return f"'{text}" if is_text and text.startswith(_FORMULA) else text


def flat(value: Any) -> str:
    """A value on one line: its short form where it has one."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return "; ".join(map(flat, value))
        case Raw():
            return bytes(value).decode()
        case Struct() if type(value) in short_forms.WRITTEN_KINDS:
            return short_forms.written(value)
        case Struct():
            return msgspec.json.encode(value).decode()
    return str(value)


def json_of(plain: Any) -> str:
    return msgspec.json.encode(plain).decode()


def lines(kind: type[Struct], lines: Iterable[Struct]) -> Rows:
    """A column for each field of the lines."""
    return kind.__struct_fields__, (msgspec.structs.astuple(line) for line in lines)
