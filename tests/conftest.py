from collections.abc import Iterator

import pytest

from tests.servers.postgres import Server, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running() as server:
        yield server
