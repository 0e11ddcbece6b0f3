import pytest

from coordination.importing.words import counts, sectors
from schemas.vocabulary import Qualified, Qualifier, Sector
from tests.coordination.importing.files import MISSIONS, table


@pytest.mark.parametrize(
    "themes, expected",
    [
        (("clean-tech", "food"), (Sector.AGRIFOOD, Sector.ENVIRONMENT)),
        (("ICT",), (Sector.DIGITAL,)),
        (("AI",), (Sector.DIGITAL,)),
        (("airport",), (Sector.LOGISTICS,)),
        (("biomass",), (Sector.ENVIRONMENT,)),
        (("sustainable construction",), (Sector.CONSTRUCTION, Sector.ENVIRONMENT)),
        (("climate and renewable energy",), (Sector.ENERGY, Sector.ENVIRONMENT)),
        (("port logistics",), (Sector.LOGISTICS,)),
        (("multisectoral",), (Sector.MULTISECTORAL,)),
        (("business forum",), (Sector.MULTISECTORAL,)),
        ((), (Sector.MULTISECTORAL,)),
    ],
)
def test_words_of_a_file_are_sectors_of_ours(
    themes: tuple[str, ...], expected: tuple[Sector, ...]
) -> None:
    assert sectors(themes) == expected


def qualified(value: int, unit: str, qualifier: Qualifier = Qualifier.EXACTLY) -> Qualified:
    return Qualified(value=value, unit=unit, qualifier=qualifier)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", ()),
        (
            "84 participants, 55 companies and federations",
            (qualified(84, "participants"), qualified(55, "companies and federations")),
        ),
        ("about fifty operators", (qualified(50, "operators", Qualifier.ABOUT),)),
        ("more than 280 companies (hln)", (qualified(280, "companies", Qualifier.MORE_THAN),)),
        ("9" * 10 + " companies", None),
        ("150+ companies", (qualified(150, "companies", Qualifier.AT_LEAST),)),
        ("about thirty people", (qualified(30, "people", Qualifier.ABOUT),)),
        ("500+ participants; 218 or 221 companies", None),
        ("21 companies and organisations (20 in another source)", None),
        ("210 Belgian companies of which 61 Brussels", None),
    ],
)
def test_counts_keep_their_qualifier_and_sources_that_disagree_are_not_chosen_from(
    text: str, expected: tuple[Qualified, ...] | None
) -> None:
    assert counts(text) == expected


def test_every_text_of_the_real_file_is_counts_or_kept_as_it_is() -> None:
    texts = {row["participants"] for row in table(MISSIONS) if row["participants"]}
    kept = {text for text in texts if counts(text) is None}
    assert kept == {
        "575 participants; 210 Belgian companies of which 61 Brussels; 51 Walloon",
        "21 companies and organisations (20 in another source)",
        "about 400 participants; 175 companies of which 54 Brussels (dayfr)",
        "500+ participants; 218 or 221 companies",
        "more than 140 people, nearly 100 from higher education",
    }
