"""From what a person or program wrote to a message, with every mistake named at once.

msgspec stops at the first error and words it in English. A form or a spreadsheet row needs all of
them, each with its field, what was given and what is allowed, in the reader's language: so each
field is converted on its own, and a mistake is a key with parameters (see the catalogues).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints
from unicodedata import category

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from coordination import short_forms

Message = TypeVar("Message", bound=Struct)
LONGEST_QUOTE = 80  # characters of a wrong value that are repeated to its writer


class Problem(Struct, frozen=True):
    """One mistake: where, what was given, and the key and parameters of what is allowed."""

    field: str
    given: str
    expected: str
    parameters: dict[str, str | int] = {}


class Malformed(Exception):
    """What was written is no message; `problems` has every mistake, in the order of the fields."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*self.problems)


class Known(Struct, frozen=True):
    """The codes that exist now: the agencies of the settings, the countries of ISO 3166."""

    agencies: frozenset[str]
    countries: frozenset[str]

    def of(self, vocabulary: str) -> frozenset[str]:
        return self.agencies if vocabulary == "agency" else self.countries


def read(kind: type[Message], raw: Any, known: Known, *, text: bool = False) -> Message:
    """
    A message of one kind from plain data.

    With `text`, values may be text as people write it (`"2027"`, `"VN Hanoi"`, see short_forms);
    without, a number as text is a mistake. Raises Malformed.
    """
    reader = _Reader(known, text)
    message = reader.struct(kind, raw, "")
    if not isinstance(message, kind):
        raise Malformed(reader.problems)
    return message


def kinds_by_tag(union: Any) -> dict[str, type[Struct]]:
    """Each Struct of a tagged union by its tag."""
    kinds = get_args(union) or (union,)
    return {str(kind.__struct_config__.tag): kind for kind in kinds}


def read_tagged(union: Any, raw: Any, known: Known, *, text: bool = False) -> Any:
    """A message of a union, chosen by its tag. Raises Malformed."""
    kinds = kinds_by_tag(union)
    tag_field = next(iter(kinds.values())).__struct_config__.tag_field or ""
    tag = raw.get(tag_field) if isinstance(raw, Mapping) else raw
    if not isinstance(tag, str) or tag not in kinds:
        raise Malformed([Problem(tag_field, quoted(tag), "one-of", {"allowed": ", ".join(kinds)})])
    return read(kinds[tag], raw, known, text=text)


def quoted(value: object) -> str:
    shown = value if isinstance(value, str) else str(value)
    shown = shown.encode("utf-8", "backslashreplace").decode()
    return shown if len(shown) <= LONGEST_QUOTE else shown[:LONGEST_QUOTE] + "…"


class Field(Struct, frozen=True):
    """One field of a Struct, for the doors that make forms and options of it."""

    name: str
    annotation: Any
    required: bool
    default: Any


def fields_of(kind: type[Struct]) -> list[Field]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        Field(
            each.encode_name,
            hints[each.name],
            each.required,
            None if each.required else _default(each),
        )
        for each in msgspec.structs.fields(kind)
    ]


def _default(each: msgspec.structs.FieldInfo) -> Any:
    if each.default_factory is not msgspec.NODEFAULT:
        return each.default_factory()
    return each.default


class Shape(Struct, frozen=True):
    """An annotation taken apart: the alternatives it allows, and what is said about them."""

    alternatives: tuple[Any, ...]
    optional: bool
    meta: tuple[Meta, ...]
    leaf: Any

    @property
    def vocabulary(self) -> str | None:
        return next((m.extra["vocabulary"] for m in self.meta if m.extra), None)

    def said(self, attribute: str) -> Any:
        values = (getattr(meta, attribute) for meta in self.meta)
        return next((value for value in values if value is not None), None)


