"""What differs between servers that share a configuration: their environment, as files of it."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from coordination.bus.keys.layout import CLUSTER_SERVERS, HUB_SERVER
from schemas.vocabulary import Agency

LOOPBACK = "127.0.0.1"
LINK_PORT = 7422


class Ports(Struct, frozen=True):
    """Where a server listens: programs, the monitor, and on a hub leaves and the other servers."""

    client: int
    monitor: int
    link: int = 0
    route: int = 0


HUB_PORTS = Ports(client=4222, monitor=8222, link=LINK_PORT, route=6222)


def leaf_ports(number: int) -> Ports:
    """Of the nth agency, from 0, so that all of them fit on one machine."""
    return Ports(client=4231 + number, monitor=8231 + number)


def cluster_ports(number: int) -> Ports:
    """Of the nth server of a cluster, from 0; the first is where a single hub would be."""
    return Ports(
        client=HUB_PORTS.client + number,
        monitor=HUB_PORTS.monitor + number,
        link=LINK_PORT + number,
        route=HUB_PORTS.route + number,
    )


def hub_environment(folder: str, hub_urls: Sequence[str]) -> dict[str, str]:
    return _hub(HUB_SERVER, f"{folder}/server", folder, HUB_PORTS, _address(hub_urls, 0))


def cluster_environment(
    folder: str, number: int, password: str, hub_urls: Sequence[str]
) -> dict[str, str]:
    """Of the nth server, from 0."""
    address = _address(hub_urls, number)
    name, ports = CLUSTER_SERVERS[number], cluster_ports(number)
    routes = (cluster_ports(other).route for other in range(len(CLUSTER_SERVERS)))
    return {
        **_hub(name, f"{folder}/{name}", folder, ports, address),
        "HUB_ROUTE_PORT": str(ports.route),
        "HUB_ROUTE_PASSWORD": password,
        "HUB_ROUTE_CERT": f"{folder}/{name}-route.pem",
        "HUB_ROUTE_KEY": f"{folder}/{name}-route.key",
        "HUB_ROUTE_CA": f"{folder}/route-ca.pem",
        "HUB_ROUTES": array(f"tls://route:{password}@{LOOPBACK}:{route}" for route in routes),
    }


def _address(hub_urls: Sequence[str], number: int) -> str:
    """Of the nth server of a hub, as leaves call it; on one machine, where fewer are named."""
    if number < len(hub_urls):
        parts = urlsplit(hub_urls[number])
        return f"{parts.hostname}:{parts.port or LINK_PORT}"
    return f"{LOOPBACK}:{cluster_ports(number).link}"


def _hub(name: str, pair: str, folder: str, ports: Ports, address: str) -> dict[str, str]:
    return {
        "HUB_NAME": name,
        "HUB_HOST": LOOPBACK,
        "HUB_PORT": str(ports.client),
        "HUB_HTTP": f"{LOOPBACK}:{ports.monitor}",
        "HUB_LINK_PORT": str(ports.link),
        "HUB_LINK_ADDRESS": address,
        "HUB_STORE": f"{folder}/{name}.jetstream",
        "HUB_CERT": f"{pair}.pem",
        "HUB_KEY": f"{pair}.key",
        "HUB_CA": f"{folder}/ca.pem",
    }


def leaf_environment(
    agency: Agency, folder: str, ports: Ports, hub_urls: Sequence[str], link_seed: str
) -> dict[str, str]:
    return {
        "AGENCY": agency,
        "LEAF_NAME": f"leaf-{agency}",
        "LEAF_HOST": LOOPBACK,
        "LEAF_PORT": str(ports.client),
        "LEAF_HTTP": f"{LOOPBACK}:{ports.monitor}",
        "LEAF_STORE": f"{folder}/jetstream",
        "LEAF_CERT": f"{folder}/server.pem",
        "LEAF_KEY": f"{folder}/server.key",
        "LEAF_CA": f"{folder}/ca.pem",
        "HUB_LINK_URLS": array(hub_urls),
        "HUB_CA": f"{folder}/hub-ca.pem",
        "LINK_CERT": f"{folder}/link.pem",
        "LINK_KEY": f"{folder}/link.key",
        "LINK_SEED": link_seed,
    }


def node_environment(agency: Agency, folder: str, ports: Ports) -> dict[str, str]:
    return {
        "COORDINATION_AGENCIES": agency,
        "COORDINATION_AGENCY": agency,
        "COORDINATION_BUS_URL": f"tls://{LOOPBACK}:{ports.client}",
        "COORDINATION_BUS_CREDENTIALS": folder,
        "COORDINATION_BUS_MONITORS": f"http://{LOOPBACK}:{ports.monitor}",
    }


def array(values: Iterable[str]) -> str:
    """As nats-server reads one, without a character that a shell would change."""
    return f"[{','.join(values)}]"


def written(variables: Mapping[str, str]) -> str:
    """A file that systemd, Compose and a shell's `set -a; . FILE` read alike."""
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def host(url: str) -> str:
    """Raises ValueError where the text is not the URL of a server."""
    found = urlsplit(url).hostname
    if not found:
        raise ValueError(url)
    return found
