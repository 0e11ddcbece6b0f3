import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.coordination.web.api.programs import Programs
from tests.coordination.web.site import site

UNLIMITED = 10**9


@pytest.fixture(scope="module")
def api(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """The API on a copy of the demonstration, in which commands are decided for good."""
    folder = tmp_path_factory.mktemp("api")
    store = folder / "store.sqlite"
    shutil.copy(demo, store)
    with site(store, folder, a_minute=UNLIMITED) as opened:
        yield Programs(opened)
