import pytest

from coordination.bus.keys.environment import (
    Ports,
    array,
    cluster_environment,
    host,
    hub_environment,
    leaf_environment,
    leaf_ports,
    node_environment,
    written,
)

FOLDER = "/etc/coordination/fit"


def test_a_leaf_knows_its_files_and_where_the_hub_is() -> None:
    urls = ("tls://one.example.be:7422", "tls://two.example.be:7422")
    assert written(leaf_environment("fit", FOLDER, leaf_ports(2), urls, "SUSEED")) == (
        "AGENCY=fit\n"
        "LEAF_NAME=leaf-fit\n"
        "LEAF_HOST=127.0.0.1\n"
        "LEAF_PORT=4233\n"
        "LEAF_HTTP=127.0.0.1:8233\n"
        "LEAF_STORE=/etc/coordination/fit/jetstream\n"
        "LEAF_CERT=/etc/coordination/fit/server.pem\n"
        "LEAF_KEY=/etc/coordination/fit/server.key\n"
        "LEAF_CA=/etc/coordination/fit/ca.pem\n"
        "HUB_LINK_URLS=[tls://one.example.be:7422,tls://two.example.be:7422]\n"
        "HUB_CA=/etc/coordination/fit/hub-ca.pem\n"
        "LINK_CERT=/etc/coordination/fit/link.pem\n"
        "LINK_KEY=/etc/coordination/fit/link.key\n"
        "LINK_SEED=SUSEED\n"
    )


def test_a_node_calls_its_own_leaf() -> None:
    assert node_environment("fit", FOLDER, Ports(client=4233, monitor=8233)) == {
        "COORDINATION_AGENCIES": "fit",
        "COORDINATION_AGENCY": "fit",
        "COORDINATION_BUS_URL": "tls://127.0.0.1:4233",
        "COORDINATION_BUS_CREDENTIALS": FOLDER,
        "COORDINATION_BUS_MONITORS": "http://127.0.0.1:8233",
    }


def test_a_server_of_a_cluster_is_a_hub_that_knows_the_two_others() -> None:
    urls = [f"tls://{number}.example.be" for number in (1, 2, 3)]
    third = cluster_environment("/keys", 2, "secret", urls)
    assert {name: third[name] for name in hub_environment("/keys", urls)} == {
        "HUB_NAME": "nats-hub-3",
        "HUB_HOST": "127.0.0.1",
        "HUB_PORT": "4224",
        "HUB_HTTP": "127.0.0.1:8224",
        "HUB_LINK_PORT": "7424",
        "HUB_LINK_ADDRESS": "3.example.be:7422",
        "HUB_STORE": "/keys/nats-hub-3.jetstream",
        "HUB_CERT": "/keys/nats-hub-3.pem",
        "HUB_KEY": "/keys/nats-hub-3.key",
        "HUB_CA": "/keys/ca.pem",
    }
    routes = [f"tls://route:secret@127.0.0.1:{port}" for port in (6222, 6223, 6224)]
    assert third["HUB_ROUTES"] == array(routes)


@pytest.mark.parametrize(
    "urls, told",
    [
        (["tls://hub.example.be:7000"], ["hub.example.be:7000", "127.0.0.1:7423"]),
        (["tls://127.0.0.1:7422"], ["127.0.0.1:7422", "127.0.0.1:7423"]),
    ],
)
def test_a_hub_tells_leaves_the_address_that_they_call(urls: list[str], told: list[str]) -> None:
    first = hub_environment("/keys", urls)
    second = cluster_environment("/keys", 1, "secret", urls)
    assert [one["HUB_LINK_ADDRESS"] for one in (first, second)] == told


@pytest.mark.parametrize("wrong", ["", "hub:7422", "tls://", "7422"])
def test_what_names_no_host_is_no_url(wrong: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — the text is the caller's
        host(wrong)
