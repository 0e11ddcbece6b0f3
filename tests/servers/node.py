"""The program of an agency as it runs beside its own server: `coordination bus run`."""

import sys
from collections.abc import Mapping
from pathlib import Path

from schemas.vocabulary import THREE, Agency
from tests.servers.federation import Federation
from tests.servers.process import Process

ROOT = Path(__file__).parents[2]  # the program is that of the tests
RUN = ("-c", "import sys; from coordination.cli import main; sys.exit(main())", "bus", "run")


class Node(Process):
    """
    Its store, read models and mailroom lie in a folder of its own, which outlives it.

    `program` are the arguments of the interpreter, others for a node with a planted fault. It is
    started when the process is, not when it is linked: its clients ask until it answers.
    """

    def __init__(
        self,
        federation: Federation,
        agency: Agency,
        program: tuple[str, ...] = RUN,
        *,
        replicas: int = 1,
    ) -> None:
        folder = federation.folder / f"node-{agency}"
        folder.mkdir(exist_ok=True)
        self.agency = agency
        self.store = folder / "coordination.sqlite"
        super().__init__(
            f"node-{agency}",
            folder,
            [sys.executable, *program, "--replicas", str(replicas)],
            self.variables(federation, agency, self.store),
        )

    @staticmethod
    def variables(federation: Federation, agency: Agency, store: Path) -> Mapping[str, str]:
        servers = (*federation.hubs, federation.leaves[agency])
        return {
            "PYTHONPATH": str(ROOT),
            "COORDINATION_KNOWN_AGENCIES": ",".join(THREE),
            "COORDINATION_AGENCIES": agency,
            "COORDINATION_AGENCY": agency,
            "COORDINATION_LANGUAGE": "en",
            "SQLITE_DBNAME": str(store),
            "COORDINATION_BUS_URL": federation.url(agency),
            "COORDINATION_BUS_CREDENTIALS": str(federation.credentials[agency].folder),
            "COORDINATION_BUS_MONITORS": ",".join(server.monitor_url for server in servers),
        }
