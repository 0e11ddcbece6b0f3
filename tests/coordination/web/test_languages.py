"""Who has not said a language by an address reads the one their browser likes best."""

import pytest

from coordination.web.languages import chosen


@pytest.mark.parametrize(
    "accepted, language",
    [
        ("nl-BE,nl;q=0.9,en;q=0.5", "nl"),
        ("en;q=0.5, fr-BE;q=0.8", "fr"),
        ("pt, de;q=0.1", "de"),
        ("fr;q=0, pt", "en"),
        ("fr;q=much", "en"),
        ("fr;level=1", "fr"),
        ("", "en"),
    ],
)
def test_the_best_language_of_ours_that_is_accepted(accepted: str, language: str) -> None:
    assert chosen(accepted, usual="en") == language
