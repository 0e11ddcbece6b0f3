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
