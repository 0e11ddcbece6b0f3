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
from schemas.asking import AskPlan
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


def build_plan(service: Service) -> int:
    """What the mission plan needs, which is 99 of 100 events; returns how many there are."""
    service.answer(AskPlan(year=service.today().year))
    return service.store.position()


def build_all(service: Service) -> None:
    """Every read model, so that no question has to."""
    service.read_models.opened.catch_up()


def forget_read_models(store: Path) -> None:
    """So that they are built from the first event on."""
    kept = beside(store)
    for file in kept.parent.glob(f"{kept.name}*"):
        file.unlink()
