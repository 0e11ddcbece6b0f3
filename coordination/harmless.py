"""Text of strangers, made harmless for a terminal, a spreadsheet or a page."""

from typing import Any
from unicodedata import category

_KEPT = frozenset("\n\t")
_STEERING = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def harmless(text: str) -> str:
    r"""What steers a terminal, turns the direction of writing or is no character is spelt out,
    as `\x1b`; line feeds and tabs stay."""
    return "".join(
        one if one in _KEPT or category(one) not in _STEERING else _spelt(one) for one in text
    )


def harmless_in(value: Any) -> Any:
    """The same in all texts of plain data."""
    match value:
        case str():
            return harmless(value)
        case dict():
            return {harmless(str(name)): harmless_in(one) for name, one in value.items()}
        case list() | tuple():
            return [harmless_in(one) for one in value]
    return value


def _spelt(one: str) -> str:
    if one <= "\x7f":
        return f"\\x{ord(one):02x}"
    return one.encode("ascii", "backslashreplace").decode()
