"""Each page is whole in each language, and each figure leads to as many lines as it says."""

import re
from datetime import date
from html import unescape

import pytest

from coordination.settings import LANGUAGES
from coordination.web.review import a_year_before
from tests.coordination.web.addresses import PAGES
from tests.coordination.web.site import Site

KEY = re.compile(r">\s*[a-z]+\.[a-z.-]+\s*<")
HOSTS = {"hub.brussels"}  # the one name that is written as keys are
FIGURE = re.compile(r'<a href="(/en/explain/figure/[^"]+)"><b>(\d+)</b>')
LINE = re.compile(r'<tr>\s*<td>\d+</td>\s*<th scope="row">')


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_in_every_language(pages: Site, page: str, language: str) -> None:
    answer = pages.get(f"/{language}/{page}")
    assert answer.status_code == 200
    shown = {found.strip(" <>\n") for found in KEY.findall(answer.text)}
    assert shown - HOSTS == set()


@pytest.mark.parametrize("page", PAGES)
def test_a_figure_leads_to_as_many_lines(pages: Site, page: str) -> None:
    figures = FIGURE.findall(pages.get(f"/en/{page}").text)
    said = {unescape(address): int(value) for address, value in figures}
    counted = {address: len(LINE.findall(pages.get(address).text)) for address in said}
    assert counted == said


def test_under_a_filter_a_figure_leads_to_the_list_it_counts(pages: Site) -> None:
    text = pages.get("/en/plan/2027?sector=multisectoral").text
    address, value = re.findall(r'<a href="(/en/plan/[^"]*tag=tri-regional[^"]*)"><b>(\d+)<', text)[
        0
    ]
    rows = pages.get(unescape(address)).text.count('<span class="state')
    assert (rows, value) == (2, "2")


def test_every_link_of_every_page_leads_somewhere(pages: Site) -> None:
    """Of each kind of thing a few: there are a hundred posts, and one page for all of them."""
    links: set[str] = set()
    for page in PAGES:
        links |= set(re.findall(r'href="(/en/[^"#]*)"', pages.get(f"/en/{page}").text))
    asked = {unescape(link) for link in links}
    posts = sorted(link for link in asked if "/explain/post-" in link)
    asked -= set(posts[5:])
    assert {link for link in asked if pages.get(link).status_code != 200} == set()


def test_who_asks_is_asked_to_answer(pages: Site) -> None:
    pages.account("fien", agency="fit")
    hub = pages.get("/en/").text
    pages.sign_in("fien")
    try:
        fit = pages.get("/en/").text
    finally:
        pages.sign_in("vera")
    asked = "Group stand at Hannover Messe"
    assert (asked in hub, asked in fit, "21 days left" in fit) == (False, True, True)


@pytest.mark.parametrize("query", ["viet nam", "zuid-korea", "Südkorea", "COREE", "hanoi"])
def test_a_search_finds_in_any_language(pages: Site, query: str) -> None:
    text = pages.get(f"/en/search?q={query}").text
    assert "There is nothing" not in text
    assert re.search(r"mission/mission-[a-z0-9-]+", text)


def test_a_post_under_threat_of_closing_is_called_by_its_city(pages: Site) -> None:
    text = pages.get("/nl/").text
    assert ">Hanoi</a>" in text
    assert "tweede helft van 2026" in text


def test_last_years_day_is_there_on_29_february() -> None:
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert a_year_before(date(2026, 11, 24)) == date(2025, 11, 24)
