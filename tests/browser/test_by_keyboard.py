"""Whole ways by the keyboard alone."""

from tests.browser.chromium import NAME, Browser
from tests.coordination.web.site import PASSWORD


def test_from_signing_in_to_a_mission(browser: Browser) -> None:
    page = browser.page
    page.context.clear_cookies()
    browser.open("/fr/plan/2027")
    assert page.url.endswith("/fr/sign-in?next=%2Ffr%2Fplan%2F2027")
    page.keyboard.type(NAME)  # the first field is ready
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/fr/plan/2027")
    page.keyboard.press("Tab")
    assert focused(browser) == "Aller au contenu"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(browser).startswith("Hanoi"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text().startswith("Mission économique au Vietnam")
    assert browser.complaints() == []


def test_the_intentions_of_june_are_stepped_through(browser: Browser) -> None:
    page = browser.page
    browser.open("/nl/june/2027?as-of=2026-06-11")
    lines = page.locator("[data-step]").all_inner_texts()
    seen = []
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
        seen.append(focused(browser))
    assert seen == [lines[0], lines[1], lines[0]]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/nl/mission/" in page.url
    assert browser.complaints() == []


def test_a_mission_is_asked_for_and_looked_at(browser: Browser) -> None:
    page = browser.page
    browser.open("/fr/mission.request-co-organisation?mission=mission-fit-2027-hannover-messe")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "terms.share-of-cost":
            break
    page.keyboard.type("20")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "send"
    assert "hub.brussels demande à co-organiser" in page.inner_text(".sentence")
    assert browser.complaints() == []


def test_a_filter_keeps_the_focus_and_changes_the_address(browser: Browser) -> None:
    page = browser.page
    browser.open("/en/plan/2027")
    page.focus("select[name=agency]")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**/plan/2027?agency=hub*")
    page.wait_for_selector("text=Without filter")
    assert page.evaluate("document.activeElement.name") == "agency"
    assert "agency=hub" in str(page.get_attribute(".languages a[lang=nl]", "href"))
    page.go_back()
    page.wait_for_url("**/plan/2027")
    assert browser.complaints() == []


def focused(browser: Browser) -> str:
    return str(browser.page.evaluate("document.activeElement.innerText"))
