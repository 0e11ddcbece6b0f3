from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.coordination.bus.nodes import Three, clean, three_nodes
from tests.coordination.bus.offices import Offices, three_offices
from tests.servers.federation import Federation, running


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    with running(tmp_path_factory.mktemp("federation")) as federation:
        yield federation


@pytest.fixture
async def federation(servers: Federation) -> Federation:
    """Whole, and without a stream."""
    servers.heal()
    servers.wait_linked()
    await clean(servers)
    return servers


@pytest.fixture
async def three(federation: Federation, tmp_path: Path) -> AsyncIterator[Three]:
    async with three_nodes(federation, tmp_path) as nodes:
        yield nodes


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[Offices]:
    with three_offices(tmp_path) as opened:
        yield opened
