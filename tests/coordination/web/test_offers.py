"""What somebody is offered is never refused, and who may decide nothing is offered nothing."""

from typing import Any

import pytest

from coordination.access import Role
from coordination.conversion import fields_of
from coordination.store.answers import Refused
from coordination.web import blanks, offers
from coordination.web.accounts import Person
from coordination.web.form import KINDS, read_form
from coordination.web.offers import Offer
from coordination.web.visit import Visit
from coordination.wording import Reader
from projections.mission_line import MissionLine
from projections.read_model import Moment
from schemas.examples import COMMANDS, EVENTS
from schemas.examples.mission import ACCEPTED
from schemas.message import name
from schemas.vocabulary import AWEX, HUB, THREE, Agency
from tests.coordination.web.site import Site

EXAMPLES = {name(command): blanks.plain(command) for command in COMMANDS}
# What a form asks beyond what is offered with it; the others are filled in by the examples.
ENOUGH = ("by", "effective", "changes")


def visit(site: Site, agency: Agency, role: Role = Role.COORDINATOR, **query: str) -> Visit:
    return Visit(
        reader=Reader("en"),
        service=site.service,
        path="",
        query=query,
        today=site.service.today(),
        person=Person(1, "somebody", agency, (role,)),
        csrf="",
    )


def lines(site: Site) -> list[MissionLine]:
    moment = Moment(as_of=site.service.today())
    return [*site.service.questions.missions(moment).lines.values()]


@pytest.mark.parametrize("agency", THREE)
def test_what_is_offered_is_not_refused(pages: Site, agency: Agency) -> None:
    """The forms are filled in as the examples of the language have it, and looked at."""
    reader = visit(pages, agency)
    asked = []
    for line in lines(pages):
        for offer in offers.of_mission(line, reader):
            kind = KINDS[offer.command]
            query = {key: _listed(value) for key, value in offer.given.items()}
            given = blanks.filled_by(kind, query)
            for field in fields_of(kind):
                if field.required and field.name not in (*ENOUGH, "period"):
                    given = {**_example(kind, field.name), **given}
            given["period"] = given.get("period", ["2030"] if "period" not in str(given) else [])
            command, mistakes = read_form(kind, given, reader, {})
            if offer.command == "mission.revise":
                continue  # nothing has changed yet
            assert (offer.command, mistakes) == (offer.command, [])
            assert command is not None
            asked.append(command)
    refused = [
        (command, answer)
        for command in asked
        for answer in pages.service.ask_together([(command, None)], keep=False)
        if isinstance(answer, Refused)
    ]
    assert refused == []
    assert len({type(command) for command in asked}) >= 8


def _listed(value: Any) -> list[str]:
    return [*map(str, value)] if isinstance(value, list | tuple) else [str(value)]


def _example(kind: Any, field: str) -> dict[str, list[str]]:
    plain = EXAMPLES[str(kind.__struct_config__.tag)]
    return blanks.spread(kind, {field: plain[field]})


def test_nothing_is_offered_to_who_only_reads_or_looks_at_another_day(pages: Site) -> None:
    [line] = [one for one in lines(pages) if one.mission == "mission-awex-2027-hanoi"]
    looking = visit(pages, "awex", Role.COORDINATOR, **{"as-of": "2026-10-01"})
    assert offers.of_mission(line, visit(pages, "awex", Role.READER)) == []
    assert offers.of_mission(line, looking) == []
    assert offers.only_reads(visit(pages, "awex", Role.READER), "mission") == (
        "Your role (reader) reads and does not decide;"
        " those who do: regional coordinator, chief executive."
    )


@pytest.mark.parametrize("event", EVENTS, ids=name)
def test_what_corrects_an_event_is_about_the_same(event: Any) -> None:
    stream = getattr(event, name(event).partition(".")[0])
    offer = offers.undoing(event, getattr(event, "agency", HUB))
    if offer is not None:
        assert stream in offer.given.values()
        assert set(offer.given) <= set(KINDS[offer.command].__struct_fields__)


def test_only_who_joined_may_leave() -> None:
    leaving = Offer("mission.withdraw-co-organisation", {"mission": ACCEPTED.mission})
    assert [offers.undoing(ACCEPTED, agency) for agency in (HUB, AWEX)] == [leaving, None]
