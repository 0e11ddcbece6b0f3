"""A real Chromium on the pages of the demonstration, and all that it complains of."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn
from msgspec import Struct
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright

from coordination.access import Role
from coordination.mailroom.mailroom import Mailroom
from coordination.service import Service
from coordination.settings import Settings
from coordination.web.accounts import Accounts
from coordination.web.application import application
from coordination.web.serving import Telling, listening
from schemas.vocabulary import AWEX, FIT, HUB
from tests.coordination.web.site import NOW, PASSWORD, QUICK

AXE = Path(__file__).with_name("axe-4.14.1.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (390, 768, 1280, 2560)
NAME = "vera"


class Browser(Struct, frozen=True):
    """A page that is signed in, and what the browser said since somebody last looked."""

    page: Page
    host: str
    said: list[str]

    def open(self, address: str) -> None:
        self.page.goto(self.host + address)

    def complaints(self) -> list[str]:
        found, self.said[:] = [*self.said], []
        return found

    def violations(self, *rules: str) -> list[Any]:
        """What axe finds, of all rules or of these: the rule and the elements that break it."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("rules => axe.run({runOnly: rules})", rules or RULES)
        return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]

    def too_wide(self) -> dict[int, int]:
        """The widths at which the page would scroll sideways, and how wide it then is."""
        found = {}
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide != width:
                found[width] = wide
        return found

    def another(self, name: str) -> "Browser":
        """Somebody else, who sits beside."""
        browser = self.page.context.browser
        assert browser is not None
        opened = _opened(browser, self.host)
        opened.sign_in(name)
        opened.complaints()
        return opened

    def sign_in(self, name: str = NAME) -> None:
        self.open("/en/sign-in")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@contextmanager
def served(demo: Path, folder: Path) -> Iterator[str]:
    """Where the pages are; as in production, but for the clock."""
    accounts = Accounts(folder / "accounts.sqlite", lambda: NOW, hasher=QUICK)
    for name, agency in ((NAME, HUB), (AWEX, AWEX), (FIT, FIT)):
        token = accounts.invite(agency, Role.CHIEF_EXECUTIVE)
        accounts.open(token, agency, [Role.CHIEF_EXECUTIVE], name, PASSWORD)
    environ = {"SQLITE_DBNAME": str(demo)}
    numbers = count(1)
    with (
        Service(Settings(), environ, lambda: NOW, lambda: f"web-{next(numbers)}") as service,
        Mailroom(folder / "mailroom.sqlite", lambda: NOW) as mailroom,
    ):
        pages = application(service, accounts, mailroom)
        config = uvicorn.Config(pages, log_config=None, access_log=False)
        server = Telling(config, lambda: None, pages.state.bell.end)
        with listening("127.0.0.1", 0) as listener:
            thread = Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join()
                accounts.close()


@contextmanager
def chromium(host: str) -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the tests of the pages need Chromium: apt-get install chromium")
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield _opened(browser, host)
        browser.close()


def _opened(browser: Chromium, host: str) -> Browser:
    page = browser.new_context(locale="en-GB", reduced_motion="reduce").new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on(
        "request",
        lambda request: None if request.url.startswith(host) else said.append(request.url),
    )
    return Browser(page, host, said)
