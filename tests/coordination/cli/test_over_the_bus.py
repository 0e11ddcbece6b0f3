"""The command line of an agency whose node is on the bus, with real servers and nodes."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from schemas.vocabulary import AWEX, FIT
from tests.coordination.cli.running import Run, command_line
from tests.servers.federation import Federation, running
from tests.servers.node import Node

TOKYO, HANOI = "mission-fit-2027-tokyo", "mission-awex-2027-hanoi"


class ReadyNode(Node):
    """Started once its own program says that it is on the bus."""

    def start(self) -> None:
        self._read = len(self._told())
        super().start()

    def ready(self) -> bool:
        return "is on the bus" in self._told()[self._read :]

    def _told(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


class Agencies(Struct, frozen=True):
    """A federation whose nodes of FIT and AWEX run, and the command lines of both."""

    federation: Federation
    node: Node
    run: Callable[..., Run]
    of_awex: Callable[..., Run]

    def state(self, id: str) -> str:
        """Of what FIT asked."""
        [letter] = json.loads(self.run("asked", id, "--format", "json").output)["asked"]
        return str(letter["state"])

    def decided(self, id: str) -> str:
        """The state, once AWEX has answered."""
        self.federation.wait("AWEX has decided", lambda: self.state(id) != "waiting", 90)
        return self.state(id)

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """FIT from the hub."""
        self.federation.links[FIT].cut()
        self.federation.wait("fit is cut off", lambda: not self.federation.linked(FIT))
        try:
            yield
        finally:
            self.federation.heal()

    @contextmanager
    def without_node(self) -> Iterator[None]:
        """FIT's does not run."""
        self.node.stop()
        try:
            yield
        finally:
            self.node.start()


@pytest.fixture(scope="module")
def agencies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agencies]:
    folder = tmp_path_factory.mktemp("over-the-bus")
    with running(folder) as federation:
        nodes = {agency: ReadyNode(federation, agency) for agency in (AWEX, FIT)}
        with nodes[AWEX], nodes[FIT]:
            run, of_awex = (
                command_line(nodes[agency].folder, **nodes[agency].environ)
                for agency in (FIT, AWEX)
            )
            assert of_awex(*publish(HANOI)).code == 0
            yield Agencies(federation, nodes[FIT], run, of_awex)


def publish(mission: str) -> tuple[str, ...]:
    return (
        *("mission", "publish", mission, "--title.en", "Water", "--action", "agency-mission"),
        *("--period", "2027-03", "--places", "JP Tokyo", "--sectors", "environment"),
    )


def ask(mission: str, *more: str) -> tuple[str, ...]:
    return ("mission", "request-co-organisation", mission, *more)


def id_of(run: Run) -> str:
    """At the end of the sentence that says where to look."""
    return run.output.split()[-1]


def test_the_node_decides_what_is_the_agencys_own_while_it_holds_the_store(
    agencies: Agencies,
) -> None:
    assert agencies.run(*publish(TOKYO)) == Run(
        0,
        "Recorded: FIT publishes “Water”: economic mission, March 2027, Tokyo (Japan), "
        f"effective 15 Sept 2026 ({TOKYO}, fit/1).\n",
    )
    assert agencies.run(*publish(TOKYO)) == Run(0, f"It is so already, nothing to do ({TOKYO}).\n")


def test_another_agency_decides_what_is_its_own(agencies: Agencies) -> None:
    asked = agencies.run(*ask(HANOI, "--language", "fr"))
    assert asked == Run(
        0,
        f"Enregistré : FIT demande à co-organiser, date d'effet : 15 sept. 2026 "
        f"({HANOI}, awex/2).\n",
    )
    counter = ("mission", "counter-propose-co-organisation", HANOI, "--partner", "fit")
    assert agencies.of_awex(*counter, "--terms.places", "6").code == 0
    accepted = agencies.run(
        *("mission", "accept-co-organisation", HANOI, "--partner", "fit"),
        *("--role", "chief-executive", "--meeting", "meeting-2026-september", "--format", "json"),
    )
    [event] = json.loads(accepted.output)
    assert (
        event["ledger"],
        event["seq"],
        event["agency"],
        event["role"],
        event["correlation"],
    ) == (
        *("awex", 4, "fit", "chief-executive"),
        "meeting-2026-september",
    )


def test_a_rejection_of_another_agency_is_worded_for_its_reader(agencies: Agencies) -> None:
    assert agencies.run("mission", "cancel", HANOI, "--reason", "no", "--language", "nl") == Run(
        1, errors="Dit is aan AWEX, dat de zending leidt, en niet aan FIT.\n"
    )


