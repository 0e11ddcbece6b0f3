from datetime import date
from typing import Any

import msgspec
import pytest

from coordination.conversion import (
    Known,
    Malformed,
    Problem,
    fields_of,
    kinds_by_tag,
    quoted,
    read,
    read_tagged,
    shape_of,
)
from coordination.reference import countries
from schemas.asking import AnyQuestion, AskPlan
from schemas.cycle import BilateralHeld, HoldBilateral, Observation
from schemas.mission import (
    ActionType,
    ConfirmMission,
    HoldMission,
    MissionChanges,
    PublishMission,
    RequestCoOrganisation,
    RescheduleMission,
    ReviseMission,
    Terms,
)
from schemas.period import Days, Month
from schemas.post import ClosePost
from schemas.recorded_event import AnyCommand
from schemas.review import DeclareFigure
from schemas.vocabulary import Place, Qualified, Sector, Title

KNOWN = Known(frozenset({"hub", "awex", "fit"}), countries())

ASKED = {"by": "awex", "effective": "2026-09-15"}
PUBLISHED = {
    **ASKED,
    "mission": "mission-awex-2027-hanoi",
    "title": {"en": "Water in Vietnam"},
    "action": "agency-mission",
    "period": {"period": "month", "year": 2027, "month": 3},
    "places": [{"country": "VN", "city": "Hanoi"}],
    "sectors": ["environment"],
}
WRITTEN = {
    **PUBLISHED,
    "period": "2027-03",
    "places": ["VN Hanoi"],
    "sectors": "environment",
}
PUBLISH = PublishMission(
    by="awex",
    effective=date(2026, 9, 15),
    mission="mission-awex-2027-hanoi",
    title=Title(en="Water in Vietnam"),
    action=ActionType.AGENCY_MISSION,
    period=Month(2027, 3),
    places=(Place(country="VN", city="Hanoi"),),
    sectors=(Sector.ENVIRONMENT,),
)


def problems(kind: Any, raw: Any, *, text: bool = False) -> list[Problem]:
    with pytest.raises(Malformed) as malformed:
        read(kind, raw, KNOWN, text=text)
    return list(malformed.value.problems)


def problem(field: str, given: str, expected: str, **parameters: str | int) -> Problem:
    return Problem(field, given, expected, parameters)


def test_plain_data_becomes_a_message() -> None:
    assert read(PublishMission, PUBLISHED, KNOWN) == PUBLISH


def test_text_becomes_the_same_message() -> None:
    assert read(PublishMission, WRITTEN, KNOWN, text=True) == PUBLISH


def test_a_message_survives_its_own_json() -> None:
    assert read(PublishMission, msgspec.to_builtins(PUBLISH), KNOWN) == PUBLISH


def test_every_mistake_is_named_at_once_in_the_order_of_the_fields() -> None:
    raw = {
        "by": "flanders",
        "effective": "2026-02-30",
        "mission": "hanoi",
        "title": {},
        "action": "picnic",
        "period": "2027-03-25/2027-03-21",
        "places": ["XX Hanoi", "VN Hanoi @91,0"],
        "colour": "blue",
    }
    assert problems(PublishMission, raw, text=True) == [
        problem(
            "colour",
            "blue",
            "unknown",
            allowed=", ".join(sorted(field.name for field in fields_of(PublishMission))),
        ),
        problem("by", "flanders", "agency", allowed="awex, fit, hub"),
        problem("effective", "2026-02-30", "date"),
        problem("mission", "hanoi", "pattern", example="mission-awex-2027-hanoi"),
        problem("title", "", "rule-title"),
        problem("action", "picnic", "one-of", allowed=", ".join(ActionType)),
        problem("period", "start 2027-03-25, end 2027-03-21", "rule-period"),
        problem("places[0].country", "XX", "country"),
        problem("places[1].latitude", "91.0", "number-between", least=-90, most=90),
        problem("sectors", "", "missing"),
    ]


@pytest.mark.parametrize("raw", [None, [], "mission", 3])
def test_a_message_is_an_object(raw: Any) -> None:
    assert problems(ConfirmMission, raw) == [problem("", quoted(raw), "object")]


def test_a_number_as_text_is_a_mistake_in_json_and_none_on_paper() -> None:
    asked = {**ASKED, "mission": "mission-hub-2027-oslo", "terms": {"share_of_cost": "20"}}
    assert problems(RequestCoOrganisation, asked) == [
        problem("terms.share_of_cost", "20", "whole-number-between", least=0, most=100)
    ]
    read_as_text = read(RequestCoOrganisation, asked, KNOWN, text=True)
    assert read_as_text.terms == Terms(share_of_cost=20)


