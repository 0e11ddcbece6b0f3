"""What a person on duty must know of the servers and of the node."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from msgspec.structs import replace

from coordination.bus import health
from coordination.bus.health import faults_of, is_well, look, looked_at
from coordination.bus.refusal import BusRefused
from schemas.health import Health, LedgerHealth, ServerHealth
from tests.coordination.bus.nodes import settings_of
from tests.servers.federation import Federation
from tests.servers.nats import REFUSED, Server, free_ports

GOOD = ServerHealth(
    monitor="http://here", name="hub", version="2.14.6", version_is_safe=True, sync_always=True
)
LEDGER = LedgerHealth(ledger="awex", head=3, common=3, behind=0, local=3)
WELL = Health(
    agency="awex",
    linked=True,
    server="2.14.6",
    refusals=0,
    ledgers=(LEDGER,),
    servers=(GOOD,),
    waiting=0,
    kept=0,
    evidence=0,
)


@pytest.mark.parametrize(
    "changes, faults",
    [
        ({}, []),
        ({"sync_always": False}, ["bus.server-loses-on-power-cut"]),
        ({"version_is_safe": False}, ["bus.server-unsafe"]),
        (
            {"sync_always": False, "version_is_safe": False},
            ["bus.server-loses-on-power-cut", "bus.server-unsafe"],
        ),
        ({"sync_always": None, "version_is_safe": None}, ["bus.server-not-seen"]),
    ],
)
def test_what_is_wrong_with_a_server_is_named(
    changes: dict[str, bool | None], faults: list[str]
) -> None:
    server = replace(GOOD, **changes)
    assert faults_of(server) == faults
    assert is_well(replace(WELL, servers=(GOOD, server))) == (not faults)


@pytest.mark.parametrize(
    "changes, well",
    [
        ({"linked": False}, True),  # cut off is a state a node works in
        ({"waiting": 7}, True),
        ({"ledgers": (replace(LEDGER, behind=9, trouble="unreachable"),)}, True),
        ({"ledgers": (LEDGER, replace(LEDGER, forked=True))}, False),
        ({"kept": 1}, False),
        ({"evidence": 1}, False),
        ({"refusals": 1}, False),
    ],
)
def test_a_node_is_well_where_nobody_has_to_do_anything(
    changes: dict[str, object], well: bool
) -> None:
    assert is_well(replace(WELL, **changes)) is well


async def test_each_server_is_looked_at_those_that_are_down_too(federation: Federation) -> None:
    hub, leaf = federation.hubs[0], federation.leaves["fit"]
    [down] = free_ports(1)
    nowhere = f"http://127.0.0.1:{down}"
    seen = await looked_at((hub.monitor_url, nowhere, f"{leaf.monitor_url}/"))
    assert seen == (
        replace(GOOD, monitor=hub.monitor_url, name="nats-hub"),
        ServerHealth(monitor=nowhere),
        replace(GOOD, monitor=f"{leaf.monitor_url}/", name="leaf-fit"),
    )


def test_an_old_server_that_would_lose_something_is_seen(tmp_path: Path) -> None:
    port, monitor = free_ports(2)
    config = f'port: {port}\nhttp: "127.0.0.1:{monitor}"\njetstream {{ store_dir: $STORE }}'
    with Server("old", tmp_path, config, monitor, version=REFUSED[0]) as old:
        assert isinstance(old, Server)
        seen = look(old.monitor_url)
    assert faults_of(seen) == ["bus.server-loses-on-power-cut", "bus.server-unsafe"]


@contextmanager
def page(content: bytes) -> Iterator[str]:
    """A monitor that shows this."""

    class Shows(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Shows) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b"1", b'{"version": 2}', b'{"version": "2.14.6", "jetstream": []}'],
)
def test_a_page_that_is_none_of_a_server_shows_nothing(content: bytes) -> None:
    with page(content) as monitor:
        assert look(monitor) == ServerHealth(monitor=monitor)


@pytest.mark.parametrize("monitor", ["", "nonsense", "http://[", "nats://127.0.0.1:1", "http://é"])
def test_a_monitor_that_is_no_address_shows_nothing(monitor: str) -> None:
    assert look(monitor) == ServerHealth(monitor=monitor)


async def test_a_node_that_does_not_run_is_named(federation: Federation) -> None:
    with pytest.raises(BusRefused) as refused:
        await health.asked(settings_of(federation, "fit"), "fit")
    assert (refused.value.key, refused.value.parameters) == ("bus.no-node", {"agency": "fit"})
