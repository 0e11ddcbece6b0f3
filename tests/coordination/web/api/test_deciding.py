"""Every command is decided by its name, once for each identifier, for the agency of the token."""

from typing import Any

from coordination.access import Role
from coordination.web.refused import RefusedAct
from tests.coordination.web.api.programs import OSLO, Program, Programs
from tests.coordination.web.site import NOW


def publish(program: Program, command_id: str, **changes: object) -> tuple[int, dict[str, Any]]:
    answer = program.decide("mission.publish", {"Command-Id": command_id}, **{**OSLO, **changes})
    return answer.status_code, answer.json()


def test_what_is_known_anyway_is_left_out_and_the_same_identifier_is_decided_once(
    api: Programs,
) -> None:
    program = api.of("hub", Role.COORDINATOR)
    status, answer = publish(program, "crm-1")
    assert (status, answer["answer"], answer["id"]) == (200, "done", "crm-1")
    [event] = answer["events"]
    assert (event["agency"], event["role"], event["causation"]) == ("hub", "coordinator", "crm-1")
    assert event["data"]["effective"] == "2026-11-24"
    assert publish(program, "crm-1") == (status, answer)
    status, problem = publish(program, "crm-1", sectors=["health"])
    assert (status, problem["detail"]) == (
        409,
        "The identifier crm-1 has been used for another command.",
    )


def test_an_identifier_is_of_one_command_whatever_the_body(api: Programs) -> None:
    program, said = api.of("hub", Role.COORDINATOR), {"mission": "mission-hub-2027-nowhere"}
    codes = [
        program.decide(command, {"Command-Id": "crm-2"}, **said).json().get("detail")
        for command in ("mission.confirm", "mission.confirm")
    ]
    assert codes == ["There is no mission mission-hub-2027-nowhere."] * 2


def test_what_the_rules_do_not_allow_is_said_in_all_languages_and_in_that_of_the_reader(
    api: Programs,
) -> None:
    answer = api.of().decide(
        "mission.confirm", {"Accept-Language": "nl"}, mission="mission-hub-2027-nowhere"
    )
    problem = answer.json()
    assert (answer.status_code, problem["title"], problem["detail"]) == (
        409,
        "De regels laten het niet toe",
        "De zending mission-hub-2027-nowhere bestaat niet.",
    )
    assert problem["answer"]["reason"] == "mission.unknown"
    assert set(problem["answer"]["text"]) == {"fr", "nl", "de", "en"}


def test_every_mistake_of_body_and_headers_is_said_at_once(api: Programs) -> None:
    answer = api.of().decide(
        "mission.confirm", {"Command-Id": "not one", "Meeting": "?"}, mission=3, by="XX", more=1
    )
    problem = answer.json()
    assert answer.status_code == 422
    assert [one["field"] for one in problem["mistakes"]] == [
        "more",
        "by",
        "mission",
        "Command-Id",
        "Meeting",
    ]
    assert [one["field"] for one in problem["answer"]["problems"]] == [
        one["field"] for one in problem["mistakes"]
    ]


def test_another_command_than_the_address_says_is_a_mistake(api: Programs) -> None:
    said: dict[str, Any] = {"mission": "mission-hub-2027-oslo", "command": "mission.cancel"}
    answer = api.of().decide("mission.confirm", **said)
    assert [one["field"] for one in answer.json()["mistakes"]] == ["command"]


def test_what_is_no_json_is_said(api: Programs) -> None:
    program = api.of()
    codes = [
        program.send("mission.confirm", raw, headers).status_code
        for raw, headers in (
            (b"{", {}),
            (b'{"mission": "\xff"}', {}),
            (b"[" * 60_000, {}),
            (b"[]", {}),
            (b"x" * 70_000, {}),
            (b"{}", {"Content-Type": "text/plain"}),
        )
    ]
    assert codes == [400, 400, 400, 422, 413, 415]


def test_who_speaks_for_another_agency_is_refused_and_it_is_noted(api: Programs) -> None:
    program = api.of("fit", Role.COORDINATOR)
    answer = program.decide("mission.confirm", mission="mission-awex-2027-hanoi", by="awex")
    problem = answer.json()
    assert (answer.status_code, problem["answer"]["reason"]) == (403, "access.speaks-for-another")
    assert api.refused.newest(1) == [
        RefusedAct(
            at=NOW,
            name="fit coordinator",
            agency="fit",
            role=Role.COORDINATOR,
            act="mission.confirm",
            about="mission-awex-2027-hanoi",
            reason="access.speaks-for-another",
            parameters={"agency": "awex", "asker": "fit"},
        )
    ]


def test_only_a_token_opens_the_api(api: Programs) -> None:
    site = api.site
    site.account("vera")
    site.sign_in("vera")
    for headers in ({}, {"Authorization": "Bearer invented"}, {"Authorization": "Basic eDp5"}):
        answer = site.get("/api/policies", **headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    site.client.cookies.clear()
