from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from coordination.service import Service
from coordination.settings import Settings
from tests.coordination.importing.reports import Importer

TODAY = datetime(2026, 9, 24, 8, tzinfo=UTC)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A node that speaks for all three, on an empty store, on 24 September 2026."""
    numbers = count(1)
    environ = {"SQLITE_DBNAME": str(tmp_path / "events.sqlite")}
    with Service(Settings(), environ, lambda: TODAY, lambda: f"id-{next(numbers)}") as service:
        yield service


@pytest.fixture
def importer(service: Service, tmp_path: Path) -> Importer:
    return Importer(service, tmp_path)
