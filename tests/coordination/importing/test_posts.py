from collections import Counter
from datetime import date
from pathlib import Path

from coordination.importing import import_file
from coordination.service import Service
from projections.post_line import PostLine, PostState
from projections.read_model import Moment
from schemas.post import PostChanges, RevisePost, StopSharing, WithdrawClosing
from schemas.vocabulary import Place, Provenance
from tests.coordination.importing.files import NETWORK, POST, POSTS, written
from tests.coordination.importing.reports import Importer, fates, post

TODAY = date(2026, 9, 24)
HANOI = "post-hub-hanoi"


def test_an_imported_post_is_open_shared_and_marked(service: Service) -> None:
    import_file(service, "posts", NETWORK)
    ramallah = post(service, "post-hub-ramallah")
    assert (ramallah.state, ramallah.shared_with) == (PostState.OPEN, ("awex", "fit"))
    boston = post(service, "post-hub-boston")
    assert boston.provenance == Provenance(
        source="illustrative",
        illustrative=True,
        note="illustrative; completes the published count of 2023; not a sourced post",
    )
    vilnius = post(service, "post-fit-vilnius")
    assert [part.country for part in vilnius.area] == ["LT", "LV", "EE"]


def test_the_sourced_posts_have_the_states_their_words_say(service: Service) -> None:
    import_file(service, "posts", POSTS)
    lines = service.questions.posts(Moment()).lines.values()
    assert dict(Counter(line.state.value for line in lines)) == {
        "announced": 10,
        "closed": 2,
        "closing": 19,
        "open": 45,
        "vacant": 2,
    }
    assert post(service, "post-hub-milan").since == date(2026, 4, 16)
    assert post(service, "post-fit-new-york-technology-attache").place == Place(
        country="US", city="New York", latitude=40.7128, longitude=-74.006
    )
    assert post(service, "post-hub-guangzhou").operated_by is None


def test_a_post_file_adds_moves_and_takes_off(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    import_file(service, "posts", written(path, [POST]))
    changed = POST | {"available_to": "fit", "city": "Haiphong", "function": "attaché"}
    report = import_file(service, "posts", written(path, [changed]))
    assert (fates(report), report.events) == ({"revised": 1}, 4)
    line = post(service, "post-hub-hanoi")
    assert line.shared_with == ("fit",)
    assert line.place == Place(country="VN", city="Haiphong", latitude=21.02, longitude=105.83)
    assert line.function == "attaché"
    assert [one.reason for one in line.moves] == ["the imported file says so"]


def test_a_place_that_is_spelt_otherwise_is_revised(importer: Importer) -> None:
    importer.post()
    report = importer.post(latitude="21.03")
    assert (fates(report), report.events) == ({"revised": 1}, 1)
    line = post(importer.service)
    assert line.place == Place(country="VN", city="Hanoi", latitude=21.03, longitude=105.83)
    assert line.moves == ()


def test_what_people_decided_since_is_not_undone_by_the_same_file(importer: Importer) -> None:
    closing = {"status": "closure decided 2026-04-16"}
    importer.post(**closing)
    asked = (
        WithdrawClosing(by="hub", effective=TODAY, post=HANOI, reason="kept after all"),
        StopSharing(by="hub", effective=TODAY, post=HANOI, beneficiary="awex", reason="own post"),
        RevisePost(
            by="hub", effective=TODAY, post=HANOI, changes=PostChanges(function="attach\u00e9")
        ),
    )
    for command in asked:
        importer.service.ask(command)
    before = post(importer.service)
    assert (before.state, before.shared_with, before.function) == (
        PostState.OPEN,
        (),
        "attach\u00e9",
    )
    assert importer.post(**closing).events == 0
    assert post(importer.service) == before


def test_who_was_taken_off_by_a_file_can_be_added_by_the_next(importer: Importer) -> None:
    for shared, expected in (("awex", ("awex",)), ("", ()), ("awex", ("awex",))):
        importer.post(available_to=shared)
        assert post(importer.service).shared_with == expected


def test_a_post_that_was_only_announced_opens_and_closes_as_later_files_say(
    importer: Importer,
) -> None:
    def stands(**cells: str) -> PostLine:
        importer.post(**cells)
        return post(importer.service)

    assert stands(status="announced for 2026", year="2025").state is PostState.ANNOUNCED
    assert stands(status="opened 2026-05-01", year="2026").state is PostState.OPEN
    assert stands(status="vacant 2026", year="2026").state is PostState.VACANT
    closed = stands(status="closed 2026-06-01", year="2026")
    assert closed.closed is not None
    assert [(one.country, one.to, one.beneficiaries) for one in closed.closed.successions] == [
        ("VN", None, ("hub", "awex"))
    ]
    assert stands(status="open 2026", year="2026").state is PostState.CLOSED
