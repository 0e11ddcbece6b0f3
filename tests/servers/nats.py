"""Real nats-servers: the pinned one beside the interpreter, and others `make test` installs."""

import json
import os
import random
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.servers.process import Process

# The oldest on PyPI that is not refused for CVE-2025-30215, and the newest.
OLDEST, PINNED, NEWEST = "2.11.1", "2.14.6", "2.15.1"
REFUSED = ("2.10.26", "2.11.0")


def program(version: str = PINNED) -> Path:
    """Each version but the pinned one lies in a folder of its own; see the Makefile."""
    if version == PINNED:
        found = Path(sys.executable).parent / "nats-server"
    else:
        found = Path(sys.prefix) / "nats" / version / "bin" / "nats-server"
    assert found.exists(), f"nats-server {version} is needed to test: make {found}"
    return found


def free_ports(number: int) -> list[int]:
    """Below those that the kernel hands out itself: else a connection might take the port of a
    server that is down for a while."""
    chosen: list[int] = []
    sockets = []
    chance = random.Random(os.urandom(8))
    while len(chosen) < number:
        opened = socket.socket()
        try:
            opened.bind(("127.0.0.1", chance.randrange(15_000, 32_000)))
        except OSError:
            opened.close()
            continue
        sockets.append(opened)
        chosen.append(opened.getsockname()[1])
    for opened in sockets:
        opened.close()
    return chosen


class Server(Process):
    """
    A server on loopback. `monitor` is the port of its `http`, which the configuration must open;
    $NAMES in the configuration are read from `environ`.

    Its JetStream keeps its files in `store`, a folder that its configuration finds as $STORE.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        config: str | Path,
        monitor: int,
        *,
        environ: Mapping[str, str] | None = None,
        version: str = PINNED,
    ) -> None:
        self.store = folder / f"{name}.store"
        self.monitor = monitor
        self.version = version
        if isinstance(config, str):
            self.config = folder / f"{name}.conf"
            self.config.write_text(config)
        else:
            self.config = config
        super().__init__(
            name,
            folder,
            [str(program(version)), "-c", str(self.config)],
            {"STORE": str(self.store), **(environ or {})},
        )

    @property
    def monitor_url(self) -> str:
        return f"http://127.0.0.1:{self.monitor}"

    def ready(self) -> bool:
        return self.shown("healthz?js-enabled-only=true").get("status") == "ok"

    def shown(self, what: str) -> dict[str, Any]:
        """A page of the server's monitor (`varz`, `jsz`, `leafz` …); empty while it has none."""
        try:
            with urlopen(f"{self.monitor_url}/{what}", timeout=2) as answer:
                page: dict[str, Any] = json.load(answer)
                return page
        except (URLError, OSError, ValueError):
            return {}
