import pytest

from coordination.cli.options import options_of, raw_of, written
from schemas.co_organisation import RequestCoOrganisation
from schemas.mission import ReviseMission
from schemas.post import ClosePost
from schemas.review import DeclareFigure


def test_each_field_is_an_option_and_structures_are_dotted() -> None:
    assert [option.name for option in options_of(RequestCoOrganisation, without=("by",))] == [
        "--effective",
        "--mission",
        "--terms.role",
        "--terms.share-of-cost",
        "--terms.places",
        "--terms.reason",
        "--terms.answer-due",
    ]


def test_what_has_a_short_form_stays_one_option() -> None:
    options = {option.name: option for option in options_of(DeclareFigure)}
    assert options["--claim.figure"].help.startswith('"54 companies", ">=54 participations"')
    assert options["--claim.stated-on"].help == 'a day, such as 2026-09-15; "" when not known'


def test_structures_within_structures_are_dotted_twice() -> None:
    names = [option.name for option in options_of(ReviseMission)]
    assert "--changes.title.fr" in names
    assert "--changes.provenance.illustrative" in names
    assert "--changes.cost" in names


def test_lists_may_be_repeated_and_say_the_form_of_their_items() -> None:
    (successions,) = (one for one in options_of(ClosePost) if one.name == "--successions")
    assert (successions.many, successions.required) == (True, True)
    assert successions.help == (
        '"VN=post-awex-hanoi@2026-12-31:hub+fit" or "CU=nobody@2026-12-31:hub"'
    )


def test_the_values_given_become_plain_data_and_nothing_else() -> None:
    options = options_of(ReviseMission)
    given = {
        "mission": "mission-awex-2027-hanoi",
        "changes_title_fr": "Eau",
        "changes_title_nl": "Water",
        "changes_sectors": ["health", "digital"],
        "reason": None,
    }
    assert raw_of(options, given) == {
        "mission": "mission-awex-2027-hanoi",
        "changes": {"title": {"fr": "Eau", "nl": "Water"}, "sectors": ["health", "digital"]},
    }


@pytest.mark.parametrize(
    "field, option", [("terms.share_of_cost", "--terms.share-of-cost"), ("as", "--as")]
)
def test_a_field_is_written_as_its_option(field: str, option: str) -> None:
    assert written(field) == option
