import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.coordination.web.api.programs import Programs
from tests.coordination.web.site import Site, site

UNLIMITED = 10**9


@pytest.fixture
def closed(demo: Path, tmp_path: Path) -> Iterator[Site]:
    """Nobody has signed in."""
    with site(demo, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Somebody of hub.brussels is signed in."""
    with site(demo, tmp_path_factory.mktemp("accounts")) as opened:
        opened.account("vera")
        opened.sign_in("vera")
        yield opened


@pytest.fixture(scope="module")
def api(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """The API on a copy of the demonstration, in which commands are decided for good."""
    folder = tmp_path_factory.mktemp("api")
    store = folder / "store.sqlite"
    shutil.copy(demo, store)
    with site(store, folder, a_minute=UNLIMITED) as opened:
        yield Programs(opened)
