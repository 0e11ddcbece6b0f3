"""The oldest and the newest servers that are allowed, and those that are refused."""

from pathlib import Path
from time import monotonic, sleep

import pytest

from schemas.vocabulary import AWEX
from tests.faults.federation import three
from tests.faults.federation.judge import Verdict
from tests.faults.federation.schedules import Fault, Trouble
from tests.servers import federation as servers
from tests.servers.nats import NEWEST, OLDEST, REFUSED
from tests.servers.node import Node

ENDING = 20.0  # seconds for a node to start and to end
TROUBLES = (
    Trouble(Fault.FLAPPING, AWEX, 0.2, 1.2),
    Trouble(Fault.HUB_KILLED, None, 0.5, 0.9),
    Trouble(Fault.NODE_KILLED, AWEX, 0.8, 1.0),
)


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_nodes_come_together_on_other_servers(tmp_path: Path, version: str) -> None:
    with three.running(tmp_path, version=version) as nodes:
        for seed in range(3):
            found = nodes.round(seed, TROUBLES)
            assert (found.verdict, found.abandoned) == (Verdict(), ())
        assert nodes.verdict() == Verdict()


@pytest.mark.parametrize("version", REFUSED)
def test_a_node_does_not_start_on_a_server_that_is_not_safe(tmp_path: Path, version: str) -> None:
    """CVE-2025-30215: one account could remove the streams of another."""
    with servers.running(tmp_path, version=version) as federation:
        with Node(federation, AWEX) as node:
            end = monotonic() + ENDING
            while node.running and monotonic() < end:
                sleep(0.05)
            assert node.returncode == 3
        assert node.log_end() == (
            f"nats-server {version} is refused: before 2.10.27, and in 2.11.0, one agency could "
            "delete what another published (CVE-2025-30215). Update the server.\n"
        )
