"""The servers start from the very files of deploy/nats, with keys that the command made."""

import json
from pathlib import Path

import pytest
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from tests.servers.nats import NEWEST, OLDEST, PINNED
from tests.servers.sovereign import Sovereign, running

PLANNED = "ev.awex.shared.mission.planned"


@pytest.mark.parametrize("version", [OLDEST, PINNED, NEWEST])
async def test_an_event_of_one_agency_is_read_by_another(tmp_path: Path, version: str) -> None:
    with running(tmp_path, version=version) as sovereign:
        assert await read_by_fit(sovereign, replicas=1) == [(PLANNED, b"{}")]
        assert powers(sovereign) == [True] * 4


async def test_a_cluster_keeps_the_event_three_times(tmp_path: Path) -> None:
    with running(tmp_path, hubs=3) as sovereign:
        assert await read_by_fit(sovereign, replicas=3) == [(PLANNED, b"{}")]
        assert powers(sovereign) == [True] * 6


async def read_by_fit(sovereign: Sovereign, replicas: int) -> list[tuple[str, bytes]]:
    """What FIT's node reads after AWEX's node has made its stream on the hub and published."""
    awex = await sovereign.connect("awex", "node")
    fit = await sovereign.connect("fit", "node")
    try:
        stream = StreamConfig("LEDGER_AWEX", subjects=["ev.awex.shared.>"], num_replicas=replicas)
        await awex.jetstream(domain="common", timeout=15).add_stream(stream)
        kept = await awex.request(f"link.{PLANNED}", b"{}", timeout=15)
        assert json.loads(kept.data) == {"stream": "LEDGER_AWEX", "domain": "common", "seq": 1}
        ledger = fit.jetstream(prefix="link.js.awex", timeout=15)
        await ledger.add_consumer("LEDGER_AWEX", ConsumerConfig("fit", ack_policy=AckPolicy.NONE))
        inbox = await fit.subscribe(fit.new_inbox())
        asked = json.dumps({"batch": 1, "expires": 5 * 10**9}).encode()
        await fit.publish("link.js.awex.CONSUMER.MSG.NEXT.LEDGER_AWEX.fit", asked, inbox.subject)
        message = await inbox.next_msg(10)
        return [(message.subject, message.data)]
    finally:
        await awex.close()
        await fit.close()


def powers(sovereign: Sovereign) -> list[bool]:
    """Whether each server has events on its disk before it acknowledges them."""
    servers = [*sovereign.hubs, *sovereign.leaves.values()]
    return [server.shown("varz")["jetstream"]["config"]["sync_always"] for server in servers]
