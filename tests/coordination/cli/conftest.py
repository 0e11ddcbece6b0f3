from collections.abc import Callable
from pathlib import Path

import pytest

from tests.coordination.cli.running import Run, command_line


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Run]:
    return command_line(tmp_path)