@pytest.mark.parametrize("share, allowed", [(-1, False), (0, True), (100, True), (101, False)])
def test_a_percentage_has_bounds(share: int, allowed: bool) -> None:
    asked = {**ASKED, "mission": "mission-hub-2027-oslo", "terms": {"share_of_cost": share}}
    if allowed:
        assert read(RequestCoOrganisation, asked, KNOWN).terms == Terms(share_of_cost=share)
    else:
        assert problems(RequestCoOrganisation, asked) == [
            problem("terms.share_of_cost", str(share), "whole-number-between", least=0, most=100)
        ]


def test_a_count_of_seats_has_a_least_only() -> None:
    asked = {**ASKED, "mission": "mission-hub-2027-oslo", "terms": {"places": 0}}
    assert problems(RequestCoOrganisation, asked) == [
        problem("terms.places", "0", "whole-number-from", least=1)
    ]


def test_a_month_beyond_the_year_is_named_with_its_field() -> None:
    raw = {**WRITTEN, "period": "2027-13"}
    assert problems(PublishMission, raw, text=True) == [
        problem("period.month", "13", "whole-number-between", least=1, most=12)
    ]


@pytest.mark.parametrize("tag", ["fortnight", "", ["month"], 3, None])
def test_a_period_is_of_a_known_kind(tag: Any) -> None:
    raw = {**PUBLISHED, "period": {"period": tag, "year": 2027}}
    allowed = "days, month, quarter, half-year, year, undated"
    assert problems(PublishMission, raw) == [
        problem("period.period", quoted(tag), "one-of", allowed=allowed)
    ]


@pytest.mark.parametrize("period", ["next year", "2027/03", "{"])
def test_text_that_is_no_period_is_told_its_forms(period: str) -> None:
    raw = {**WRITTEN, "period": period}
    expected = problem("period", period, "form-period")
    assert problems(PublishMission, raw, text=True) == [expected]


def test_a_period_that_is_no_object_in_json_is_told_its_forms() -> None:
    raw = {**PUBLISHED, "period": "2027-03"}
    assert problems(PublishMission, raw) == [problem("period", "2027-03", "form-period")]


def test_what_is_not_said_keeps_its_default_and_nothing_is_not_said() -> None:
    assert read(
        RescheduleMission,
        {
            **ASKED,
            "mission": "mission-awex-2027-hanoi",
            "period": "2027-04-01",
            "travel": " ",
            "reason": "elections",
        },
        KNOWN,
        text=True,
    ) == RescheduleMission(
        by="awex",
        effective=date(2026, 9, 15),
        mission="mission-awex-2027-hanoi",
        period=Days(date(2027, 4, 1), date(2027, 4, 1)),
        reason="elections",
    )


def test_blank_text_is_missing_where_words_are_needed() -> None:
    raw = {
        **ASKED,
        "mission": "mission-awex-2027-hanoi",
        "period": "2027",
        "reason": "  ",
    }
    assert problems(RescheduleMission, raw, text=True) == [problem("reason", "", "missing")]


def test_changes_name_only_what_changes() -> None:
    raw = {
        **ASKED,
        "mission": "mission-awex-2027-hanoi",
        "changes": {"coordinated_by": None, "ethical_component": "true"},
    }
    assert read(ReviseMission, raw, KNOWN, text=True).changes == MissionChanges(
        coordinated_by=None, ethical_component=True
    )


def test_a_value_that_must_be_said_may_be_said_to_be_unknown() -> None:
    raw = {
        **ASKED,
        "review": "review-hub-2026",
        "claim": {"figure": "86 offices", "source": "[S4]", "stated_on": "", "stated_by": "BCR"},
    }
    claim = read(DeclareFigure, raw, KNOWN, text=True).claim
    assert (claim.figure, claim.stated_on) == (Qualified(value=86, unit="offices"), None)


def test_a_pair_has_two() -> None:
    raw = {**ASKED, "cycle": "cycle-hub-2026", "meeting": "meeting-june", "agencies": ["hub"]}
    assert problems(HoldBilateral, raw) == [problem("agencies", "hub", "list-of", count=2)]


def test_a_list_is_no_text_in_json_and_one_text_on_paper() -> None:
    assert problems(PublishMission, {**PUBLISHED, "sectors": "health"}) == [
        problem("sectors", "health", "list")
    ]
    assert read(PublishMission, {**WRITTEN, "sectors": "health"}, KNOWN, text=True).sectors == (
        Sector.HEALTH,
    )


def test_a_list_that_needs_one_has_none() -> None:
    assert problems(PublishMission, {**PUBLISHED, "sectors": []}) == [
        problem("sectors", "", "missing")
    ]


