"""The page of the API names every message with its fields, for everybody, without script."""

import pytest

from coordination.conversion import kinds_by_tag
from coordination.settings import LANGUAGES
from schemas.asking import AnyQuestion
from schemas.recorded_event import AnyCommand
from tests.coordination.web.site import Site


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_names_every_question_and_every_command(closed: Site, language: str) -> None:
    text = closed.get(f"/{language}/api").text
    tags = [*kinds_by_tag(AnyQuestion), *kinds_by_tag(AnyCommand)]
    assert [tag for tag in tags if f"<code>/api/{tag}</code>" not in text] == []
    assert 'id="problem-409"' in text


def test_the_footer_of_every_page_leads_to_it(pages: Site) -> None:
    assert '<a href="/de/api">Die API</a>' in pages.get("/de/plan/2027").text


def test_without_a_language_it_is_in_the_readers(closed: Site) -> None:
    answer = closed.get("/api", **{"Accept-Language": "nl"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/nl/api")
