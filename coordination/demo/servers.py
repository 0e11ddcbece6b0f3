"""The servers of the demonstration: the program, its configuration, and what its monitor shows."""

import shutil
import socket
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import msgspec

from coordination.bus.refusal import BusRefused
from coordination.demo.line import LOOPBACK

# An installed program has them beside the story; a working folder where they are kept.
PLACES = (
    files("coordination.demo") / "nats",
    Path(__file__).parents[2] / "deploy" / "nats",
)
PATIENCE = 1.0  # seconds for a page of a monitor
# A setting of whoever starts the demonstration must not reach what it starts.
OURS = ("COORDINATION_", "PERSISTENCE_", "POSTGRES_", "SQLITE_")


def server_program() -> str:
    """Beside the interpreter, else where programs are. Raises BusRefused where there is none."""
    beside = Path(sys.executable).with_name("nats-server")
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise BusRefused("demo.no-server")
    return found


def configuration(name: str) -> bytes:
    """`hub.conf` or `leaf.conf` of deploy/nats."""
    [found, *_] = [place / name for place in PLACES if (place / name).is_file()]
    return found.read_bytes()


def variables(file: Path) -> dict[str, str]:
    """Of an .env file, as `coordination bus keys` writes it."""
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith(OURS)}


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in opened]


def shown(monitor: str, page: str) -> dict[str, Any]:
    """A page of a monitor; empty while it does not answer."""
    try:
        with urlopen(f"{monitor}/{page}", timeout=PATIENCE) as answer:
            return msgspec.json.decode(answer.read(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError):
        return {}


def is_ready(monitor: str) -> bool:
    return shown(monitor, "healthz?js-enabled-only=true").get("status") == "ok"


def is_linked(monitor: str) -> bool:
    """Whether the server of an agency and the hub know each other at this moment."""
    return bool(shown(monitor, "leafz").get("leafnodes"))
