"""Every command has a form, made from the message: it says back what was typed, all mistakes come
at once, and nothing is asked before it was looked at, nor twice."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from shutil import copy
from urllib.parse import urlencode

import msgspec
import pytest
from httpx import Response
from msgspec.structs import replace

from coordination.access import Role
from coordination.web import blanks
from coordination.web.form import KINDS, read_form, subject, without
from coordination.web.visit import Visit
from coordination.wording import Reader
from schemas.action import MissionChanges
from schemas.examples import COMMANDS
from schemas.message import name
from schemas.mission import ReviseMission
from schemas.recorded_event import AnyCommand
from schemas.vocabulary import AWEX, FIT, HUB, Sector
from tests.coordination.web.filled import filled
from tests.coordination.web.site import Site, site

MISSION = "mission-awex-2027-hanoi"


@pytest.fixture
def desk(demo: Path, tmp_path: Path) -> Iterator[Site]:
    """Where things are decided: a demonstration of its own, with somebody of each agency."""
    own = tmp_path / "own.sqlite"
    copy(demo, own)
    with site(own, tmp_path) as opened:
        for agency in (HUB, AWEX, FIT):
            opened.account(agency, agency, Role.CHIEF_EXECUTIVE)
        opened.account("reader", HUB, Role.READER)
        yield opened


@pytest.fixture(scope="module")
def read(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Where nothing is sent."""
    with site(demo, tmp_path_factory.mktemp("accounts")) as opened:
        for agency in (HUB, AWEX, FIT):
            opened.account(agency, agency, Role.CHIEF_EXECUTIVE)
        yield opened


def send(desk: Site, address: str, fields: dict[str, list[str]], **noted: str) -> Response:
    data = {**fields, **{f"_{key}": [value] for key, value in noted.items()}}
    return desk.client.post(address, data=data, follow_redirects=False)


def visit_of(desk: Site, agency: str) -> Visit:
    """Somebody of an agency, signed in."""
    session = desk.client.cookies.get("session") or ""
    person = desk.accounts.person(session)
    if person is None or person.agency != agency:
        desk.client.cookies.delete("session")
        desk.sign_in(agency)
        session = desk.client.cookies["session"]
    assert session
    return Visit(
        reader=Reader("en"),
        service=desk.service,
        path="",
        query={},
        today=desk.service.today(),
        person=desk.accounts.person(session),
        csrf="",
    )


def test_every_command_has_a_form() -> None:
    assert {name(command) for command in COMMANDS} == set(KINDS)


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("example", COMMANDS, ids=name)
def test_a_form_says_back_what_was_said(read: Site, example: AnyCommand, language: str) -> None:
    """From the message to its address, to the page, to what a browser sends, and back."""
    visit = visit_of(read, example.by)
    kind = type(example)
    filled_in = set(without(kind)) - {"by"}
    query = blanks.spread(kind, blanks.plain(example))
    answer = read.get(f"/{language}/{name(example)}?{urlencode(query, doseq=True)}")
    form = filled(answer.text)
    given = {key: value for key, value in form.items() if not key.startswith("_")}
    before = msgspec.json.decode(form["_before"][0])
    command, mistakes = read_form(kind, given, visit, before)
    empty: dict[str, object] = dict.fromkeys(filled_in, ())
    assert (answer.status_code, mistakes, command) == (200, [], replace(example, **empty))


@pytest.mark.parametrize("example", COMMANDS, ids=name)
def test_an_empty_form_says_all_that_is_needed(read: Site, example: AnyCommand) -> None:
    assert visit_of(read, HUB).agency == HUB
    address = f"/en/{name(example)}"
    answer = send(read, address, filled(read.get(address).text))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "is needed" in answer.text


def test_every_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(desk: Site) -> None:
    desk.sign_in(HUB)
    given = {
        "title.nl": ["Zending"],
        "action": ["agency-mission"],
        "period": ["2027-Q7"],
        "places.0.country": ["ZZ"],
        "places.1.city": ["Lagos"],
        "cost.amount": ["much"],
        "effective": ["2026-02-30"],
        "mission": ["mission hanoi"],
    }
    answer = send(desk, "/en/mission.publish", given | {"_csrf_token": [csrf(desk)]})
    assert answer.status_code == 422
    alert = answer.text.partition('role="alert"')[2].partition("</section>")[0]
    assert re.findall(r'href="#blank-([^"]+)"', alert) == [
        "effective",
        "mission",
        "period",
        "places-0-country",
        "places-1-country",
        "sectors",
        "cost-amount",
    ]
    for blank in re.findall(r'href="#(blank-[^"]+)"', alert):
        assert f'id="{blank}"' in answer.text
        assert f'id="{blank}-mistake"' in answer.text
    kept = filled(answer.text)
    assert {key: kept[key] for key in given if kept.get(key) != given[key]} == {
        "places.0.country": [""]  # no country of the list
    }


