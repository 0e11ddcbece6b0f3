"""The line of the tests itself: what it lets through, what it keeps back, what it ends."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from tests.servers.link import Link, Way
from tests.servers.nats import free_ports


@pytest.fixture
def link() -> Iterator[Link]:
    """To a target that sends everything back."""
    with socket.create_server(("127.0.0.1", 0)) as target:

        def echo(client: socket.socket) -> None:
            with client:
                while data := client.recv(65_536):
                    client.sendall(data)

        def serve() -> None:
            while True:
                try:
                    client, _ = target.accept()
                except OSError:
                    return
                Thread(target=echo, args=(client,), daemon=True).start()

        Thread(target=serve, daemon=True).start()
        with Link(free_ports(1), [target.getsockname()[1]]) as opened:
            yield opened
        target.shutdown(socket.SHUT_RDWR)


def called(link: Link) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", link.ports[0]))
    client.settimeout(5)
    return client


def received(client: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size and (data := client.recv(size - len(got))):
        got += data
    return got


def test_a_link_lets_everything_through(link: Link) -> None:
    sent = bytes(range(256)) * 40_000
    with called(link) as client:
        Thread(target=client.sendall, args=(sent,)).start()
        assert received(client, len(sent)) == sent


@pytest.mark.parametrize("ways", [(Way.UP,), (Way.DOWN,), (Way.UP, Way.DOWN)])
def test_what_was_held_arrives_when_the_link_heals(link: Link, ways: tuple[Way, ...]) -> None:
    with called(link) as client:
        client.sendall(b"before")
        assert received(client, 6) == b"before"
        link.hold(*ways)
        client.sendall(b"held")
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.recv(1)
        link.heal()
        client.settimeout(5)
        assert received(client, 4) == b"held"


def test_a_cut_ends_connections_and_refuses_new_ones(link: Link) -> None:
    with called(link) as client:
        client.sendall(b"before")
        assert received(client, 6) == b"before"
        link.cut()
        assert client.recv(1) == b""
        with pytest.raises(ConnectionError):
            called(link)
    link.heal()
    with called(link) as client:
        client.sendall(b"after")
        assert received(client, 5) == b"after"
