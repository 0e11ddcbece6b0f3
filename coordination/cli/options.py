"""Options made from a message: one for each field, dotted below structures, all of them text.

    mission-awex-2027-hanoi --terms.share-of-cost 20 --terms.role "seminar on water"

The checks are those of every door (coordination/conversion.py), so that all mistakes come at once.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_args, get_origin

from msgspec import Struct

from coordination import short_forms
from coordination.conversion import Shape, fields_of, shape_of
from coordination.short_forms import PERIOD_KINDS
from schemas.action import Leg
from schemas.cycle import Head, Observation
from schemas.period import Days
from schemas.post import AreaPart, Succession
from schemas.vocabulary import Money, Place, Qualified

# The short forms (coordination/short_forms.py), as help shows them.
_FORMS: Mapping[type, str] = MappingProxyType(
    {
        Days: "2027-03-21/2027-03-25",
        Place: '"VN Hanoi" or "VN Hanoi @21.0278,105.8342"',
        AreaPart: '"VN" or "IN South India"',
        Money: '"80000 EUR"',
        Qualified: '"54 companies", ">=54 participations", ">10 SMEs" or "~40 operators"',
        Head: "awex=12",
        Succession: '"VN=post-awex-hanoi@2026-12-31:hub+fit" or "CU=nobody@2026-12-31:hub"',
        Leg: '"VN Hanoi, 2027-03-21/2027-03-25, awex"',
        Observation: "a sentence",
    }
)
_PERIOD = "2027-03-21/2027-03-25, 2027-03, 2027-Q1, 2027-H1, 2027 or undated"


class Option(Struct, frozen=True):
    """One value to be given: the way to its field, whether it may be repeated, and its help."""

    path: tuple[str, ...]
    many: bool
    required: bool
    help: str

    @property
    def name(self) -> str:
        return written(".".join(self.path))

    @property
    def identifier(self) -> str:
        return "_".join(self.path)


def written(field: str) -> str:
    """The option of a field: `--terms.share-of-cost` of `terms.share_of_cost`."""
    return "--" + field.replace("_", "-")


def options_of(kind: type[Struct], without: Collection[str] = ()) -> list[Option]:
    """The options of a message, in the order of its fields."""
    return list(_below(kind, (), True, without))


def raw_of(options: Collection[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """The plain data of a message from the values given for its options."""
    raw: dict[str, Any] = {}
    for option in options:
        value = given.get(option.identifier)
        if value is None:
            continue
        within = raw
        for step in option.path[:-1]:
            within = within.setdefault(step, {})
        within[option.path[-1]] = value
    return raw


def _below(
    kind: type[Struct], path: tuple[str, ...], required: bool, without: Collection[str]
) -> Iterator[Option]:
    for field in fields_of(kind):
        if field.name in without:
            continue
        way = (*path, field.name)
        shape = shape_of(field.annotation)
        needed = required and field.required
        inner = shape.alternatives[0]
        if _is_taken_apart(shape):
            yield from _below(inner, way, needed, ())
            continue
        yield Option(way, get_origin(inner) is tuple, needed, _help(shape, needed))


def _is_taken_apart(shape: Shape) -> bool:
    kind = shape.alternatives[0]
    return (
        len(shape.alternatives) == 1
        and isinstance(kind, type)
        and issubclass(kind, Struct)
        and short_forms.of(kind) is None
    )


def _help(shape: Shape, required: bool) -> str:
    parts = [shape.said("description") or "", _form(shape)]
    if required and shape.optional:
        parts.append('"" when not known')
    return "; ".join(part for part in parts if part)


def _form(shape: Shape) -> str:
    kind = shape.alternatives[0]
    if get_origin(kind) is tuple:
        item = shape_of(get_args(kind)[0])
        said = item.said("description")
        return f"{said}; {_form(item)}" if said else _form(item)
    if kind in PERIOD_KINDS and len(shape.alternatives) > 1:
        return _PERIOD
    if kind in _FORMS:
        return _FORMS[kind]
    if examples := shape.said("examples"):
        return f"such as {examples[0]}"
    if issubclass(kind, StrEnum):
        return ", ".join(kind)
    if kind is bool:
        return "true or false"
    if kind is date:
        return "a day, such as 2026-09-15"
    if kind in (int, Decimal):
        return _number(shape)
    return "text"


def _number(shape: Shape) -> str:
    least, most = shape.said("ge"), shape.said("le")
    return f"a whole number from {least}" + (f" to {most}" if most is not None else "")