def csrf(desk: Site) -> str:
    desk.get("/en/mission.publish")
    return desk.client.cookies.get("csrf") or ""


def test_looking_at_what_would_follow_records_nothing(desk: Site) -> None:
    desk.sign_in(FIT)
    before = count(desk)
    address = f"/en/mission.request-co-organisation?mission={MISSION}&terms.share-of-cost=20"
    looked = send(desk, address.partition("?")[0], filled(desk.get(address).text))
    assert looked.status_code == 200
    for words in ("FIT asks to co-organise", "has to answer", "AWEX"):
        assert words in looked.text
    assert count(desk) == before


def count(desk: Site) -> int:
    return sum(1 for _ in desk.service.questions.events())


def ask(desk: Site, address: str, **noted: str) -> Response:
    """Fill in as the address says, look, and send."""
    looked = send(desk, address.partition("?")[0], filled(desk.get(address).text))
    assert looked.status_code == 200, looked.text
    return send(desk, address.partition("?")[0], confirmed(looked), step="send", **noted)


def confirmed(looked: Response) -> dict[str, list[str]]:
    return filled(looked.text, "confirming")


def test_a_form_that_is_sent_twice_has_one_answer(desk: Site) -> None:
    desk.sign_in(FIT)
    address = f"/en/mission.request-co-organisation?mission={MISSION}&terms.share-of-cost=20"
    looked = send(desk, address.partition("?")[0], filled(desk.get(address).text))
    before = count(desk)
    form = confirmed(looked)
    first, again = (
        send(desk, address.partition("?")[0], form, step="send").headers["location"]
        for _ in range(2)
    )
    assert (first, count(desk)) == (again, before + 1)
    page = desk.get(first)
    assert "FIT asks to co-organise" in page.text
    assert f'href="/en/mission.withdraw-co-organisation?mission={MISSION}"' in page.text


def test_what_the_rules_refuse_is_said_before_it_is_sent(desk: Site) -> None:
    desk.sign_in(FIT)
    address = f"/en/mission.cancel?mission={MISSION}&reason=none"
    looked = send(desk, address.partition("?")[0], filled(desk.get(address).text))
    assert looked.status_code == 422
    assert "This is for AWEX, which leads the mission, and not for FIT." in looked.text
    assert filled(looked.text)["reason"] == ["none"]


def test_who_only_reads_is_told_why_there_is_no_form(desk: Site) -> None:
    desk.sign_in("reader")
    answer = desk.get(f"/fr/mission.confirm?mission={MISSION}")
    assert answer.status_code == 403
    assert "Le rôle « lecteur » ne permet pas d'en décider" in unescape(answer.text)
    form = {"_csrf_token": [desk.client.cookies["csrf"]], "mission": [MISSION]}
    sent = send(desk, "/fr/mission.confirm", form, step="send")
    assert sent.status_code == 403


def test_a_form_without_its_token_is_refused(desk: Site) -> None:
    desk.sign_in(AWEX)
    before = count(desk)
    answer = send(desk, "/fr/mission.confirm", {"mission": [MISSION]}, step="send")
    assert (answer.status_code, count(desk)) == (403, before)


def test_another_line_can_be_had_without_losing_any(desk: Site) -> None:
    desk.sign_in(HUB)
    form = filled(desk.get("/en/mission.publish?places=VN+Hanoi").text)
    answer = send(desk, "/en/mission.publish", form, more="places")
    kept = filled(answer.text)
    assert answer.status_code == 200
    assert [kept[f"places.{row}.country"] for row in (0, 1)] == [["VN"], [""]]


def test_only_what_was_changed_is_asked_and_what_was_taken_away_is_said(desk: Site) -> None:
    desk.sign_in(AWEX)
    form = filled(desk.get(f"/en/mission.revise?mission={MISSION}").text)
    assert form["changes.title.fr"] != [""]
    form["changes.sectors"] = ["health"]
    form["changes.ethical-component"] = [""]
    [before] = form.pop("_before")
    command, mistakes = read_form(
        ReviseMission, form, visit_of(desk, AWEX), msgspec.json.decode(before)
    )
    assert (command, mistakes) == (
        ReviseMission(
            by=AWEX,
            effective=desk.service.today(),
            mission=MISSION,
            changes=MissionChanges(sectors=(Sector.HEALTH,)),
        ),
        [],
    )


def test_what_is_new_is_named_from_what_is_said_of_it(desk: Site) -> None:
    desk.sign_in(FIT)
    query = {
        "title.nl": "Zending",
        "action": "agency-mission",
        "period": "2028-Q2",
        "places": "BR São Paulo",
        "sectors": "health",
    }
    sent = ask(desk, f"/nl/mission.publish?{urlencode(query)}")
    assert sent.status_code == 303
    assert sent.headers["location"].endswith("?mission=mission-fit-2028-sao-paulo")


def test_each_command_names_its_thing() -> None:
    assert all(subject(kind) in kind.__struct_fields__ for kind in KINDS.values())
