"""Addresses, languages, moments, mistakes: what every page has."""

import logging
import re
from hashlib import sha256

import pytest

from coordination.settings import LANGUAGES
from coordination.web.pages import STATIC
from coordination.web.security import HEADERS
from tests.coordination.web.site import Site

OTHERS = {
    "htmx-4.0.1.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "hx-sse-4.0.1.min.js": "18ef2761356ec1fe0bb6d92612315b37517a7c1e9856b661c5ae81fef239d103",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_keeps_its_language(pages: Site, language: str) -> None:
    answer = pages.get(f"/{language}/plan/2027", **{"Accept-Language": "fr"})
    assert (answer.status_code, f'<html lang="{language}">' in answer.text) == (200, True)


def test_an_address_without_a_language_leads_to_the_one_the_browser_likes(pages: Site) -> None:
    answer = pages.get("/plan/2027?view=list", **{"Accept-Language": "nl-BE"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/nl/plan/2027?view=list")
    assert pages.get("/", **{"Accept-Language": "de"}).headers["location"] == "/de/"


def test_every_link_carries_the_moment_along(pages: Site) -> None:
    moment = "as-of=2026-10-01&amp;known-on=2026-10-01"
    text = pages.get("/en/plan/2027?as-of=2026-10-01&known-on=2026-10-01").text
    links = re.findall(r'href="(/en/[^"#]*)"', text)
    kept = [link for link in links if moment not in link]
    assert kept == ["/en/plan/2027"]  # back to today


def test_a_mistake_in_an_address_says_which_field_and_what_is_allowed(pages: Site) -> None:
    answer = pages.get("/en/plan/2027?as-of=2026-02-30&tag=quadri&colour=red")
    assert answer.status_code == 400
    for said in ("as-of: “2026-02-30”", "tag: “quadri”", "colour: “red”"):
        assert said in answer.text


def test_what_is_not_there_is_said(pages: Site) -> None:
    answer = pages.get("/nl/mission/mission-hub-nowhere")
    assert answer.status_code == 404
    assert "mission-hub-nowhere" in answer.text
    assert pages.get("/nl/nothing-of-the-kind").status_code == 404


def test_every_answer_tells_browsers_what_to_refuse(pages: Site) -> None:
    for address in ("/en/plan/2027", "/en/nothing", "/plan/2027", "/static/app.css", "/static/no"):
        headers = pages.get(address).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_pages_are_for_their_reader_and_static_files_for_ever(pages: Site) -> None:
    page, style = pages.get("/en/plan/2027"), pages.get("/static/app.css")
    assert page.headers["cache-control"] == "no-cache, private"
    assert "immutable" in style.headers["cache-control"]
    assert re.search(r"/static/app\.css\?v=[0-9a-f]{10}", page.text)


def test_a_fault_of_ours_is_noted_without_what_people_sent(
    pages: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(pages.service, "answer", broken)
    with caplog.at_level(logging.DEBUG):
        answer = pages.get("/en/plan/2027?country=VN")
    assert answer.status_code == 500
    assert "A fault on our side" in answer.text
    noted = caplog.text.replace(str(answer.url), "")  # which the client of the test notes
    assert "RuntimeError: a fault" in noted
    session = pages.client.cookies["session"]
    assert [secret for secret in ("country", session) if secret in noted] == []


def test_no_page_names_another_host(pages: Site) -> None:
    text = pages.get("/en/plan/2027").text
    assert re.findall(r'(?:src|href|action)="(?!/)[^"]*"', text) == ['href="#main"']


def test_what_others_wrote_is_what_they_wrote() -> None:
    found = {name: sha256((STATIC / name).read_bytes()).hexdigest() for name in OTHERS}
    assert found == OTHERS
