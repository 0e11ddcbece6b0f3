"""A hub, and a leaf for each agency behind a link of its own, on loopback, without TLS."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from schemas.vocabulary import THREE, Agency
from tests.servers.link import Link
from tests.servers.nats import PINNED, Server, free_ports
from tests.servers.plain import cluster_block, hub_config, leaf_config, made

WAITING = 30.0  # seconds; a leaf calls the hub again after one


class Federation:
    """
    `hubs` is one server, or three that keep each stream three times; `leaves`, `links` and
    `credentials` are by agency. Each server keeps its name, ports and store when it starts again.
    """

    def __init__(
        self, folder: Path, agencies: Sequence[Agency], hubs: int, version: str = PINNED
    ) -> None:
        self.folder, self.agencies = folder, tuple(agencies)
        self.credentials = made(folder, agencies)
        clients, monitors, leafs, routes = (free_ports(hubs) for _ in range(4))
        names = ["nats-hub"] if hubs == 1 else [f"nats-hub-{n}" for n in range(1, hubs + 1)]
        self.hubs = [
            Server(
                name,
                folder,
                hub_config(name, clients[at], monitors[at], leafs[at], self.credentials)
                + (cluster_block(routes[at], routes) if hubs > 1 else ""),
                monitors[at],
                version=version,
            )
            for at, name in enumerate(names)
        ]
        self._client_ports: dict[Agency, int] = {}
        self.links: dict[Agency, Link] = {}
        self.leaves: dict[Agency, Server] = {}
        for agency in agencies:
            port, monitor = free_ports(2)
            self._client_ports[agency] = port
            self.links[agency] = Link(free_ports(hubs), leafs)
            config = leaf_config(self.credentials[agency], port, monitor, self.links[agency].ports)
            self.leaves[agency] = Server(f"leaf-{agency}", folder, config, monitor, version=version)
        self.hub_urls = [f"nats://127.0.0.1:{port}" for port in clients]

    def url(self, agency: Agency) -> str:
        """Of the agency's own leaf."""
        return f"nats://127.0.0.1:{self._client_ports[agency]}"

    def folder_of(self, agency: Agency) -> Path:
        """Of the agency's keys."""
        return self.credentials[agency].folder

    def linked(self, agency: Agency) -> bool:
        """Whether the leaf and the hub know each other at this moment, as the leaf sees it."""
        return bool(self.leaves[agency].shown("leafz").get("leafnodes"))

    def leader(self) -> str | None:
        """The hub that leads the cluster of JetStream, by its name."""
        for hub in self.hubs:
            cluster = hub.shown("jsz").get("meta_cluster", {})
            if cluster.get("leader"):
                return str(cluster["leader"])
        return None

    def start(self) -> None:
        """Returns once all leaves are linked, and a cluster has its leader."""
        for hub in self.hubs:
            hub.start()
        if len(self.hubs) > 1:
            self.wait("the cluster has a leader", lambda: self.leader() is not None)
        for leaf in self.leaves.values():
            leaf.start()
        self.wait_linked()

    def wait_linked(self) -> None:
        for agency in self.agencies:
            self.wait(f"leaf-{agency} is linked", partial(self.linked, agency))

    def heal(self) -> None:
        """Every server runs and every link is whole; leaves may need some seconds to notice."""
        for link in self.links.values():
            link.heal()
        for server in (*self.hubs, *self.leaves.values()):
            if server.running:
                server.resume()
            else:
                server.start()

    def wait(self, what: str, holds: Callable[[], bool], seconds: float = WAITING) -> float:
        """Polls; the seconds it took. Raises TimeoutError, with the ends of all logs."""
        begun = time.monotonic()
        while not holds():
            if time.monotonic() > begun + seconds:
                logs = "\n".join(
                    f"== {server.name}\n{server.log_end()}"
                    for server in (*self.hubs, *self.leaves.values())
                )
                raise TimeoutError(f"not within {seconds} s: {what}\n{logs}")
            time.sleep(0.02)
        return time.monotonic() - begun


@contextmanager
def running(
    folder: Path, *, agencies: Sequence[Agency] = THREE, hubs: int = 1, version: str = PINNED
) -> Iterator[Federation]:
    """A federation whose links are whole and whose leaves are linked; ended at the end."""
    federation = Federation(folder, agencies, hubs, version)
    with ExitStack() as stack:
        for link in federation.links.values():
            stack.enter_context(link)
        for server in (*federation.hubs, *federation.leaves.values()):
            stack.callback(server.kill)
        federation.start()
        yield federation
