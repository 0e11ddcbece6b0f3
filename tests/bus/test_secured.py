"""The whole of it with the keys and configuration that are deployed: nkeys and mutual TLS."""

from pathlib import Path

from coordination.bus.connection import connect
from coordination.bus.setup import setup
from coordination.bus.stream import Copy, Shape
from schemas.answer import AnswerDone, AnswerMalformed
from schemas.vocabulary import THREE
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import OneNode, alike, settings_of, three_nodes, until
from tests.servers.sovereign import running


async def test_the_streams_are_made_before_any_node_runs(tmp_path: Path) -> None:
    with running(tmp_path) as sovereign:
        made = await setup(settings_of(sovereign, "fit"), "fit", THREE, Shape())
        assert [(one.copy.name, one.copy.on_the_hub, one.messages) for one in made] == [
            ("LEDGER_FIT", True, 0),
            ("LEDGER_HUB", False, 0),
            ("LEDGER_AWEX", False, 0),
            ("LEDGER_FIT", False, 0),
        ]


async def test_three_nodes_need_nothing_that_their_servers_refuse(tmp_path: Path) -> None:
    with running(tmp_path) as sovereign:
        async with three_nodes(sovereign, tmp_path) as three:
            for agency, one in three.items():
                answer = await one.ask(agency, "mission.publish", mission(agency, "tokyo"))
                assert isinstance(answer, AnswerDone)
            asked = {"mission": "mission-awex-2027-tokyo"}
            answer = await three["fit"].ask("awex", "mission.request-co-organisation", asked)
            assert isinstance(answer, AnswerDone)
            refused = await three["fit"].ask("awex", "mission.publish", b"{")
            assert isinstance(refused, AnswerMalformed)
            ledgers = await alike(three)
            sizes = {agency: len(events) for agency, events in ledgers.items()}
            assert sizes == {"hub": 1, "awex": 2, "fit": 1}
            for agency in THREE:
                await until(lambda: copied(three[agency]) == sizes)  # noqa: B023
            assert [one.node.refusals for one in three.values()] == [0, 0, 0]


def copied(one: OneNode) -> dict[str, int | None]:
    """How far the agency's own server has each ledger."""
    assert one.node.present is not None
    return {ledger: relay.seq for ledger, relay in one.node.present.local.items()}


async def test_who_forgets_to_say_three_copies_leaves_three(tmp_path: Path) -> None:
    with running(tmp_path, hubs=3) as sovereign:
        settings = settings_of(sovereign, "fit")
        await setup(settings, "fit", THREE, Shape(replicas=3))
        await setup(settings, "fit", THREE, Shape())
        client = await connect(settings, "node", inbox="link")
        copy = Copy("fit", True, Shape())
        assert (await copy.api(client).stream_info(copy.name)).config.num_replicas == 3
        await client.close()


async def test_a_cluster_of_three_is_a_hub_too(tmp_path: Path) -> None:
    with running(tmp_path, hubs=3) as sovereign:
        async with three_nodes(sovereign, tmp_path, Shape(replicas=3)) as three:
            for agency, one in three.items():
                await one.ask(agency, "mission.publish", mission(agency, "tokyo"))
            ledgers = await alike(three, 60)
            assert {agency: len(events) for agency, events in ledgers.items()} == dict.fromkeys(
                THREE, 1
            )
            assert [one.node.refusals for one in three.values()] == [0, 0, 0]
