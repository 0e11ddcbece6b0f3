"""The September board: answered in place, with and without scripts; only what changed is sent."""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from coordination.access import Role
from coordination.web.board import TOKEN, Boards, Drawn
from coordination.web.visit import Visit
from coordination.wording import Reader
from schemas.vocabulary import AWEX, FIT, HUB
from tests.coordination.web.site import Site, site

MILAN = "mission-hub-2027-brussels-days-milan"
BOARD = "/en/september/2027"


@pytest.fixture
def desk(demo: Path, tmp_path: Path) -> Iterator[Site]:
    own = tmp_path / "own.sqlite"
    copy(demo, own)
    with site(own, tmp_path) as opened:
        for agency in (HUB, AWEX, FIT):
            opened.account(agency, agency, Role.CHIEF_EXECUTIVE)
        opened.account("reader", AWEX, Role.READER)
        yield opened


def visit(desk: Site, agency: str, language: str = "en") -> Visit:
    session = desk.accounts.sign_in(agency, "a long enough password")
    assert session is not None
    return Visit(
        reader=Reader(language),
        service=desk.service,
        path="september/2027",
        query={},
        today=desk.service.today(),
        person=desk.accounts.person(session),
        csrf="",
    )


def wish(desk: Site, **headers: str) -> tuple[int, str, str]:
    desk.get(BOARD)
    answer = desk.client.post(
        BOARD,
        data={
            "_csrf_token": desk.client.cookies["csrf"],
            "_ask": "mission.request-co-organisation",
            "mission": MILAN,
        },
        headers=headers,
        follow_redirects=False,
    )
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_a_wish_needs_no_script(desk: Site) -> None:
    desk.sign_in(AWEX)
    status, location, _ = wish(desk)
    assert (status, location) == (303, f"{BOARD}#row-{MILAN}")
    [last] = [*desk.service.store.of(MILAN)][-1:]
    assert (last.type, last.agency, last.role, last.correlation) == (
        "mission.co-organisation-requested",
        AWEX,
        "chief-executive",
        "meeting-2026-september",
    )


def test_with_a_script_only_the_row_and_the_counts_come_back(desk: Site) -> None:
    desk.sign_in(AWEX)
    status, _, text = wish(desk, **{"HX-Request": "true"})
    sent = re.findall(r'<hx-partial hx-target="#([^"]+)"', text)
    assert (status, sent) == (200, [f"row-{MILAN}", "counts", "agenda"])
    assert TOKEN not in text
    assert "waits for hub.brussels" in text


def test_a_mistake_comes_back_in_the_row_with_what_was_typed(desk: Site) -> None:
    desk.sign_in(AWEX)
    wish(desk)
    desk.sign_in(HUB)
    desk.get(BOARD)
    data = {
        "_csrf_token": desk.client.cookies["csrf"],
        "_ask": "mission.counter-propose-co-organisation",
        "mission": MILAN,
        "partner": AWEX,
        "terms.share-of-cost": "130",
        "terms.reason": "shared stand",
    }
    answer = desk.client.post(BOARD, data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "“130” – a whole number from 0 to 100" in answer.text
    assert 'value="shared stand"' in answer.text
    without = desk.client.post(BOARD, data=data)
    assert without.status_code == 422
    assert "“130” – a whole number from 0 to 100" in without.text


def test_who_only_reads_has_nothing_to_answer_with(desk: Site) -> None:
    desk.sign_in("reader")
    text = desk.get(BOARD).text
    assert "mission.request-co-organisation" not in text
    assert "Your role (reader) reads and does not decide" in text
    status, _, text = wish(desk)
    assert (status, "The role" in text) == (422, True)


def test_the_projector_has_no_controls(desk: Site) -> None:
    desk.sign_in(AWEX)
    text = desk.get(f"{BOARD}?view=projector").text
    main = text.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r"<(button|input|form|details)\b", main) == []
    assert f'id="row-{MILAN}"' in main


def test_only_what_changed_is_sent_in_the_words_of_each_reader(desk: Site) -> None:
    boards = Boards()
    readers = {"fr": visit(desk, HUB, "fr"), "nl": visit(desk, FIT, "nl")}
    before = {code: boards.drawn(reader, 2027, False, 0) for code, reader in readers.items()}
    desk.sign_in(AWEX)
    wish(desk)
    news = {
        code: boards.drawn(reader, 2027, False, 1).since(before[code])
        for code, reader in readers.items()
    }
    for new in news.values():
        assert re.findall(r'hx-target="#([^"]+)"', new) == ["counts", "agenda", f"row-{MILAN}"]
    assert "attend hub.brussels" in news["fr"]
    assert "wacht op hub.brussels" in news["nl"]
    assert "mission.accept-co-organisation" in news["fr"]  # only hub.brussels is to answer
    assert "mission.accept-co-organisation" not in news["nl"]


def test_what_is_drawn_already_is_not_drawn_again(desk: Site) -> None:
    boards = Boards()
    first = boards.drawn(visit(desk, HUB), 2027, False, 0)
    assert boards.drawn(visit(desk, HUB), 2027, False, 0) is first


def test_who_draws_before_the_bell_does_not_keep_others_from_what_comes_after(desk: Site) -> None:
    boards = Boards()
    before = boards.drawn(visit(desk, HUB), 2027, False, 0, anew=True)
    desk.sign_in(AWEX)
    wish(desk)
    after = boards.drawn(visit(desk, HUB), 2027, False, 1)
    assert f'hx-target="#row-{MILAN}"' in after.since(before)


def test_a_new_row_brings_the_whole_board() -> None:
    counts = {"counts": "1", "agenda": ""}
    before = Drawn({**counts, "row-a": "a"}, "1")
    after = Drawn({**counts, "row-a": "a", "row-b": "b"}, "2")
    sent = re.findall(r'hx-target="#([^"]+)" hx-swap="([^"]+)"', after.since(before))
    assert sent == [("rows", "innerMorph"), ("counts", "outerMorph"), ("agenda", "outerMorph")]
    assert (after.unless("2"), after.unless("1")) == ("", after.whole())


def test_only_the_secretariat_closes_the_meeting(desk: Site) -> None:
    desk.sign_in(AWEX)
    desk.get(BOARD)
    token = desk.client.cookies["csrf"]
    answer = desk.client.post(BOARD, data={"_csrf_token": token, "_ask": "edition"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