def shape_of(annotation: Any) -> Shape:
    meta: tuple[Meta, ...] = ()
    if get_origin(annotation) is Annotated:
        base, *said = get_args(annotation)
        inner = shape_of(base)
        meta = (*(each for each in said if isinstance(each, Meta)), *inner.meta)
        return Shape(inner.alternatives, inner.optional, meta, annotation)
    if get_origin(annotation) in (Union, UnionType):
        kept = [one for one in get_args(annotation) if one not in (NoneType, UnsetType)]
        optional = NoneType in get_args(annotation)
        if len(kept) == 1:
            inner = shape_of(kept[0])
            return Shape(inner.alternatives, optional, inner.meta, inner.leaf)
        return Shape(tuple(kept), optional, meta, annotation)
    return Shape((annotation,), False, meta, annotation)


_MISTAKE: Any = UNSET  # what a reader returns once it has noted the problem
Notes: TypeAlias = list[Problem]


class _Reader:
    def __init__(self, known: Known, text: bool) -> None:
        self.known, self.text = known, text
        self.problems: Notes = []

    def note(self, path: str, given: object, expected: str, **parameters: str | int) -> Any:
        self.problems.append(Problem(path, quoted(given), expected, parameters))
        return _MISTAKE

    def value(self, annotation: Any, raw: Any, path: str) -> Any:
        shape = shape_of(annotation)
        if raw is None or (self.text and isinstance(raw, str) and not raw.strip()):
            return None if shape.optional else self.note(path, "", "missing")
        kind = shape.alternatives[0]
        if len(shape.alternatives) > 1:
            return self.tagged(shape.alternatives, raw, path)
        if get_origin(kind) is tuple:
            return self.several(get_args(kind), shape, raw, path)
        if isinstance(kind, type) and issubclass(kind, Struct):
            return self.struct(kind, self.unfolded(short_forms.of(kind), kind, raw, path), path)
        return self.leaf(shape, raw, path)

    def unfolded(self, reader: Callable[[str], Any] | None, kind: Any, raw: Any, path: str) -> Any:
        """Text of a structured value as plain data: its short form, or JSON."""
        if not self.text or not isinstance(raw, str):
            return raw
        try:
            if reader is not None and not raw.startswith("{"):
                return reader(raw.strip())
            return msgspec.json.decode(raw)
        except (ValueError, UnicodeEncodeError):
            return self.note(path, raw, f"form-{_form(kind)}")

    def tagged(self, kinds: tuple[Any, ...], raw: Any, path: str) -> Any:
        reader = short_forms.period if short_forms.PERIOD_KINDS.issuperset(kinds) else None
        raw = self.unfolded(reader, kinds[0], raw, path)
        if raw is _MISTAKE:
            return _MISTAKE
        tags = {str(kind.__struct_config__.tag): kind for kind in kinds}
        tag_field = kinds[0].__struct_config__.tag_field
        if not isinstance(raw, Mapping):
            return self.note(path, raw, "form-period")
        tag = raw.get(tag_field, "")
        if not isinstance(tag, str) or tag not in tags:
            return self.note(f"{path}.{tag_field}", tag, "one-of", allowed=", ".join(tags))
        return self.struct(tags[tag], raw, path)

    def several(self, items: tuple[Any, ...], shape: Shape, raw: Any, path: str) -> Any:
        if self.text and isinstance(raw, str):
            raw = [raw]
        if not isinstance(raw, list | tuple):
            return self.note(path, raw, "list")
        open_ended = len(items) == 2 and items[1] is ...
        if not open_ended and len(raw) != len(items):
            return self.note(path, ", ".join(map(str, raw)), "list-of", count=len(items))
        if len(raw) < (shape.said("min_length") or 0):
            return self.note(path, "", "missing")
        kinds = [items[0]] * len(raw) if open_ended else items
        where = [f"{path}[{place}]" if len(raw) > 1 else path for place in range(len(raw))]
        read = [self.value(*each) for each in zip(kinds, raw, where, strict=True)]
        return tuple(read)

    def struct(self, kind: type[Struct], raw: Any, path: str) -> Any:
        if raw is _MISTAKE:
            return _MISTAKE
        if not isinstance(raw, Mapping):
            return self.note(path, raw, "object")
        before = len(self.problems)
        fields = fields_of(kind)
        config = kind.__struct_config__
        tag = {config.tag_field} if config.tag_field else set()
        known = {each.name for each in fields}
        for name in sorted(map(str, set(raw) - known - tag)):
            self.note(_below(path, name), raw[name], "unknown", allowed=", ".join(sorted(known)))
        values: dict[str, Any] = {}
        for each in fields:
            if each.name in raw:
                values[each.name] = self.value(
                    each.annotation, raw[each.name], _below(path, each.name)
                )
            elif each.required:
                self.note(_below(path, each.name), "", "missing")
        if len(self.problems) > before:
            return _MISTAKE
        try:
            return kind(**values)
        except ValueError:  # a check of the Struct over several fields
            return self.note(path, _one_line(raw, config.tag_field), f"rule-{_form(kind)}")

    def leaf(self, shape: Shape, raw: Any, path: str) -> Any:
        if isinstance(raw, str):
            raw = raw.strip() if self.text else raw
            if not _encodable(raw):
                return self.note(path, raw, "utf-8")
            if not _shows(raw):
                return self.note(path, repr(raw), "no-control-characters")
        try:
            value = msgspec.convert(raw, shape.leaf, strict=not self.text)
        except msgspec.ValidationError:
            if not self.text and _is_number_as_text(raw, shape):
                return self.note(path, raw, "number-not-text")
            expected, parameters = allowed(shape)
            return self.note(path, raw, expected, **parameters)
        vocabulary = shape.vocabulary
        if vocabulary and value not in self.known.of(vocabulary):
            if vocabulary == "country":
                return self.note(path, raw, vocabulary)
            return self.note(path, raw, vocabulary, allowed=", ".join(sorted(self.known.agencies)))
        return value


