"""Every question is answered by its name: in pages, with a mark, and all mistakes at once."""

from schemas.asking import AskPlan
from tests.coordination.web.api.programs import OSLO, Programs

CHANGES = {"plan": {"sectors": ["health"]}, "history": {"sectors": ["energy"]}}


def test_an_answer_is_that_of_every_door(api: Programs) -> None:
    answered = api.of().ask("plan", year=2027, country="VN").json()
    plan = api.site.service.answer(AskPlan(year=2027, country="VN"))
    missions = [row["line"]["mission"] for row in answered["answer"]["missions"]]
    assert missions == [row.line.mission for row in plan.missions] != []
    assert answered["question"] == {
        "question": "plan",
        "year": 2027,
        "country": "VN",
        "as_of": "2026-11-24",
        "known_on": None,
        "agency": None,
        "sector": None,
        "tag": None,
        "state": None,
    }
    assert answered["waiting"] == []


def test_the_pages_put_together_are_the_whole(api: Programs) -> None:
    program = api.of()
    whole = program.ask("plan", year=2027).json()
    found, address = [], "plan?year=2027&limit=3"
    while address:
        answer = program.ask(address)
        page = answer.json()
        assert page["totals"] == whole["totals"]
        found += page["answer"]["missions"]
        address = (page["next"] or "").removeprefix("/api/")
        link = f'</api/{address}>; rel="next"' if address else None
        assert answer.headers.get("link") == link
    assert found == whole["answer"]["missions"]
    assert len(found) == whole["totals"]["missions"] > 3


def test_who_has_the_answer_is_told_so_until_it_changes(api: Programs) -> None:
    program, mission = api.of(), {"mission": OSLO["mission"]}
    program.decide("mission.publish", **OSLO)
    for question, said in (("plan", {"year": 2027}), ("history", {"stream": OSLO["mission"]})):
        mark = program.ask(question, **said).headers["etag"]
        again = program.ask(question, {"If-None-Match": f'"other", {mark}'}, **said)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
        assert program.decide("mission.revise", **mission, changes=CHANGES[question]).is_success
        after = program.ask(question, {"If-None-Match": mark}, **said)
        assert (after.status_code, after.headers["etag"] != mark) == (200, True)


def test_all_mistakes_are_said_at_once_in_the_language_of_the_reader(api: Programs) -> None:
    answer = api.of().ask("plan?limit=0&colour=red&tag=quadri", {"Accept-Language": "fr-BE"})
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.headers["content-language"] == "fr"
    assert (problem["type"], problem["title"], problem["status"]) == (
        "/api#problem-422",
        "Des champs sont à corriger",
        422,
    )
    assert [(one["field"], one["given"]) for one in problem["mistakes"]] == [
        ("colour", "red"),
        ("year", ""),
        ("tag", "quadri"),
        ("limit", "0"),
    ]


def test_a_figure_of_a_year_needs_the_year(api: Programs) -> None:
    answer = api.of().ask("explain.figure", figure="plan.missions")
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["mistakes"]] == ["year"]


def test_what_is_not_there_is_said(api: Programs) -> None:
    program = api.of()
    unknown = program.ask("difference", cycle="cycle-hub-2026", before="never")
    assert unknown.status_code == 404
    assert unknown.json()["detail"].startswith("There is no edition never; there are: ")
    assert program.ask("nothing-of-the-kind").json()["status"] == 404
    wrong = program.ask("mission.confirm")
    assert (wrong.status_code, set(wrong.headers["allow"].split(", "))) == (
        405,
        {"OPTIONS", "POST"},
    )


def test_the_field_that_the_address_says_is_no_parameter(api: Programs) -> None:
    answer = api.of().ask("policies?question=plan")
    assert [one["field"] for one in answer.json()["mistakes"]] == ["question"]
