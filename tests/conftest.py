from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from coordination.demo.player import play
from coordination.settings import Settings
from tests.servers.postgres import Server, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the story of a year; to be read, and not written."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    numbers = count(1)
    for _ in play(Settings(), {"SQLITE_DBNAME": str(path)}, lambda: f"id-{next(numbers)}", "en"):
        pass
    return path
