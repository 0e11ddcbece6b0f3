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
    read,
    read_tagged,
    shape_of,
)
from coordination.reference import countries
from schemas.action import ActionType, MissionChanges
from schemas.asking import AnyQuestion, AskPlan
from schemas.co_organisation import RequestCoOrganisation, Terms
from schemas.cycle import BilateralHeld, HoldBilateral, Observation
from schemas.mission import ConfirmMission, PublishMission, RescheduleMission, ReviseMission
from schemas.period import Days, Month
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


def test_a_number_as_text_is_a_mistake_in_json_and_none_on_paper() -> None:
    asked = {**ASKED, "mission": "mission-hub-2027-oslo", "terms": {"share_of_cost": "20"}}
    assert problems(RequestCoOrganisation, asked) == [
        problem("terms.share_of_cost", "20", "number-not-text")
    ]
    read_as_text = read(RequestCoOrganisation, asked, KNOWN, text=True)
    assert read_as_text.terms == Terms(share_of_cost=20)


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


def test_a_list_is_no_text_in_json_and_one_text_on_paper() -> None:
    assert problems(PublishMission, {**PUBLISHED, "sectors": "health"}) == [
        problem("sectors", "health", "list")
    ]
    assert read(PublishMission, {**WRITTEN, "sectors": "health"}, KNOWN, text=True).sectors == (
        Sector.HEALTH,
    )


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


def test_a_message_is_chosen_by_its_tag() -> None:
    raw = {**ASKED, "command": "mission.confirm", "mission": "mission-awex-2027-hanoi"}
    assert read_tagged(AnyCommand, raw, KNOWN) == ConfirmMission(
        by="awex", effective=date(2026, 9, 15), mission="mission-awex-2027-hanoi"
    )


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
