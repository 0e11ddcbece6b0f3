"""The service under measurement, opened as its users open it; what reading needs of it, by name.

Durability is that of production: the store sets and reads back WAL and `synchronous=FULL` itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import uuid4

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


def ask(service: Service, one: Next) -> Done:
    answer = service.ask(one.command, correlation=one.correlation)
    assert isinstance(answer, Done), answer
    return answer


def build(service: Service) -> None:
    """Makes the read models where they are missing, and checks the history on the way."""
    service.answer(AskPlan(year=service.today().year))


def rebuild(service: Service) -> int:
    """Makes the read models anew from the whole history, as after a change of a fold; returns how
    many events that read."""
    service.read_models.opened.begin_again()
    return service.read_models.opened.catch_up()


def forget_answers(service: Service) -> None:
    """So that the next answer is made from the rows, as after a change."""
    service.questions._at_hand.clear()
