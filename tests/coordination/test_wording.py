from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from coordination.wording import Reader
from schemas.action import Leg, MissionChanges
from schemas.co_organisation import Terms
from schemas.period import Days, HalfYear, Month, Period, Quarter, Undated, WholeYear
from schemas.post import AreaPart, PostChanges
from schemas.vocabulary import Claim, Money, Place, Qualified, Qualifier, Sector, Title

FR, NL, DE, EN = Reader("fr"), Reader("nl"), Reader("de"), Reader("en")


@pytest.mark.parametrize(
    "period, french, dutch, german, english",
    [
        (
            Days(date(2027, 3, 15), date(2027, 3, 19)),
            "15–19 mars 2027",
            "15–19 mrt 2027",
            "15.–19. März 2027",
            "15–19 Mar 2027",
        ),
        (
            Days(date(2026, 12, 31), date(2026, 12, 31)),
            "31 déc. 2026",
            "31 dec 2026",
            "31.12.2026",
            "31 Dec 2026",
        ),
        (Month(2027, 3), "mars 2027", "maart 2027", "März 2027", "March 2027"),
        (Quarter(2027, 4), "T4 2027", "K4 2027", "Q4 2027", "Q4 2027"),
        (
            HalfYear(2022, 2),
            "second semestre 2022",
            "tweede helft van 2022",
            "zweites Halbjahr 2022",
            "second half of 2022",
        ),
        (WholeYear(2027), "2027", "2027", "2027", "2027"),
        (Undated(), "sans date", "zonder datum", "ohne Datum", "no date"),
    ],
)
def test_a_period_is_written_as_in_belgium(
    period: Period, french: str, dutch: str, german: str, english: str
) -> None:
    words = [reader.period(period) for reader in (FR, NL, DE, EN)]
    assert words == [french, dutch, german, english]


def test_a_moment_is_the_day_and_minute_in_brussels() -> None:
    evening = datetime(2026, 9, 15, 22, 5, tzinfo=UTC)
    assert [reader.moment(evening) for reader in (FR, NL, DE, EN)] == [
        "16 sept. 2026, 00:05",
        "16 sep 2026, 00:05",
        "16.09.2026, 00:05",
        "16 Sept 2026, 00:05",
    ]


def test_a_place_is_a_city_of_a_country() -> None:
    assert NL.place(Place(country="KR", city="Seoul")) == "Seoul (Zuid-Korea)"
    assert FR.place(Place(country="KR")) == "Corée du Sud"
    assert FR.place(None) == ""
    assert DE.part(AreaPart(country="IN", within="South India")) == "Indien (South India)"


def test_a_title_is_in_the_language_of_its_reader_or_the_first_given() -> None:
    title = Title(nl="Water in Vietnam", en="Water in Viet Nam")
    assert [reader.title(title) for reader in (FR, NL, DE, EN)] == [
        "Water in Vietnam",
        "Water in Vietnam",
        "Water in Vietnam",
        "Water in Viet Nam",
    ]


def test_an_amount_is_written_as_in_belgium() -> None:
    euros = Money(amount=Decimal("80000.50"))
    assert [
        reader.money(euros).replace("\N{NARROW NO-BREAK SPACE}", " ") for reader in (FR, NL)
    ] == [
        "80 000,50\N{NO-BREAK SPACE}€",
        "€\N{NO-BREAK SPACE}80.000,50",
    ]


@pytest.mark.parametrize(
    "qualifier, words",
    [
        (Qualifier.EXACTLY, "54 participations"),
        (Qualifier.AT_LEAST, "au moins 54 participations"),
        (Qualifier.MORE_THAN, "plus de 54 participations"),
        (Qualifier.ABOUT, "environ 54 participations"),
    ],
)
def test_a_count_keeps_its_qualifier(qualifier: Qualifier, words: str) -> None:
    count = Qualified(value=54, unit="participations", qualifier=qualifier)
    assert FR.count(count) == words


def test_a_claim_names_who_states_it_where_and_when() -> None:
    claim = Claim(
        figure=Qualified(value=86, unit="offices"),
        source="written question 907",
        stated_on=date(2023, 10, 25),
        stated_by="Secretary of State",
    )
    assert EN.claim(claim) == (
        "86 offices, according to Secretary of State (written question 907, 25 Oct 2023)"
    )


def test_terms_say_only_what_was_said() -> None:
    terms = Terms(share_of_cost=0, places=5, answer_due=date(2026, 10, 1))
    assert NL.terms(terms) == (
        "aandeel in de kosten: 0 %, plaatsen: 5, antwoord verwacht tegen 1 okt 2026"
    )
    assert NL.terms(Terms()) == ""


def test_changes_name_what_changes() -> None:
    assert FR.changes(MissionChanges(cost=None, sectors=(Sector.HEALTH,))) == "secteurs, coût"
    assert NL.changes(PostChanges(function="attaché")) == "functie"


@pytest.mark.parametrize(
    "value, words",
    [
        (None, ""),
        (True, "oui"),
        (False, "non"),
        (Sector.HEALTH, "health"),
        (date(2026, 12, 31), "31 déc. 2026"),
        (Place(country="VN"), "Viêt Nam"),
        (AreaPart(country="VN"), "Viêt Nam"),
        (Title(fr="Eau"), "Eau"),
        (Money(amount=Decimal(5)), "5,00\N{NO-BREAK SPACE}€"),
        (Qualified(value=5, unit="PME"), "5 PME"),
        (Terms(places=5), "places : 5"),
        (PostChanges(), ""),
        (WholeYear(2027), "2027"),
        (
            Leg(place=Place(country="RW", city="Kigali"), period=Month(2022, 3)),
            "Kigali (Rwanda), mars 2022",
        ),
        (("a", Place(country="VN")), "a, Viêt Nam"),
        (3, "3"),
    ],
)
def test_any_value_is_one_line(value: object, words: str) -> None:
    assert FR.value(value) == words


def test_agencies_are_joined_as_in_a_sentence() -> None:
    assert FR.agencies(("hub", "awex", "fit")) == "hub.brussels, AWEX et FIT"
    assert NL.agencies(("awex", "fit")) == "AWEX en FIT"
    assert NL.agencies(()) == ""


def test_a_structure_without_a_form_of_its_own_is_expected_as_json() -> None:
    assert EN.expected("expected.form-terms", {}) == "an object in JSON"
    assert EN.expected("expected.form-place", {}).startswith("a place: VN")
