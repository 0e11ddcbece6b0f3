"""Deciding on what is asked: once for each identifier, and only for whom it is asked."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from nats.aio.client import Client

from coordination.bus import seal
from coordination.bus.desk import Clerk, NotDecided
from coordination.bus.inbox import Inbox
from coordination.conversion import read
from coordination.mailroom.asked import read_answer
from coordination.mailroom.kept import CameBy, Door
from schemas.answer import AnswerDone, AnswerMalformed, AnswerNothingToDo, AnswerRejected
from schemas.mission import PublishMission
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import new_id, now
from tests.coordination.bus.offices import Office, Offices, keys, office

PUBLISH, CANCEL = "mission.publish", "mission.cancel"
REQUEST = "mission.request-co-organisation"
HANOI = {"mission": "mission-awex-2027-hanoi"}


def inbox(of: Office) -> Inbox:
    clerk = Clerk(of.agency, of.service.known, of.mailroom, now, new_id)
    return Inbox(Client(), clerk, of.service, of.sealer, of.seals)


async def answered(
    at: Inbox, tag: str, command: Mapping[str, Any], asker: str = "awex", **headers: str
) -> bytes:
    raw = msgspec.json.encode(command)
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return await at.answered(f"cmd.awex.{asker}.{tag}", named, raw)


def sealed(of: Office, tag: str, command_id: str, command: Mapping[str, Any]) -> dict[str, str]:
    said = seal.of_command("awex", of.agency, tag, command_id, msgspec.json.encode(command))
    return {"command_id": command_id, "command_seal": of.sealer.seal(said)}


async def test_who_asks_again_is_answered_the_same(offices: Offices) -> None:
    at = inbox(offices["awex"])
    first = await answered(at, PUBLISH, mission("awex", "hanoi"), command_id="crm-1")
    assert isinstance(read_answer(first), AnswerDone)
    assert await answered(at, PUBLISH, mission("awex", "hanoi"), command_id="crm-1") == first
    assert len(offices["awex"].raw()) == 1


async def test_an_answer_that_recorded_nothing_stays_the_same_too(offices: Offices) -> None:
    at = inbox(offices["awex"])
    refused = await answered(at, CANCEL, {**HANOI, "reason": "no budget"}, command_id="crm-1")
    assert isinstance(read_answer(refused), AnswerRejected)
    await answered(at, PUBLISH, mission("awex", "hanoi"))
    again = await answered(at, CANCEL, {**HANOI, "reason": "no budget"}, command_id="crm-1")
    assert again == refused
    assert len(offices["awex"].raw()) == 1


async def test_without_an_identifier_it_is_decided_again(offices: Offices) -> None:
    at = inbox(offices["awex"])
    await answered(at, PUBLISH, mission("awex", "hanoi"))
    again = read_answer(await answered(at, PUBLISH, mission("awex", "hanoi")))
    assert not isinstance(again, AnswerDone)
    assert len(offices["awex"].raw()) == 1


@pytest.mark.parametrize(
    "tag, command, headers",
    [
        (PUBLISH, mission("awex", "tokyo"), {}),
        (PUBLISH, mission("awex", "hanoi", title={"en": "Another"}), {}),
        (PUBLISH, mission("awex", "hanoi"), {"role": "coordinator"}),
        (PUBLISH, mission("awex", "hanoi"), {"meeting": "meeting-2026-june"}),
    ],
)
async def test_an_identifier_is_good_for_one_command(
    offices: Offices, tag: str, command: dict[str, Any], headers: dict[str, str]
) -> None:
    awex = offices["awex"]
    at = inbox(awex)
    await answered(at, PUBLISH, mission("awex", "hanoi"), command_id="crm-1")
    answer = read_answer(await answered(at, tag, command, command_id="crm-1", **headers))
    assert isinstance(answer, AnswerMalformed)
    assert [one.expected for one in answer.problems] == ["message.id-taken"]
    assert len(awex.raw()) == 1
    [kept] = awex.mailroom.kept()
    assert (kept.reason, kept.came_by) == ("message.id-taken", CameBy(Door.CLIENT, "awex"))


async def test_the_same_words_for_another_command_are_another_command(offices: Offices) -> None:
    """What is asked stands in the subject: `{"mission": …}` alone can be many things."""
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi")
    at = inbox(awex)
    first = await answered(at, REQUEST, HANOI, "fit", **sealed(fit, REQUEST, "1", HANOI))
    assert isinstance(read_answer(first), AnswerDone)
    other = "mission.withdraw-co-organisation"
    second = await answered(at, other, HANOI, "fit", **sealed(fit, other, "1", HANOI))
    assert isinstance(read_answer(second), AnswerMalformed)
    assert len(awex.raw()) == 2


async def test_two_agencies_may_use_the_same_identifier(offices: Offices) -> None:
    awex = offices["awex"]
    awex.publish("hanoi")
    at = inbox(awex)
    for asker in ("fit", "hub"):
        beside = sealed(offices[asker], REQUEST, "1", HANOI)
        answer = read_answer(await answered(at, REQUEST, HANOI, asker, **beside))
        assert isinstance(answer, AnswerDone)
    assert len(awex.raw()) == 3


async def test_what_was_decided_before_a_kill_is_answered_after_it(offices: Offices) -> None:
    """Between the commit and the note of the answer: the events themselves say it."""
    awex = offices["awex"]
    wanted = {**mission("awex", "hanoi"), "by": "awex", "effective": "2026-09-24"}
    command = read(PublishMission, wanted, awex.service.known)
    await asyncio.wrap_future(awex.service.ask_for("awex", command, command_id="crm-1"))
    assert awex.mailroom.answered("awex", "crm-1") is None
    answer = await answered(inbox(awex), PUBLISH, mission("awex", "hanoi"), command_id="crm-1")
    done = read_answer(answer)
    assert isinstance(done, AnswerDone)
    assert [bytes(raw) for raw in done.events] == awex.raw()
    noted = awex.mailroom.answered("awex", "crm-1")
    assert noted is not None
    assert noted[1] == answer


async def test_what_comes_twice_at_once_is_decided_once(offices: Offices) -> None:
    at = inbox(offices["awex"])
    asked = [answered(at, PUBLISH, mission("awex", "hanoi"), command_id="crm-1") for _ in range(20)]
    assert len(set(await asyncio.gather(*asked))) == 1
    assert len(offices["awex"].raw()) == 1
    assert len(at._deciding) == 0


async def test_what_the_hub_made_up_is_not_decided(offices: Offices) -> None:
    awex = offices["awex"]
    awex.publish("hanoi")
    by_hub = sealed(offices["hub"], REQUEST, "1", HANOI)
    of_another = sealed(offices["fit"], REQUEST, "2", HANOI) | {"command_id": "1"}
    for beside in (by_hub, of_another, {"command_id": "1"}, {}):
        with pytest.raises(NotDecided):
            await answered(inbox(awex), REQUEST, HANOI, "fit", **beside)
    assert len(awex.raw()) == 1
    [kept] = awex.mailroom.kept()
    assert (kept.reason, kept.count) == ("message.false-seal-of-command", 4)
    assert kept.came_by == CameBy(Door.LINK, "fit")


async def test_a_command_is_decided_once_its_key_is_trusted(tmp_path: Path) -> None:
    old, new = keys(), keys()
    with office("fit", tmp_path / "fit", new) as fit:
        beside = sealed(fit, REQUEST, "1", HANOI)
    with office("awex", tmp_path / "awex", old) as awex:
        awex.publish("hanoi")
        with pytest.raises(NotDecided):
            await answered(inbox(awex), REQUEST, HANOI, "fit", **beside)
    with office("awex", tmp_path / "awex", {**old, "fit": new["fit"]}) as awex:
        for _ in range(2):
            answer = await answered(inbox(awex), REQUEST, HANOI, "fit", **beside)
            assert isinstance(read_answer(answer), AnswerDone)
        assert len(awex.raw()) == 2


async def test_it_is_so_already(offices: Offices) -> None:
    awex, fit = offices["awex"], offices["fit"]
    awex.publish("hanoi")
    at = inbox(awex)
    await answered(at, REQUEST, HANOI, "fit", **sealed(fit, REQUEST, "1", HANOI))
    again = await answered(at, REQUEST, HANOI, "fit", **sealed(fit, REQUEST, "2", HANOI))
    assert read_answer(again) == AnswerNothingToDo(id="2")


async def test_an_answer_to_a_malformed_command_names_only_an_identifier_that_is_one(
    offices: Offices,
) -> None:
    at = inbox(offices["awex"])
    for given, named in (("crm-1", "crm-1"), ("crm 1", None)):
        answer = read_answer(await answered(at, PUBLISH, {}, command_id=given))
        assert isinstance(answer, AnswerMalformed)
        assert answer.id == named
