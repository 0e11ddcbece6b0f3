"""The story of the three nodes; tests/journeys/test_demo_federation.py plays it."""

import pytest

from coordination.demo.federation import Act, steps
from coordination.demo.player import story
from coordination.settings import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_is_told_in_every_language(language: str) -> None:
    assert [step.day for step in steps() if not step.say.get(language)] == []


def test_the_line_is_cut_once_and_mended_once_and_the_end_is_shown() -> None:
    assert [step.line for step in steps() if step.line] == [Act.CUT, Act.MEND]
    assert steps()[-1].standing


def test_what_the_year_has_already_is_not_written_again() -> None:
    days = {step.day for step in story().steps}
    assert {step.of_the_year for step in steps() if step.of_the_year} <= days
