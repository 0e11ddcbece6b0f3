"""A message as a form: which blanks it has, what was filled in, and the plain data of it.

Names are dotted below structures, with a number for each row of a list: `terms.share-of-cost`,
`places.0.city`. What a form holds is text; conversion.py reads it, as from every door.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias, get_args, get_origin

import msgspec
from msgspec import Struct

from coordination import short_forms
from coordination.conversion import Field, Shape, fields_of, shape_of
from schemas.period import Days

Given: TypeAlias = Mapping[str, Sequence[str]]  # what each blank holds, by its name
MOST_ROWS = 200

# Sentences, which need room; other words fit on a line.
_SENTENCES = frozenset({"reason", "results", "remark", "text", "decision", "promise", "note"})


class Sort(StrEnum):
    """How a blank looks."""

    TEXT = "text"
    SENTENCES = "sentences"
    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes-no"
    CHOICE = "choice"  # one of a vocabulary
    CHOICES = "choices"  # any of a vocabulary
    PERIOD = "period"  # days, or a short form
    DAYS = "days"
    GROUP = "group"
    ROWS = "rows"


def sort_of(name: str, shape: Shape) -> Sort:
    kind = shape.alternatives[0]
    if len(shape.alternatives) > 1:
        return Sort.PERIOD
    if get_origin(kind) is tuple:
        return Sort.CHOICES if vocabulary_of(item_of(shape)) else Sort.ROWS
    if vocabulary_of(shape):
        return Sort.CHOICE
    if kind is Days:
        return Sort.DAYS
    if issubclass(kind, Struct):
        return Sort.GROUP
    if kind is bool:
        return Sort.YES_NO
    if kind is date:
        return Sort.DAY
    if kind in (int, float, Decimal):
        return Sort.NUMBER
    return Sort.SENTENCES if name in _SENTENCES else Sort.TEXT


def item_of(shape: Shape) -> Shape:
    return shape_of(get_args(shape.alternatives[0])[0])


def vocabulary_of(shape: Shape) -> str | type[StrEnum] | None:
    """`agency`, `country` or an enumeration, where a value is one of a list."""
    kind = shape.alternatives[0]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return shape.vocabulary


def named(field: str) -> str:
    return field.replace("_", "-")


def below(name: str, field: object) -> str:
    part = named(str(field))
    return f"{name}.{part}" if name else part


def rows_of(name: str, given: Given) -> list[int]:
    """The numbers of the rows that a list has, blank ones too."""
    start = f"{name}."
    numbers = (key[len(start) :].partition(".")[0] for key in given if key.startswith(start))
    return sorted({int(one) for one in numbers if one.isdecimal() and int(one) < MOST_ROWS})


class Gathered(Struct, frozen=True):
    """The plain data of a form, and the blank behind each of its fields, as conversion names it."""

    plain: dict[str, Any]
    blanks: dict[str, str]

    def blank(self, field: str) -> str:
        """Where a mistake is shown: at its own blank, else at what holds it."""
        while field and field not in self.blanks:
            field = field[: max(field.rfind("."), field.rfind("["), 0)]
        return self.blanks.get(field, "")


def gathered(kind: type[Struct], given: Given, without: Collection[str] = ()) -> Gathered:
    """What was filled in; what was left blank, or as it is by itself, is not said."""
    found = _Gathering(given)
    return Gathered(found.fields(kind, "", "", without), found.blanks)


class _Gathering:
    def __init__(self, given: Given) -> None:
        self.given = given
        self.blanks: dict[str, str] = {}

    def fields(
        self, kind: type[Struct], name: str, path: str, without: Collection[str] = ()
    ) -> dict[str, Any]:
        said: dict[str, Any] = {}
        nobody: dict[str, Any] = {}
        for field in fields_of(kind):
            if field.name not in without:
                at = f"{path}.{field.name}" if path else field.name
                value = self.value(field, below(name, field.name), at)
                if value is not None:
                    said[field.name] = value
                elif may_be_null(field):
                    nobody[field.name] = None
        return {**said, **nobody} if said else said

    def value(self, field: Field, name: str, path: str) -> Any:
        value = self.of(field.name, shape_of(field.annotation), name, path)
        return None if value == by_itself(field) else value

    def of(self, field: str, shape: Shape, name: str, path: str) -> Any:
        """None where nothing was said."""
        self.blanks[path] = name
        match sort_of(field, shape):
            case Sort.GROUP:
                return self.fields(shape.alternatives[0], name, path) or None
            case Sort.ROWS:
                return self.rows(field, item_of(shape), name, path)
            case Sort.CHOICES:
                chosen = [one for one in self.given.get(name, ()) if one]
                self.blanks |= {f"{path}[{place}]": name for place in range(len(chosen))}
                return chosen or None
            case Sort.PERIOD:
                return " ".join(filter(None, [self.one(name), self.days(name)])) or None
            case Sort.DAYS:
                return self.days(name) or self.one(name)
        return self.one(name)

    def one(self, name: str) -> str | None:
        values = self.given.get(name, ())
        return (values[0].strip() or None) if values else None

    def days(self, name: str) -> str | None:
        start, end = self.one(f"{name}.start"), self.one(f"{name}.end")
        return f"{start or ''}/{end or start}" if start or end else None

    def rows(self, field: str, item: Shape, name: str, path: str) -> list[Any] | None:
        """Rows that are left blank are passed over; where each mistake belongs stays known."""
        numbers = [
            number
            for number in rows_of(name, self.given)
            if _Gathering(self.given).of(field, item, f"{name}.{number}", "") is not None
        ]
        several = len(numbers) > 1
        found = [
            self.of(field, item, f"{name}.{number}", f"{path}[{place}]" if several else path)
            for place, number in enumerate(numbers)
        ]
        if not several and not found:
            self.blanks[path] = name
        return found or None


def spread(kind: type[Struct], plain: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a form holds from the plain data of a message or a line."""
    given: dict[str, list[str]] = {}
    _spread(kind, plain, "", given)
    return given


