"""Three sovereign nodes and one common record (DESIGN §1.7–1.9)."""

import asyncio
from pathlib import Path

import msgspec

from coordination.bus.health import is_well
from coordination.bus.node import Node
from coordination.mailroom.asked import State, read_answer
from schemas.answer import AnswerDone, AnswerNothingToDo, AnswerRejected, AnswerWaiting
from schemas.asking import AskPlan
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import Three, alike, one_node, three_nodes, until
from tests.servers.federation import Federation
from tests.servers.link import Way

REQUEST = "mission.request-co-organisation"


async def test_what_one_agency_publishes_all_three_have_byte_for_byte(three: Three) -> None:
    for agency, one in three.items():
        answer = await one.ask(agency, "mission.publish", mission(agency, "tokyo"))
        assert isinstance(answer, AnswerDone)
    ledgers = await alike(three)
    assert {agency: len(events) for agency, events in ledgers.items()} == {
        "hub": 1,
        "awex": 1,
        "fit": 1,
    }


async def test_an_answer_has_the_very_bytes_that_are_recorded(three: Three) -> None:
    answer = await three["fit"].ask("fit", "mission.publish", mission("fit", "tokyo"))
    assert isinstance(answer, AnswerDone)
    assert [bytes(raw) for raw in answer.events] == three["fit"].ledgers()["fit"]


async def test_what_one_asks_of_another_is_decided_by_that_one(three: Three) -> None:
    await three["awex"].ask("awex", "mission.publish", mission("awex", "hanoi"))
    asked = {"mission": "mission-awex-2027-hanoi"}
    answer = await three["fit"].ask("awex", REQUEST, asked, command_id="fit-1", role="coordinator")
    assert isinstance(answer, AnswerDone)
    [event] = answer.happened()
    assert (event.type, event.ledger, event.seq) == ("mission.co-organisation-requested", "awex", 2)
    accepted = await three["awex"].ask(
        "awex", "mission.accept-co-organisation", {**asked, "partner": "fit"}
    )
    assert isinstance(accepted, AnswerDone)
    await alike(three)
    plans = [msgspec.json.encode(one.service.answer(AskPlan(year=2027))) for one in three.values()]
    assert plans[0] == plans[1] == plans[2]
    assert b"bi-regional" in plans[0]


async def test_it_is_so_already_and_it_may_not_be_are_answers_too(three: Three) -> None:
    await three["awex"].ask("awex", "mission.publish", mission("awex", "hanoi"))
    asked = {"mission": "mission-awex-2027-hanoi"}
    await three["fit"].ask("awex", REQUEST, asked)
    again = await three["fit"].ask("awex", REQUEST, asked, command_id="again")
    assert again == AnswerNothingToDo(id="again")
    unknown = await three["fit"].ask("awex", REQUEST, {"mission": "mission-awex-2027-x"})
    assert isinstance(unknown, AnswerRejected)
    assert (unknown.reason, unknown.parameters) == (
        "mission.unknown",
        {"mission": "mission-awex-2027-x"},
    )
    assert unknown.text.fr == "La mission mission-awex-2027-x n'existe pas."


async def test_who_is_cut_off_goes_on_with_what_is_its_own(
    three: Three, federation: Federation
) -> None:
    await three["awex"].ask("awex", "mission.publish", mission("awex", "hanoi"))
    await alike(three)
    told: list[bytes] = []

    async def hear(message: object) -> None:
        told.append(getattr(message, "data", b""))

    fit = three["fit"]
    await fit.client.subscribe("answer.fit.>", cb=hear)
    federation.links["fit"].cut()
    await until(lambda: not federation.linked("fit"))
    assert isinstance(await fit.ask("fit", "mission.publish", mission("fit", "tokyo")), AnswerDone)
    asked = {"mission": "mission-awex-2027-hanoi"}
    waits = await fit.ask("awex", REQUEST, asked, command_id="later")
    assert isinstance(waits, AnswerWaiting)
    assert [one.state for one in fit.mailroom.all()] == [State.WAITING]
    assert isinstance(
        await three["hub"].ask("hub", "mission.publish", mission("hub", "rome")), AnswerDone
    )

    federation.links["fit"].heal()
    await until(lambda: [one.state for one in fit.mailroom.all()] == [State.DONE])
    await alike(three)
    await until(lambda: bool(told))
    answer = read_answer(told[0])
    assert isinstance(answer, AnswerDone)
    assert answer.id == "later"


async def test_a_line_that_carries_one_way_only_is_no_line(
    three: Three, federation: Federation
) -> None:
    for way in Way:
        federation.links["awex"].hold(way)
        await three["awex"].ask("awex", "mission.publish", mission("awex", f"held-{way}"))
        await three["fit"].ask("fit", "mission.publish", mission("fit", f"held-{way}"))
        await asyncio.sleep(0.5)
        federation.links["awex"].heal()
        await alike(three, 60)


async def test_a_node_that_was_ended_goes_on_where_it_was(
    federation: Federation, tmp_path: Path
) -> None:
    async with three_nodes(federation, tmp_path) as three:
        for agency, one in three.items():
            await one.ask(agency, "mission.publish", mission(agency, "tokyo"))
        before = await alike(three)
    async with three_nodes(federation, tmp_path) as three:
        assert await alike(three) == before
        await three["hub"].ask("hub", "mission.publish", mission("hub", "oslo"))
        assert len((await alike(three))["hub"]) == 2


async def test_a_store_from_an_older_backup_gets_its_own_events_back_first(
    federation: Federation, tmp_path: Path
) -> None:
    (tmp_path / "older").mkdir()
    async with three_nodes(federation, tmp_path) as three:
        for name in ("tokyo", "osaka", "kobe"):
            await three["fit"].ask("fit", "mission.publish", mission("fit", name))
        before = await alike(three)
    async with one_node(federation, "fit", tmp_path / "older") as restored:
        answer = await restored.ask("fit", "mission.publish", mission("fit", "nara"))
        assert isinstance(answer, AnswerDone)
        own = restored.ledgers()["fit"]
        assert own[:3] == before["fit"]
        assert len(own) == 4


async def test_its_health_says_how_far_each_ledger_is(three: Three) -> None:
    await three["awex"].ask("awex", "mission.publish", mission("awex", "hanoi"))
    await alike(three)
    node: Node = three["fit"].node
    assert node.present is not None
    await until(lambda: node.present is not None and node.present.local["awex"].seq == 1)
    health = await node.present.services.health()
    assert health.linked
    assert is_well(health)
    assert [
        (one.ledger, one.head, one.common, one.behind, one.local) for one in health.ledgers
    ] == [
        ("fit", 0, 0, 0, 0),
        ("hub", 0, 0, 0, 0),
        ("awex", 1, 1, 0, 1),
    ]
    assert [(one.name, one.sync_always) for one in health.servers] == [
        ("leaf-fit", True),
        ("nats-hub", True),
    ]
