from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Browser, chromium, served


@pytest.fixture(scope="module")
def browser(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with served(demo, tmp_path_factory.mktemp("accounts")) as host, chromium(host) as opened:
        opened.sign_in()
        opened.complaints()
        yield opened
