from typing import Any

import pytest
from msgspec import Struct

from coordination.conversion import (
    Malformed,
    fields_of,
    kinds_by_tag,
    quoted,
    read,
    read_tagged,
)
from schemas.action import ActionType
from schemas.co_organisation import RequestCoOrganisation, Terms
from schemas.cycle import HoldBilateral
from schemas.mission import ConfirmMission, HoldMission, PublishMission, RescheduleMission
from schemas.post import ClosePost
from schemas.recorded_event import AnyCommand
from tests.coordination.test_conversion import ASKED, KNOWN, PUBLISHED, WRITTEN, problem, problems


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


def test_a_pair_has_two() -> None:
    raw = {**ASKED, "cycle": "cycle-hub-2026", "meeting": "meeting-june", "agencies": ["hub"]}
    assert problems(HoldBilateral, raw) == [problem("agencies", "hub", "list-of", count=2)]


def test_a_list_that_needs_one_has_none() -> None:
    assert problems(PublishMission, {**PUBLISHED, "sectors": []}) == [
        problem("sectors", "", "missing")
    ]


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


class Remark(Struct):
    text: str


def test_words_without_bounds_are_any_words() -> None:
    assert problems(Remark, {"text": 3}) == [problem("text", "3", "any-text")]


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


@pytest.mark.parametrize("words", ["\x1b[2J", "a\x00b", "\u202egnihton"])
def test_text_does_not_steer_the_readers_terminal(words: str) -> None:
    assert problems(Remark, {"text": words}, text=True) == [
        problem("text", repr(words), "no-control-characters")
    ]


def test_lines_and_joined_letters_are_text() -> None:
    text = "one\ntwo\u200dthree"
    assert read(Remark, {"text": text}, KNOWN) == Remark(text)
