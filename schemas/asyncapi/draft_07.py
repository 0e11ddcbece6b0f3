"""JSON Schema of draft 07, which AsyncAPI 3 builds on, made from what msgspec writes.

msgspec writes draft 2020-12 with OpenAPI's `discriminator`. Three things differ: a list of fixed
length, what stands beside a reference, and the discriminator, which AsyncAPI has as a plain name;
each alternative says its own tag, so nothing is lost without it.
"""

from collections.abc import Iterable, Iterator
from inspect import cleandoc
from typing import Any

import msgspec

Schema = dict[str, Any]
COMPONENTS = "#/components/schemas/"


def reference(kind: str) -> Schema:
    """To the schema of a Struct or vocabulary, by its name."""
    return {"$ref": COMPONENTS + kind}


def draft_07(said: Schema) -> Schema:
    """
    A schema of msgspec's, with its references led to AsyncAPI's components.

    Values of `default`, `enum` and `examples` are no schemas, and stay as they are.
    """
    told: Schema = _said(msgspec.json.decode(msgspec.json.encode(said)))
    return told


def _said(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    told = {keyword: _rewritten(keyword, value) for keyword, value in given.items()}
    told.pop("discriminator", None)
    if "prefixItems" in told:
        told["additionalItems"] = told.pop("items")
        told["items"] = told.pop("prefixItems")
    if "$ref" in told and len(told) > 1:
        told = {"allOf": [{"$ref": told.pop("$ref")}], **told}
    return told


def _rewritten(keyword: str, value: Any) -> Any:
    match keyword:
        case "$ref":
            return COMPONENTS + value.rpartition("/")[2]
        case "description":
            return cleandoc(value)
        case "properties":
            return {field: _said(one) for field, one in value.items()}
        case "anyOf" | "prefixItems":
            return [_said(one) for one in value]
        case "items" | "additionalProperties":
            return _said(value)
    return value


def needed(roots: Any, schemas: dict[str, Schema]) -> dict[str, Schema]:
    """The schemas that something refers to, and those they refer to, sorted by name."""
    found: dict[str, Schema] = {}
    waiting = set(_named(roots))
    while waiting:
        kind = waiting.pop()
        found[kind] = schemas[kind]
        waiting |= set(_named(schemas[kind])) - found.keys()
    return dict(sorted(found.items()))


def _named(given: Any) -> Iterator[str]:
    if isinstance(given, dict):
        led = given.get("$ref")
        if isinstance(led, str) and led.startswith(COMPONENTS):
            yield led.removeprefix(COMPONENTS)
    if isinstance(given, dict | list):
        inner: Iterable[Any] = given.values() if isinstance(given, dict) else given
        for one in inner:
            yield from _named(one)
