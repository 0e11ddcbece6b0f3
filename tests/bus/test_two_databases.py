"""A node may keep its events in either database: the record is the same."""

from contextlib import AsyncExitStack
from pathlib import Path

from schemas.answer import AnswerDone
from schemas.vocabulary import THREE
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import alike, one_node
from tests.servers.federation import running
from tests.servers.postgres import Server


async def test_a_node_on_postgresql_has_the_same_record(postgres: Server, tmp_path: Path) -> None:
    with running(tmp_path) as federation:
        async with AsyncExitStack() as stack:
            three = {
                agency: await stack.enter_async_context(
                    one_node(
                        federation,
                        agency,
                        tmp_path,
                        environ=postgres.environ() if agency == "awex" else None,
                    )
                )
                for agency in THREE
            }
            for agency, one in three.items():
                answer = await one.ask(agency, "mission.publish", mission(agency, "tokyo"))
                assert isinstance(answer, AnswerDone)
            asked = {"mission": "mission-awex-2027-tokyo"}
            for agency in ("hub", "fit"):
                answer = await three[agency].ask("awex", "mission.request-co-organisation", asked)
                assert isinstance(answer, AnswerDone)
            ledgers = await alike(three)
            assert {agency: len(events) for agency, events in ledgers.items()} == {
                "hub": 1,
                "awex": 3,
                "fit": 1,
            }