def filled_by(kind: type[Struct], query: Given) -> dict[str, list[str]]:
    """What a form holds from the query of an address: dotted names are blanks, others fields, which
    may be written in their short form."""
    given = {name: [*values] for name, values in query.items() if "." in name}
    fields = {named(field.name): field for field in fields_of(kind)}
    for name in query.keys() & fields.keys():
        shape = shape_of(fields[name].annotation)
        several = sort_of(name, shape) in (Sort.ROWS, Sort.CHOICES)
        values = [one for one in query[name] if one]
        if values:
            value = values if several else values[0]
            _spread_value(fields[name].name, shape, value, name, given)
    return given


def _spread(kind: Any, plain: Mapping[str, Any], name: str, given: dict[str, list[str]]) -> None:
    for field in fields_of(kind):
        value = plain.get(field.name)
        if value is not None:
            _spread_value(
                field.name, shape_of(field.annotation), value, below(name, field.name), given
            )


def _spread_value(
    field: str, shape: Shape, value: Any, name: str, given: dict[str, list[str]]
) -> None:
    kind = shape.alternatives[0]
    match sort_of(field, shape):
        case Sort.GROUP:
            if unfolded := _unfolded(kind, value):
                _spread(kind, unfolded, name, given)
        case Sort.ROWS:
            for number, one in enumerate(value if isinstance(value, list | tuple) else [value]):
                _spread_value(field, item_of(shape), one, f"{name}.{number}", given)
        case Sort.CHOICES:
            given[name] = [*map(str, value)] if isinstance(value, list | tuple) else [str(value)]
        case Sort.PERIOD | Sort.DAYS:
            for part, text in _period(value):
                given[f"{name}.{part}" if part else name] = [text]
        case Sort.YES_NO:
            given[name] = [str(value).lower()]
        case _:
            given[name] = [str(value)]


def _unfolded(kind: type[Struct], value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    reader = short_forms.of(kind)
    try:
        return reader(str(value)) if reader else {}
    except ValueError:
        return {}


def _period(value: Any) -> Iterator[tuple[str, str]]:
    """The parts of a blank for a period: days are chosen, other periods written."""
    text = value if isinstance(value, str) else short_forms.written(_as_period(value))
    start, slash, end = text.partition("/")
    if slash or len(text) == len("2027-03-21"):
        yield from (("start", start), ("end", end or start))
    else:
        yield "", text


def _as_period(value: Mapping[str, Any]) -> Struct:
    kinds = {str(kind.__struct_config__.tag): kind for kind in short_forms.PERIOD_KINDS}
    period: Struct = msgspec.convert(value, kinds[value.get("period", "days")])
    return period


def plain(message: Struct) -> dict[str, Any]:
    """A message, or a line, as plain data."""
    found: dict[str, Any] = msgspec.to_builtins(message)
    return found


def may_be_null(field: Field) -> bool:
    """Whether a field must be said and may be null: a blank then says nobody, or not known."""
    return field.required and shape_of(field.annotation).optional


def by_itself(field: Field) -> str | None:
    """What a blank says where nobody fills it in."""
    match field.default:
        case bool():
            return str(field.default).lower()
        case str():
            return str(field.default)
    return None