def test_a_table_for_programs_has_the_events(agencies: Agencies) -> None:
    told = agencies.run(*publish("mission-fit-2027-oslo"), "--format", "csv")
    heading, row = told.output.splitlines()
    assert heading == "reference,stream,version,event,effective,agency,role"
    reference, *others = row.split(",")
    assert reference.startswith("fit/")
    assert others == [
        *("mission-fit-2027-oslo", "1", "mission.published", "2026-09-15", "fit", "coordinator")
    ]


def test_what_is_asked_while_cut_off_waits_and_is_decided_later(agencies: Agencies) -> None:
    with agencies.cut_off():
        asked = agencies.run(*ask("mission-awex-2027-nowhere"))
        for_program = agencies.run(*ask("mission-awex-2027-nowhere"), "--format", "json")
        for_table = agencies.run(*ask("mission-awex-2027-nowhere"), "--format", "csv")
        state = agencies.state(id_of(asked))
    assert asked == Run(
        0,
        "Asked, and waiting for AWEX, which decides (mission-awex-2027-nowhere). "
        f"To see what became of it: coordination asked {id_of(asked)}\n",
    )
    answer = json.loads(for_program.output)
    assert (for_program.code, answer["answer"], answer["owner"]) == (0, "waiting", "awex")
    assert for_table.output == "reference,stream,version,event,effective,agency,role\n"
    assert for_table.errors.startswith("Asked, and waiting for AWEX")
    assert (state, agencies.decided(id_of(asked))) == ("waiting", "rejected")


def test_where_no_node_runs_the_own_is_decided_here_and_the_rest_waits_for_it(
    agencies: Agencies,
) -> None:
    with agencies.without_node():
        own = agencies.run(*publish("mission-fit-2027-seoul"))
        asked = agencies.run(*ask(HANOI, "--meeting", "meeting-2026-september"))
        assert (own.code, own.output.startswith("Recorded: FIT publishes")) == (0, True)
        assert asked.output.startswith("Asked, and waiting for AWEX")
        assert agencies.state(id_of(asked)) == "waiting"
    assert agencies.decided(id_of(asked)) == "rejected"  # it co-organises already
    assert agencies.run(*publish("mission-fit-2027-seoul")).output.startswith("It is so already")


def test_without_the_own_server_commands_wait_for_it_where_the_node_holds_the_store(
    agencies: Agencies,
) -> None:
    agencies.federation.leaves[FIT].kill()
    try:
        own = agencies.run(*publish("mission-fit-2027-lima"), SQLITE_LOCK_TIMEOUT="1")
        asked = agencies.run(*ask(HANOI))
    finally:
        agencies.federation.heal()
    assert (own.code, own.output) == (3, "")
    assert own.errors.startswith(f"The server at {agencies.federation.url(FIT)} cannot be used: ")
    assert asked.output.startswith("Asked, and waiting for AWEX")
    assert agencies.decided(id_of(asked)) == "rejected"


def test_a_node_that_knows_less_says_what_it_does_not_understand(agencies: Agencies) -> None:
    told = agencies.run(
        *("mission", "accept-co-organisation", TOKYO, "--partner", "be"),
        COORDINATION_KNOWN_AGENCIES="hub,awex,fit,be",
    )
    assert told == Run(2, errors="partner: “be” – an agency that exists: awex, fit, hub\n")


def test_nobody_speaks_for_another_agency(agencies: Agencies) -> None:
    assert agencies.run(*ask(TOKYO, "--as", "awex")) == Run(
        1, errors="This node does not speak for AWEX, only for: fit.\n"
    )


def test_a_node_on_the_bus_speaks_for_one_agency(agencies: Agencies) -> None:
    several = agencies.run(*ask(HANOI, "--as", "fit"), COORDINATION_AGENCIES="awex,fit")
    assert (several.code, several.errors) == (
        3,
        "A node on the bus decides for exactly one agency: COORDINATION_AGENCIES is awex, fit.\n",
    )


def test_a_node_whose_store_is_gone_says_so(agencies: Agencies) -> None:
    """The last test: nobody can use the store afterwards."""
    store = Path(agencies.node.environ["SQLITE_DBNAME"])
    for file in (store, store.with_name(f"{store.name}-wal"), store.with_name(f"{store.name}-shm")):
        file.rename(file.with_suffix(".gone"))
    told = agencies.run(*publish("mission-fit-2027-quito"))
    assert told == Run(
        3,
        errors="Not decided: the node cannot use its event store or its mailroom (store.gone). "
        "Ask again once that is mended.\n",
    )
