"""Whole ways in a real browser: publishing, answering each other, the September meeting."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from msgspec import Struct
from playwright.sync_api import expect

from tests.browser.chromium import Browser, chromium, served

REFUSED = "console: Failed to load resource: the server responded with a status of 422"


class Desk(Struct, frozen=True):
    """Somebody of AWEX and somebody of hub.brussels, side by side, who read one language; a year
    of their own, whose plan is empty."""

    language: str
    year: int
    awex: Browser
    hub: Browser

    @property
    def mission(self) -> str:
        return f"mission-hub-{self.year}-santiago"

    def open(self, browser: Browser, page: str) -> None:
        browser.open(f"/{self.language}/{page}")

    def publish(self, browser: Browser, city: str = "Santiago") -> None:
        page = browser.page
        self.open(browser, f"plan/{self.year}")
        page.click("a[href$='/mission.publish']")
        page.fill("[name='title.fr']", "Mission au Chili")
        page.select_option("[name=action]", "agency-mission")
        page.fill("[name=period]", f"{self.year}-Q2")
        page.select_option("[name='places.0.country']", "CL")
        page.fill("[name='places.0.city']", city)
        page.check("[value=energy]")
        go_on(browser)
        send(browser)


@pytest.fixture(scope="module")
def two(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Browser]]:
    """On a demonstration of their own, as they decide."""
    folder = tmp_path_factory.mktemp("deciding")
    copy(demo, folder / "own.sqlite")
    with served(folder / "own.sqlite", folder) as host, chromium(host) as hub:
        hub.sign_in()
        hub.complaints()
        yield hub, hub.another("awex")


@pytest.fixture(params=[("fr", 2028), ("nl", 2029)], ids=["fr", "nl"])
def desk(two: tuple[Browser, Browser], request: pytest.FixtureRequest) -> Desk:
    hub, awex = two
    language, year = request.param
    return Desk(language, year, awex, hub)


def go_on(browser: Browser) -> None:
    with browser.page.expect_navigation():
        browser.page.click("form.ask .next .first")


def send(browser: Browser) -> None:
    with browser.page.expect_navigation():
        browser.page.click("form.confirming .first")


def clean(browser: Browser) -> None:
    assert (browser.violations(), browser.complaints()) == ([], [])


def test_a_mission_is_published_and_gone_back_on(desk: Desk) -> None:
    browser, page = desk.awex, desk.awex.page
    desk.publish(browser, "Valparaíso")
    mission = f"mission-awex-{desk.year}-valparaiso"
    assert page.url.endswith(f"?mission={mission}")
    clean(browser)
    page.click(f"a[href='/{desk.language}/mission/{mission}']")
    expect(page.locator("h1")).to_contain_text("Mission au Chili")
    page.click(".further summary")
    page.click("a[href*='/mission.cancel?']")
    page.fill("[name=reason]", "trop tôt")
    go_on(browser)
    expect(page.locator(".sentence")).to_contain_text("trop tôt")
    clean(browser)
    send(browser)
    desk.open(browser, f"mission/{mission}")
    expect(page.locator(".badges .cancelled")).to_be_visible()
    clean(browser)


def test_a_wrong_form_shows_all_that_is_wrong_and_keeps_what_was_typed(desk: Desk) -> None:
    browser, page = desk.awex, desk.awex.page
    desk.open(browser, "mission.publish")
    page.fill("[name='title.nl']", "Zending naar Chili")
    page.fill("[name=period]", "2028-Q7")
    go_on(browser)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.locator(".mistakes li").count() == 4
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "action"
    assert page.input_value("[name='title.nl']") == "Zending naar Chili"
    complaints = [one for one in browser.complaints() if not one.startswith(REFUSED)]
    assert (browser.violations(), browser.too_wide(), complaints) == ([], {}, [])


def test_september_from_the_agenda_to_the_published_edition(desk: Desk) -> None:
    """AWEX asks, hub.brussels puts other terms, AWEX accepts; both see it without loading the page
    again; the secretariat closes the meeting, which publishes the edition."""
    pages = {"hub": desk.hub.page, "awex": desk.awex.page}
    desk.publish(desk.hub)
    desk.open(desk.hub, f"september/{desk.year}")
    pages["hub"].click("a[href*='/cycle.open?']")
    go_on(desk.hub)
    send(desk.hub)
    pages["hub"].click(f".plain a[href$='/september/{desk.year}']")
    desk.open(desk.awex, f"september/{desk.year}")
    rows = {name: page.locator(f"#row-{desk.mission}") for name, page in pages.items()}
    loaded = {name: page.evaluate("performance.timeOrigin") for name, page in pages.items()}

    rows["awex"].locator(".choices-here button").click()
    expect(pages["hub"].locator(f"#agenda a[href$='{desk.mission}']")).to_be_visible()
    rows["hub"].locator("details summary").first.click()
    rows["hub"].locator("[name='terms.share-of-cost']").fill("130")
    rows["hub"].locator("details[open] button").click()
    expect(rows["hub"].locator("[role=alert]")).to_contain_text("130")
    rows["hub"].locator("[name='terms.share-of-cost']").fill("30")
    rows["hub"].locator("details[open] button").click()
    expect(rows["awex"].locator(".wishes")).to_contain_text("30")
    rows["awex"].locator("form.say .first").first.click()
    for name, page in pages.items():
        expect(rows[name].locator(".tag")).to_have_class("tag bi-regional")
        expect(page.locator("#counts b").first).to_have_text("1")
        expect(page.locator("#agenda a")).to_have_count(0)
        assert page.evaluate("performance.timeOrigin") == loaded[name]

    desk.hub.said[:] = [one for one in desk.hub.said if not one.startswith(REFUSED)]
    clean(desk.awex)
    clean(desk.hub)
    page = pages["hub"]
    page.click(".meeting-side details summary")
    page.fill("[name=observed]", "Le Chili intéresse deux régions")
    with page.expect_navigation():
        page.click(".meeting-side details button")
    assert page.url.endswith(f"/{desk.language}/editions/cycle-hub-{desk.year - 1}")
    expect(page.locator("main")).to_contain_text("after-september")
    expect(page.locator("main")).to_contain_text("Le Chili intéresse deux régions")
    clean(desk.hub)
