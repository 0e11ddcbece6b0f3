"""Which database the environment names, by the library's own variables."""

from collections.abc import Mapping

from eventsourcing.persistence import InfrastructureFactory, InfrastructureFactoryError
from eventsourcing.utils import Environment

from coordination.store.recorder import LedgerFactory
from coordination.store.refusal import StoreRefused

SQLITE, POSTGRES = "coordination.store.sqlite", "coordination.store.postgres"
# The names the library's users know mean our recorders: there is no other way to a database here.
SYNONYMS = {"eventsourcing.sqlite": SQLITE, "eventsourcing.postgres": POSTGRES}


def factory_of(environ: Mapping[str, str]) -> LedgerFactory:
    """What makes the recorder. Raises StoreRefused, saying what is allowed or missing."""
    chosen = environ.get("PERSISTENCE_MODULE") or SQLITE
    settings = {
        **environ,
        "PERSISTENCE_MODULE": SYNONYMS.get(chosen, chosen),
        "ORIGINATOR_ID_TYPE": "text",
    }
    unknown = StoreRefused("store.unknown-module", given=chosen, allowed=f"{SQLITE}, {POSTGRES}")
    try:
        factory = InfrastructureFactory.construct(Environment("Coordination", settings))
    except OSError as error:  # a variable that the module needs is missing or means nothing
        raise StoreRefused("store.setting-missing", reason=str(error)) from error
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("psycopg"):
            raise unknown from error
        needed = "pip install 'mission-coordination[postgres]'"
        raise StoreRefused("store.setting-missing", reason=needed) from error
    except (ImportError, TypeError, ValueError, InfrastructureFactoryError) as error:
        raise unknown from error
    if not isinstance(factory, LedgerFactory):
        factory.close()
        raise unknown
    return factory


def seconds_of(environ: Mapping[str, str]) -> float:
    given = environ.get("SQLITE_LOCK_TIMEOUT") or "5"
    try:
        return int(given)
    except ValueError as error:
        said = f"SQLITE_LOCK_TIMEOUT={given}"
        raise StoreRefused("store.setting-missing", reason=said) from error
