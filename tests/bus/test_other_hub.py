"""The leaf itself keeps out what its list denies: no hub need agree to it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from nats.aio.msg import Msg

from coordination.bus.subjects import ledger_stream
from tests.bus.forbidden.operation import stream
from tests.bus.forbidden.other_hub import OtherHub
from tests.bus.forbidden.scene import ask
from tests.servers.nats import NEWEST, OLDEST, PINNED
from tests.servers.sovereign import Sovereign

EVENT = "ev.awex.shared.mission.planned"
DENIED = [
    EVENT,
    "ev.fit.shared.mission.planned",
    "cmd.awex.fit.mission.plan",
    "cmd.fit.fit.mission.plan",
    "answer.fit.some-command",
    "node.fit.replay",
    "_INBOX_client.x",
    "_INBOX_node.x",
    "$SRV.PING",
    f"$JS.API.STREAM.DELETE.{ledger_stream('awex')}",
    f"$JS.fit.API.STREAM.DELETE.{ledger_stream('awex')}",
    f"$JS.fit.API.STREAM.PURGE.{ledger_stream('awex')}",
]
ALLOWED = ["cmd.fit.awex.mission.plan", "ledger.fit.awex"]


HEARD = {
    "node": [
        "cmd.fit.>",
        "cmd.awex.fit.>",
        "ledger.fit.>",
        "node.fit.>",
        "_INBOX_node.>",
        "$SRV.>",
    ],
    "client": ["answer.fit.>", "_INBOX_client.>"],
}


@pytest.mark.parametrize("version", [PINNED, NEWEST])
async def test_a_hub_with_another_program_sends_a_leaf_no_more(
    tmp_path: Path, version: str
) -> None:
    assert await what_comes(tmp_path, version) == ALLOWED


async def test_an_old_leaf_leaves_its_list_to_the_hub(tmp_path: Path) -> None:
    """Why deploy/OPERATING.md names a version for leaves."""
    assert set(await what_comes(tmp_path, OLDEST)) > set(ALLOWED)


async def what_comes(tmp_path: Path, version: str) -> list[str]:
    """Of all that such a hub sends: the subjects that programs hear, and what JetStream did."""
    sovereign = Sovereign(tmp_path, version=version)
    hub = OtherHub(sovereign.folder, sovereign.link_ports[0], "fit")
    leaf, came = sovereign.leaves["fit"], list[str]()

    async def hear(message: Msg) -> None:
        came.append(message.subject)

    async with hub.serving():
        await asyncio.to_thread(leaf.start)
        programs = [await sovereign.connect("fit", user) for user in HEARD]
        node = programs[0]
        try:
            await asyncio.wait_for(hub.linked.wait(), 10)
            held = stream(ledger_stream("awex"), subjects=["ev.*.shared.>"])
            await ask(node, f"$JS.API.STREAM.CREATE.{ledger_stream('awex')}", held)
            await ask(node, EVENT, b"{}")
            for program, subjects in zip(programs, HEARD.values(), strict=True):
                for subject in subjects:
                    await program.subscribe(subject, cb=hear)
                await program.flush()
            for subject in (*DENIED, *ALLOWED):
                await hub.send(subject, b"{}")
            await asyncio.wait_for(_until(lambda: set(came) >= set(ALLOWED)), 10)
            await asyncio.sleep(0.1)
            outside = {one.split(".")[0] for one in hub.told} - {"$LDS"}
            assert outside <= {"cmd", "ledger", "_INBOX_link"}
            answer = await node.request(f"$JS.API.STREAM.INFO.{ledger_stream('awex')}", timeout=5)
            kept = json.loads(answer.data).get("state", {}).get("last_seq")
            return came if kept == 1 else [*came, f"JetStream: {kept}"]
        finally:
            for program in programs:
                await program.close()
            leaf.kill()


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.01)
