"""
All the keys of a federation, made in one place: good for a trial.

In production nobody has another's keys: each agency makes its own, and public keys and certificates
travel (deploy/OPERATING.md).
"""

import json
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from coordination.bus.keys.certificates import NewKey, Signed, authority, signed
from coordination.bus.keys.environment import (
    LINK_PORT,
    LOOPBACK,
    cluster_environment,
    host,
    hub_environment,
    leaf_environment,
    leaf_ports,
    node_environment,
    written,
)
from coordination.bus.keys.hub_accounts import hub_accounts
from coordination.bus.keys.layout import CLUSTER_SERVERS, HUB_SERVER
from coordination.bus.keys.leaf_accounts import USERS, leaf_accounts
from coordination.bus.keys.seeds import Chance, signer, user
from schemas.vocabulary import Agency

HERE = ("localhost", LOOPBACK)
HUB_URL = f"tls://{LOOPBACK}:{LINK_PORT}"
Files = dict[str, bytes]


class Trial(Struct, frozen=True, kw_only=True):
    """
    What is wanted: `folder` as the servers will see it, the `hub_urls` that leaves call, and the
    `hosts` that the servers' certificates name besides localhost. `days` is how long those hold.
    """

    folder: str
    agencies: tuple[Agency, ...]
    hub_urls: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    days: int = 365


class Chances(Struct, frozen=True):
    """Where keys come from, and the moment from which they hold."""

    bytes: Chance
    new_key: NewKey
    now: datetime


def files_of(trial: Trial, chances: Chances) -> Files:
    """All files by their path in the folder. Raises ValueError for a URL without a host."""
    return _Making(trial, chances).files()


class _Making:
    def __init__(self, trial: Trial, chances: Chances) -> None:
        self.trial, self.chances = trial, chances
        self.links = self._authority("links")
        self.link_seeds = {agency: user(chances.bytes) for agency in trial.agencies}
        self.ledger_seeds = {agency: signer(chances.bytes) for agency in trial.agencies}

    def files(self) -> Files:
        files = {f"{HUB_SERVER}/{name}": content for name, content in self._of_hub().items()}
        for number, agency in enumerate(self.trial.agencies):
            own = self._of_agency(agency, number)
            files |= {f"{agency}/{name}": content for name, content in own.items()}
        return files

    def _of_hub(self) -> Files:
        """Routes have an authority of their own: no leaf's certificate opens their door."""
        monitor = user(self.chances.bytes)
        routes = self._authority("routes")
        folder = f"{self.trial.folder}/{HUB_SERVER}"
        # nats-server reads a variable as it reads its file: what begins with a digit is a number.
        password = f"route-{self.chances.bytes(24).hex()}"
        links = {agency: seed.public for agency, seed in self.link_seeds.items()}
        called = map(host, self.trial.hub_urls)
        hosts = tuple(dict.fromkeys([*HERE, *called, *self.trial.hosts]))
        files = {
            "accounts.conf": hub_accounts(links, monitor.public).encode(),
            "hub.env": written(hub_environment(folder, self.trial.hub_urls)).encode(),
            "monitor.nk": monitor.secret.encode(),
            **_pair("ca", self.links),
            **_pair("route-ca", routes),
            **_pair("server", self._server(self.links, HUB_SERVER, hosts)),
            **_pair("monitor", self._program(self.links, "monitor")),
        }
        for number, name in enumerate(CLUSTER_SERVERS):
            variables = cluster_environment(folder, number, password, self.trial.hub_urls)
            files[f"{name}.env"] = written(variables).encode()
            files |= _pair(name, self._server(self.links, name, hosts))
            files |= _pair(f"{name}-route", self._server(routes, name, hosts, calls=True))
        return files

    def _of_agency(self, agency: Agency, number: int) -> Files:
        """The agency's own authority signs what its programs and its leaf show to each other."""
        own = self._authority(agency)
        users = {name: user(self.chances.bytes) for name in USERS}
        public = {name: seed.public for name, seed in users.items()}
        folder, ports = f"{self.trial.folder}/{agency}", leaf_ports(number)
        link = self.link_seeds[agency].secret
        leaf = leaf_environment(agency, folder, ports, self.trial.hub_urls, link)
        trusted = {each: [seed.public] for each, seed in self.ledger_seeds.items()}
        hosts = tuple(dict.fromkeys([*HERE, f"leaf-{agency}", *self.trial.hosts]))
        files = {
            "accounts.conf": leaf_accounts(agency, self.trial.agencies, public).encode(),
            "leaf.env": written(leaf).encode(),
            "node.env": written(node_environment(agency, folder, ports)).encode(),
            "ledgers.json": json.dumps(trusted, indent=1).encode() + b"\n",
            "ledger.nk": self.ledger_seeds[agency].secret.encode(),
            "link.nk": link.encode(),
            "hub-ca.pem": self.links.certificate_pem(),
            **_pair("ca", own),
            **_pair("server", self._server(own, f"leaf-{agency}", hosts)),
            **_pair("link", self._program(self.links, f"link-{agency}")),
        }
        for name, seed in users.items():
            files[f"{name}.nk"] = seed.secret.encode()
            files |= _pair(name, self._program(own, f"{name}-{agency}"))
        return files

    def _authority(self, name: str) -> Signed:
        chances = self.chances
        return authority(name, chances.now, self.trial.days, chances.new_key)

    def _server(
        self, by: Signed, name: str, hosts: Sequence[str], *, calls: bool = False
    ) -> Signed:
        now, days = self.chances.now, self.trial.days
        return signed(by, name, now, days, self.chances.new_key, hosts=hosts, calls=calls)

    def _program(self, by: Signed, name: str) -> Signed:
        return signed(by, name, self.chances.now, self.trial.days, self.chances.new_key)


def _pair(name: str, signed: Signed) -> Files:
    return {f"{name}.pem": signed.certificate_pem(), f"{name}.key": signed.key_pem()}