def _is_number_as_text(raw: Any, shape: Shape) -> bool:
    """`"2027"` where a program should write `2027`."""
    if not isinstance(raw, str) or shape.alternatives[0] not in (int, float):
        return False
    try:
        float(raw)
    except ValueError:
        return False
    return True


def allowed(shape: Shape) -> tuple[str, dict[str, str | int]]:
    """What a leaf allows, as a key with parameters; the wording is `expected.KEY`."""
    kind = shape.alternatives[0]
    if vocabulary := shape.vocabulary:
        return f"form-{vocabulary}", {}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "one-of", {"allowed": ", ".join(kind.__members__.values())}
    if kind is bool:
        return "yes-or-no", {}
    if kind is date:
        return "date", {}
    if kind in (int, float, Decimal):
        least, most = shape.said("ge"), shape.said("le")
        word = "whole-number" if kind is int else "number"
        if most is not None:
            return f"{word}-between", {"least": least, "most": most}
        return (f"{word}-from", {"least": least}) if least is not None else (word, {})
    if pattern := shape.said("pattern"):
        examples = shape.said("examples")
        return "pattern", {"example": examples[0] if examples else pattern}
    most = shape.said("max_length")
    if most is None:
        return "any-text", {}
    return "text", {"least": shape.said("min_length") or 0, "most": most}


def _form(kind: Any) -> str:
    return "period" if kind in short_forms.PERIOD_KINDS else str(kind.__name__).lower()


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _one_line(raw: Mapping[str, Any], tag_field: str | None) -> str:
    said = ((name, value) for name, value in raw.items() if name != tag_field)
    return ", ".join(f"{name} {value}" for name, value in said if value is not None)


def _shows(text: str) -> bool:
    """Whether text has no characters that steer a terminal or turn the direction of writing."""
    return not any(category(one) in ("Cc", "Cf") and one not in "\n\t\u200d" for one in text)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
