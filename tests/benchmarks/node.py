"""The service under measurement, opened as its users open it; what a run needs of it, by name.

Durability is that of production: the store sets and reads back WAL and `synchronous=FULL` itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import uuid4

from coordination.reading import beside
from coordination.service import Service
from coordination.settings import Settings
from coordination.store.answers import Done
from tests.benchmarks.workload import Next


def environ_of(store: Path) -> Mapping[str, str]:
    return {"SQLITE_DBNAME": str(store)}


@contextmanager
def opened(environ: Mapping[str, str], ends: datetime) -> Iterator[Service]:
    """On a clock that goes on from when the last event was recorded."""
    began = monotonic()

    def clock() -> datetime:
        return ends + timedelta(seconds=monotonic() - began)

    with Service(Settings(), environ, clock, lambda: str(uuid4())) as service:
        yield service


def ask(service: Service, one: Next) -> None:
    answer = service.ask(one.command, correlation=one.correlation)
    assert isinstance(answer, Done), answer


def build(service: Service) -> int:
    """All read models where they are missing, checking the chain of the history on the way;
    returns how many events there are."""
    return service.read_models.opened.catch_up()


def build_again(service: Service) -> int:
    """As after a change of the folds: the history was checked before."""
    service.read_models.opened.begin_again()
    return build(service)


def forget_read_models(store: Path) -> None:
    """So that they are built from the first event on."""
    kept = beside(store)
    for file in kept.parent.glob(f"{kept.name}*"):
        file.unlink()
