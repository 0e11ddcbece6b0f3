"""Reading a command at once, as a program writes it where it makes no mistake.

Field by field takes ten times as long (coordination.conversion), and is left to what is not
understood here: it tells every mistake, or finds that there is none. Both give the same message.
"""

from collections.abc import Callable
from functools import cache
from itertools import cycle
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct

from coordination.conversion import Known, fields_of, shape_of

Message = TypeVar("Message", bound=Struct)
Check = Callable[[Any, Any, Known], bool]  # of what was read, and what was given


def read_at_once(
    kind: type[Message], given: dict[str, Any], raw: bytes, known: Known
) -> Message | None:
    """
    A message of one kind from what was decoded from `raw`, and perhaps completed.

    None where it is none, or needs a closer look: for characters that do not show, names that the
    language does not have, codes that do not exist.
    """
    if b"\\" in raw or not raw.decode().isprintable():
        return None
    try:
        message = msgspec.convert(given, kind)
    except msgspec.ValidationError:
        return None
    return message if _is_known(message, given, known) else None


def _is_known(value: Any, given: Any, known: Known) -> bool:
    kind: type[Struct] = type(value)
    names, checks = _names_and_checks(kind)
    return given.keys() <= names and all(
        given.get(name) is None or check(getattr(value, name), given[name], known)
        for name, check in checks
    )


@cache
def _names_and_checks(kind: type[Struct]) -> tuple[frozenset[str], list[tuple[str, Check]]]:
    """The names of a Struct, and the checks of those fields that can hold a name or a code."""
    fields = fields_of(kind)
    names = {each.name for each in fields} | {kind.__struct_config__.tag_field or ""}
    checks = [(each.name, check) for each in fields if (check := _check_of(each.annotation))]
    return frozenset(names), checks


def _check_of(annotation: Any) -> Check | None:
    shape = shape_of(annotation)
    kind = shape.alternatives[0]
    if get_origin(kind) is tuple:
        return _check_of_each([one for one in get_args(kind) if one is not ...])
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _is_known
    if vocabulary := shape.vocabulary:
        return lambda value, given, known: value in known.of(vocabulary)
    return None


def _check_of_each(items: list[Any]) -> Check | None:
    checks = [_check_of(item) for item in items]
    if not any(checks):
        return None

    def check_each(values: Any, given: Any, known: Known) -> bool:
        return all(
            check is None or one is None or check(value, one, known)
            for value, one, check in zip(values, given, cycle(checks), strict=False)
        )

    return check_each