def test_a_structure_may_be_written_as_json_where_text_is_read() -> None:
    raw = {
        **ASKED,
        "cycle": "cycle-hub-2026",
        "meeting": "meeting-june",
        "agencies": ["hub", "awex"],
        "observations": ['{"text": "Both look at water", "country": "VN"}', "No commitment"],
    }
    assert read(HoldBilateral, raw, KNOWN, text=True).observations == (
        Observation(text="Both look at water", country="VN"),
        Observation(text="No commitment"),
    )


def test_a_structure_that_has_not_its_form_is_told_it() -> None:
    raw = {**ASKED, "mission": "mission-awex-2027-hanoi", "participants": ["54", ">=3 firms"]}
    assert problems(HoldMission, raw, text=True) == [
        problem("participants[0]", "54", "form-qualified")
    ]
    closing = {
        **ASKED,
        "post": "post-hub-oslo",
        "reason": "budget",
        "successions": "VN to nobody",
    }
    assert problems(ClosePost, closing, text=True) == [
        problem("successions", "VN to nobody", "form-succession")
    ]


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity"])
def test_money_is_an_amount_of_nothing_or_more(amount: str) -> None:
    raw = {**PUBLISHED, "cost": {"amount": amount}}
    assert problems(PublishMission, raw) == [problem("cost", f"amount {amount}", "rule-money")]


def test_text_that_no_encoding_can_carry_is_refused() -> None:
    raw = {**ASKED, "mission": "mission-awex-2027-hanoi", "period": "2027", "reason": "caf\udce9"}
    assert problems(RescheduleMission, raw, text=True) == [problem("reason", "caf\\udce9", "utf-8")]


def test_words_have_bounds() -> None:
    raw = {**ASKED, "mission": "mission-awex-2027-hanoi", "period": "2027", "reason": "a" * 2001}
    assert problems(RescheduleMission, raw, text=True) == [
        problem("reason", "a" * 80 + "…", "text", least=1, most=2000)
    ]
    assert read(RescheduleMission, {**raw, "reason": "a" * 2000}, KNOWN, text=True).reason


def test_a_line_of_ten_million_characters_is_quoted_shortly() -> None:
    raw = {**ASKED, "mission": "mission-awex-2027-hanoi", "period": "x" * 10_000_000, "reason": "y"}
    assert problems(RescheduleMission, raw, text=True) == [
        problem("period", "x" * 80 + "…", "form-period")
    ]


def test_words_without_bounds_are_any_words() -> None:
    assert problems(AskPlan, {"year": 2027, "state": 3}) == [problem("state", "3", "any-text")]


def test_a_message_is_chosen_by_its_tag() -> None:
    raw = {**ASKED, "command": "mission.confirm", "mission": "mission-awex-2027-hanoi"}
    assert read_tagged(AnyCommand, raw, KNOWN) == ConfirmMission(
        by="awex", effective=date(2026, 9, 15), mission="mission-awex-2027-hanoi"
    )


@pytest.mark.parametrize(
    "raw, given",
    [
        ({"command": "mission.dance"}, "mission.dance"),
        ({"command": ["mission.confirm"]}, "['mission.confirm']"),
        ({}, "None"),
        ("mission.dance", "mission.dance"),
    ],
)
def test_a_message_nobody_agreed_on_is_told_the_tags(raw: Any, given: str) -> None:
    with pytest.raises(Malformed) as malformed:
        read_tagged(AnyCommand, raw, KNOWN)
    allowed = ", ".join(kinds_by_tag(AnyCommand))
    assert malformed.value.problems == (problem("command", given, "one-of", allowed=allowed),)


def test_the_kinds_of_a_union_by_their_tags() -> None:
    assert list(kinds_by_tag(AnyQuestion))[:3] == ["plan", "editions", "difference"]
    assert kinds_by_tag(ConfirmMission) == {"mission.confirm": ConfirmMission}


def test_a_field_says_what_forms_and_options_need() -> None:
    assert [(field.name, field.required, field.default) for field in fields_of(BilateralHeld)] == [
        ("effective", True, None),
        ("cycle", True, None),
        ("meeting", True, None),
        ("agencies", True, None),
        ("observations", False, ()),
    ]


def test_a_shape_says_what_its_annotation_says() -> None:
    agency = next(field for field in fields_of(AskPlan) if field.name == "agency")
    shape = shape_of(agency.annotation)
    assert (shape.alternatives, shape.optional, shape.vocabulary) == ((str,), True, "agency")
    assert shape.said("examples") == ["awex"]
    assert shape.said("ge") is None
