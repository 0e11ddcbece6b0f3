"""What a database says, as a refusal with a reason that a person can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import PersistenceError

from coordination.store.refusal import StoreRefused

SAID = {
    "not a database": "store.not-a-database",
    "malformed": "store.damaged",
    "Could not decode": "store.damaged",
    "full": "store.disk-full",
    "readonly": "store.read-only",
    "read-only": "store.read-only",
    "unable to open": "store.cannot-open",
}


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Around whatever asks the database. Raises StoreRefused."""
    try:
        yield
    except (PersistenceError, sqlite3.Error) as error:
        raise refusal_of(error, place) from error
    except UnicodeDecodeError as error:  # text of a row that is none
        raise StoreRefused("store.damaged", path=place) from error


def refusal_of(error: Exception, place: str) -> StoreRefused:
    said = str(error)
    for words, key in SAID.items():
        if words in said:
            return StoreRefused(key, path=place)
    return StoreRefused("store.not-usable", path=place, reason=said.strip())
