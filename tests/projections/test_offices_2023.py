import csv
from importlib.resources import files

import pytest

from projections.coverage import WithoutCover, coverage
from projections.offices import (
    AgencyCount,
    DeclaredBeside,
    Explanation,
    ExplanationKind,
)
from schemas.asking import AskCoverage
from schemas.post import AreaPart, PostEvent
from schemas.vocabulary import (
    AWEX,
    FIT,
    HUB,
    Agency,
    Place,
    Provenance,
)
from tests.projections.abroad import close, network_of, opened, succeeded
from tests.projections.joint import EIGHTY_SIX, joint_list


def network_2023() -> list[PostEvent]:
    with (
        files("coordination.demo_data").joinpath("network-2023.csv").open(encoding="utf-8") as file
    ):
        return [event for row in csv.DictReader(file) for event in of_row(row)]


def of_row(row: dict[str, str]) -> tuple[PostEvent, ...]:
    return opened(
        "post-" + row["post"],
        Place(country=row["country_iso2"], city=row["city"]),
        AreaPart(country=row["country_iso2"]),
        shared_with=tuple(agency for agency in row["available_to"].split(";") if agency),
        provenance=Provenance(
            source=row["source"] or "none", illustrative="illustrative" in row["provenance"]
        ),
    )


def test_the_network_of_2023_has_96_contributions_86_offices_and_10_overlaps() -> None:
    # [S4]: 39 own offices, 36 Walloon and 21 Flemish representatives, 86 offices in all
    found = joint_list(*network_2023(), claims=(EIGHTY_SIX,))
    assert (found.contributions, found.offices, found.of_which_illustrative) == (96, 86, 62)
    assert found.by_agency == (
        AgencyCount(agency=AWEX, contributions=36, illustrative=35),
        AgencyCount(agency=FIT, contributions=21, illustrative=20),
        AgencyCount(agency=HUB, contributions=39, illustrative=7),
    )
    assert [(one.country, one.city, one.posts) for one in found.overlaps] == [
        ("CA", "Montréal", ("post-awex-montreal", "post-hub-montreal")),
        ("CN", "Beijing", ("post-awex-beijing", "post-hub-beijing")),
        ("CN", "Shanghai", ("post-awex-shanghai", "post-hub-shanghai")),
        ("DE", "Cologne", ("post-fit-cologne", "post-hub-cologne")),
        ("FR", "Lille", ("post-fit-lille", "post-hub-lille")),
        ("JP", "Tokyo", ("post-awex-tokyo", "post-hub-tokyo")),
        ("LU", "Luxembourg", ("post-awex-luxembourg", "post-hub-luxembourg")),
        ("MX", "Mexico City", ("post-awex-mexico-city", "post-fit-mexico-city")),
        ("NL", "The Hague", ("post-awex-the-hague", "post-hub-the-hague")),
        ("US", "San Francisco", ("post-fit-san-francisco", "post-hub-san-francisco")),
    ]
    assert found.declared == (
        DeclaredBeside(
            declared=EIGHTY_SIX,
            contributions_difference=10,
            offices_difference=0,
            explanation=Explanation(
                kind=ExplanationKind.OFFICES_EQUAL_DECLARED,
                contributions=96,
                offices=86,
                overlaps=10,
                declared=86,
            ),
        ),
    )


@pytest.mark.parametrize("seen_by, contributions", [(HUB, 96), (AWEX, 38), (FIT, 24)])
def test_the_network_of_2023_looks_different_to_each_agency(
    seen_by: Agency, contributions: int
) -> None:
    assert joint_list(*network_2023(), seen_by=seen_by).contributions == contributions


def test_closing_what_brussels_decided_to_close_leaves_five_countries_without_cover() -> None:
    # DOMAIN §3: decided on 16/04/2026; these posts are in the network of 2023 too
    closing = {
        "abu-dhabi": "AE",
        "barcelona": "ES",
        "belgrade": "RS",
        "copenhagen": "DK",
        "hanoi": "VN",
        "havana": "CU",
        "milan": "IT",
        "montevideo": "UY",
        "san-francisco": "US",
        "shanghai": "CN",
        "vancouver": "CA",
    }
    closed = [
        close(succeeded(AreaPart(country=country)), post=f"post-hub-{city}")
        for city, country in closing.items()
    ]
    after = coverage(network_of(*network_2023(), *closed), AskCoverage())
    left = ("CU", "DK", "IT", "RS", "UY")
    assert after.without_cover == (WithoutCover(agency=HUB, countries=left),)
    assert after.covered_by_nobody == left
    assert [(gap.country, gap.post, gap.nobody) for gap in after.gaps] == [
        ("CU", "post-hub-havana", True),
        ("DK", "post-hub-copenhagen", True),
        ("IT", "post-hub-milan", True),
        ("RS", "post-hub-belgrade", True),
        ("UY", "post-hub-montevideo", True),
    ]
