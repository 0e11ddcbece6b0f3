"""Finding things by words, with or without accents, in whatever language the words are."""

from collections.abc import Iterable, Mapping
from unicodedata import combining, normalize

from msgspec import Struct


class Document(Struct, frozen=True):
    """What is said of a thing: its names weigh more than what else is known of it. Both plain."""

    names: str
    other: str


def document(names: Iterable[str], other: Iterable[str]) -> Document:
    return Document(_spaced(names), _spaced(other))


def _spaced(texts: Iterable[str]) -> str:
    """Each word after a space, so that the start of a word is found by looking for ` word`."""
    return " " + " ".join(filter(None, map(plain, texts)))


def plain(text: str) -> str:
    """Without accents, capitals and signs: `Hô Chi Minh-Ville` is `ho chi minh ville`."""
    letters = (one for one in normalize("NFKD", text.casefold()) if not combining(one))
    return " ".join("".join(one if one.isalnum() else " " for one in letters).split())


def search(documents: Mapping[str, Document], query: str) -> list[str]:
    """The things of which every word of the query begins a word; best first: where more words of
    the query are in the name, then by the order of the documents."""
    words = [f" {word}" for word in plain(query).split()]
    if not words:
        return []
    found = []
    for thing, said in documents.items():
        in_name = sum(word in said.names for word in words)
        if all(word in said.names or word in said.other for word in words):
            found.append((-in_name, thing))
    return [thing for _, thing in sorted(found, key=lambda one: one[0])]
