from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coordination.mailroom.mailroom import Mailroom

MORNING = datetime(2026, 9, 15, 8, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "coordination.mailroom.sqlite"


@pytest.fixture
def mailroom(path: Path) -> Iterator[Mailroom]:
    with Mailroom(path, lambda: MORNING) as mailroom:
        yield mailroom
