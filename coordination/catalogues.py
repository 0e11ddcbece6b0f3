"""The sentences of the service in its readers' languages, by key.

A msgid is a key and not a sentence, so every language is complete or a test says what is missing.
A `.po` file is read as it is: 600 messages take some 50 ms, once a run.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TypeAlias

from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE = files("coordination") / "locale"
FALLBACK = "en"

Parameter: TypeAlias = str | int | tuple[str, ...]

# The labels under which a parameter that is a code of a vocabulary is worded.
_VOCABULARIES = {
    "agency": "agency",
    "asker": "agency",
    "said": "agency",
    "leader": "agency",
    "operator": "agency",
    "owner": "agency",
    "partner": "agency",
    "beneficiary": "agency",
    "secretariat": "agency",
    "ledger": "agency",
    "agencies": "agency",
    "role": "role",
    "state": "state",
    "topic": "topic",
    "what": "misfit",
    "fault": "node",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Parameters that are days, in ISO form; what somebody wrote stays as it was written.
_DAYS = frozenset({"effective", "opened", "published", "announced", "on", "begins", "latest"})


def say(key: str, language: str, **parameters: Parameter) -> str:
    """The sentence of a key, with its parameters worded; the key itself where nobody wrote it."""
    pattern = _pattern(key, language, parameters.get("count"))
    if pattern is None:
        return key
    return pattern.format_map(_Worded(language, parameters))


@lru_cache(maxsize=4_096)  # codes are few, and a page says the same ones in each of its lines
def label(vocabulary: str, code: str, language: str) -> str:
    """The word for a code; a code that is new by configuration stands for itself, in capitals."""
    return _pattern(f"{vocabulary}.{code}", language, None) or code.upper()


@cache
def keys(language: str) -> dict[str, tuple[str, ...]]:
    """Every key of a language with its sentences: one, or one for each plural form."""
    return {
        str(message.id[0] if message.pluralizable else message.id): _forms(message.string)
        for message in _catalogue(language)
        if message.id and message.string
    }


class _Worded(dict[str, str]):
    """The parameters of a sentence as its reader sees them; one that is not given stays visible."""

    def __init__(self, language: str, parameters: Mapping[str, Parameter]) -> None:
        super().__init__(
            {name: _worded(name, value, language) for name, value in parameters.items()}
        )

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _worded(name: str, value: Parameter, language: str) -> str:
    vocabulary = _VOCABULARIES.get(name)
    if isinstance(value, str) and name in _DAYS and _DAY.fullmatch(value):
        return str(format_date(date.fromisoformat(value), format="medium", locale=f"{language}_BE"))
    listed = value if isinstance(value, tuple) else (str(value),)
    words = [_pattern(f"{vocabulary}.{one}", language, None) or one for one in listed]
    return format_list(words, locale=language) if len(words) != 1 else words[0]


def _pattern(key: str, language: str, count: Parameter | None) -> str | None:
    catalogue = _catalogue(language)
    message = catalogue.get(key)
    if message is None or not message.string:
        return None
    forms = _forms(message.string)
    if len(forms) == 1 or not isinstance(count, int):
        return forms[-1]
    return forms[min(_plural(language, count), len(forms) - 1)]


def _plural(language: str, count: int) -> int:
    """Form 0 is the singular; French counts nothing as one."""
    return int(count > 1) if language == "fr" else int(count != 1)


def _forms(string: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


@cache
def _catalogue(language: str) -> Catalog:
    written = (LOCALE / f"{language}.po").read_bytes()
    return read_po(BytesIO(written), locale=language, abort_invalid=True)
