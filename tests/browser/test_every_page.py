"""Every page is for everybody: axe finds nothing, no width scrolls sideways, nothing is fetched
from elsewhere, the browser has nothing to complain of."""

import pytest

from tests.browser.chromium import Browser
from tests.coordination.web.addresses import PAGES

REFUSED_OR_OPEN = ("plan/2027?tag=quadri", "sign-in", "api")
DECIDING = (
    "mission.publish",
    "mission.revise?mission=mission-awex-2027-hanoi",
    "post.close?post=post-hub-hanoi",
    "review.declare-figure?review=review-hub-2026",
    "september/2027?view=projector",
)
OBLIGED = (*PAGES, *DECIDING, *REFUSED_OR_OPEN)
ALL_LANGUAGES = ("plan/2027", "mission/mission-awex-2027-hanoi")
LOOKED_AT = [
    *(
        (language, page)
        for page in (*PAGES, *DECIDING, *REFUSED_OR_OPEN)
        for language in ("fr", "nl")
    ),
    *((language, page) for page in ALL_LANGUAGES for language in ("de", "en")),
]
REFUSED = "console: Failed to load resource: the server responded with a status of 400"


@pytest.mark.parametrize("language, page", LOOKED_AT)
def test_a_page_is_for_everybody(browser: Browser, language: str, page: str) -> None:
    browser.open(f"/{language}/{page}")
    complaints = [one for one in browser.complaints() if not one.startswith(REFUSED)]
    assert (browser.violations(), browser.too_wide(), complaints) == ([], {}, [])
    if language == "nl":
        browser.page.emulate_media(color_scheme="dark")
        in_the_dark = browser.violations("color-contrast")
        browser.page.emulate_media(color_scheme="light")
        assert in_the_dark == []


def test_what_a_page_folds_away_is_for_everybody_too(browser: Browser) -> None:
    browser.open("/fr/api")
    browser.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert (browser.violations(), browser.too_wide(), browser.complaints()) == ([], {}, [])


def test_on_paper_only_what_is_to_be_read_is_left(browser: Browser) -> None:
    browser.open("/fr/plan/2027")
    browser.page.set_viewport_size({"width": 1040, "height": 720})  # A4 across, without margins
    browser.page.emulate_media(media="print")
    try:
        months = browser.page.eval_on_selector("table.year", "one => getComputedStyle(one).display")
        shown = {
            name: browser.page.is_visible(name)
            for name in ("h1", "table.year", "nav.pages", ".filters", ".tools", ".views")
        }
    finally:
        browser.page.emulate_media(media="screen")
    assert months == "table"  # side by side, as wide screens have them
    assert shown == {
        "h1": True,
        "table.year": True,
        "nav.pages": False,
        ".filters": False,
        ".tools": False,
        ".views": False,
    }
