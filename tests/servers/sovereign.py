"""The servers as they are deployed: the files of deploy/nats, mutual TLS, and keys made by
`coordination bus keys`; only ports and folders differ."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from ssl import SSLContext, create_default_context
from typing import Any

import nats
from cryptography.hazmat.primitives.asymmetric import ec
from nats.aio.client import Client

from coordination.bus.keys.environment import LOOPBACK, array
from coordination.bus.keys.layout import CLUSTER_SERVERS, HUB_SERVER
from coordination.bus.keys.trial import Chances, Trial, files_of
from coordination.bus.keys.writing import write
from schemas.vocabulary import THREE, Agency
from tests.servers.nats import PINNED, Server, free_ports

DEPLOY = Path(__file__).parents[2] / "deploy" / "nats"


def keys(folder: Path, agencies: Sequence[Agency] = THREE) -> Path:
    """A folder of keys in `folder`, for servers on this machine."""
    trial = Trial(
        folder=str(folder / "keys"),
        agencies=tuple(agencies),
        hub_urls=("tls://127.0.0.1:7422",),
    )
    chances = Chances(
        os.urandom, lambda: ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    )
    write(folder / "keys", files_of(trial, chances))
    return folder / "keys"


def environ(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


class Sovereign:
    """A hub of one or three servers, and a leaf for each agency, on free ports."""

    def __init__(
        self,
        folder: Path,
        *,
        agencies: Sequence[Agency] = THREE,
        hubs: int = 1,
        version: str = PINNED,
        deploy: Path = DEPLOY,
        made: Path | None = None,
    ) -> None:
        """`made` is a folder of keys that is there already."""
        self.folder, self.agencies = made or keys(folder, agencies), tuple(agencies)
        names = [HUB_SERVER] if hubs == 1 else list(CLUSTER_SERVERS)
        self.hub_ports, monitors, self.link_ports, routes = (free_ports(hubs) for _ in range(4))
        links = array(f"tls://{LOOPBACK}:{port}" for port in self.link_ports)
        self.hubs = []
        for number, name in enumerate(names):
            at = self.folder / HUB_SERVER
            given = environ(at / ("hub.env" if hubs == 1 else f"{name}.env"))
            changed = {
                "HUB_PORT": str(self.hub_ports[number]),
                "HUB_HTTP": f"{LOOPBACK}:{monitors[number]}",
                "HUB_LINK_PORT": str(self.link_ports[number]),
                "HUB_LINK_ADDRESS": f"{LOOPBACK}:{self.link_ports[number]}",
            }
            if hubs > 1:
                by = f"tls://route:{given['HUB_ROUTE_PASSWORD']}@{LOOPBACK}"
                changed["HUB_ROUTE_PORT"] = str(routes[number])
                changed["HUB_ROUTES"] = array(f"{by}:{port}" for port in routes)
            file = deploy / ("hub.conf" if hubs == 1 else "hub-cluster.conf")
            config = _beside_accounts(file, at / f"{name}.conf")
            variables = {**given, **changed}
            self.hubs.append(
                Server(name, at, config, monitors[number], environ=variables, version=version)
            )
        self.leaves: dict[Agency, Server] = {}
        self.ports: dict[Agency, int] = {}
        for agency in agencies:
            self.ports[agency], monitor = free_ports(2)
            at = self.folder / agency
            changed = {
                "LEAF_PORT": str(self.ports[agency]),
                "LEAF_HTTP": f"{LOOPBACK}:{monitor}",
                "HUB_LINK_URLS": links,
            }
            name = f"leaf-{agency}"
            config = _beside_accounts(deploy / "leaf.conf", at / f"{name}.conf")
            variables = {**environ(at / "leaf.env"), **changed}
            self.leaves[agency] = Server(
                name, at, config, monitor, environ=variables, version=version
            )

    def linked(self) -> bool:
        """Whether each leaf is linked with a hub, as the hubs see it."""
        shown = [hub.shown("leafz") for hub in self.hubs]
        return sum(int(page.get("leafnodes", 0)) for page in shown) == len(self.leaves)

    def led(self) -> bool:
        """Whether a cluster has chosen who leads; one server leads itself."""
        if len(self.hubs) == 1:
            return True
        clusters = [hub.shown("jsz").get("meta_cluster", {}) for hub in self.hubs]
        sizes = [cluster.get("cluster_size") for cluster in clusters]
        return all(cluster.get("leader") for cluster in clusters) and sizes == [3, 3, 3]

    @contextmanager
    def started(self) -> Iterator[None]:
        with ExitStack() as stack:
            for server in (*self.hubs, *self.leaves.values()):
                stack.callback(server.kill)
                server.start()
            wait("each leaf is linked", self.linked)
            wait("the hub has a leader", self.led)
            yield

    def url(self, agency: Agency) -> str:
        return f"tls://{LOOPBACK}:{self.ports[agency]}"

    def folder_of(self, agency: Agency) -> Path:
        """Of the agency's keys."""
        return self.folder / agency

    async def connect(self, agency: Agency, user: str, **options: Any) -> Client:
        """As a program of the agency that has the key and the certificate of `user`."""
        own = self.folder / agency
        return await nats.connect(
            self.url(agency),
            **{
                "tls": tls(own / "ca.pem", own / user),
                "nkeys_seed": str(own / f"{user}.nk"),
                # A node has two: this one is heard on both sides of the link.
                "inbox_prefix": "_INBOX_link" if user == "node" else f"_INBOX_{user}",
                "allow_reconnect": False,
                **options,
            },
        )


def tls(authority: Path, pair: Path | None) -> SSLContext:
    """Trusting an authority, and showing the certificate `pair`.pem, if any."""
    context = create_default_context(cafile=authority)
    if pair is not None:
        context.load_cert_chain(pair.with_suffix(".pem"), pair.with_suffix(".key"))
    return context


def _beside_accounts(file: Path, copied: Path) -> Path:
    """A server includes the accounts.conf that lies beside its own file."""
    shutil.copy(file, copied)
    return copied


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[Sovereign]:
    """Started, and each leaf linked with the hub; ended at the end."""
    sovereign = Sovereign(folder, **options)
    with sovereign.started():
        yield sovereign


def wait(what: str, holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Polls. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
