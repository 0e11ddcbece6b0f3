"""Three nodes with their servers and clerks, to which schedules of trouble happen one after
another."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from msgspec import Struct
from msgspec.structs import replace

from schemas.message import stream_of
from schemas.vocabulary import HUB, Agency
from tests.faults.federation import streams
from tests.faults.federation.clerks import Clerks
from tests.faults.federation.evidence import Heads, Ledgers, Reader, Store
from tests.faults.federation.judge import Verdict, judged
from tests.faults.federation.notebook import Attempt
from tests.faults.federation.schedules import PHASE, Fault, Schedule, Trouble, steps
from tests.servers import federation as servers
from tests.servers.federation import Federation
from tests.servers.link import Way
from tests.servers.nats import PINNED
from tests.servers.node import RUN, Node
from tests.servers.process import Process

PATIENCE = 90.0  # seconds until the nodes must be alike; the servers' own retries may take a minute
# Who asks while this happens to its own node or server is rightly not answered.
AT_HOME = (Fault.LEAF_KILLED, Fault.LEAF_PAUSED, Fault.NODE_KILLED, Fault.NODE_PAUSED)
NONE = (0, "")
STARTING = 5.0  # seconds for a node to come back by


class Round(Struct, frozen=True):
    """
    Seconds from when all links were whole and everything ran, until each node had what the others
    had decided by then, and until all that was asked was decided and the three nodes were alike.
    `abandoned`: letters to the own node that it did not answer though nothing was wrong at home.
    """

    seed: int
    verdict: Verdict
    caught_up: float
    settled: float
    abandoned: tuple[str, ...]
    alone: int  # letters that nodes answered for themselves while they were cut off


class Three:
    def __init__(self, federation: Federation, nodes: Mapping[Agency, Node]) -> None:
        self.federation, self.nodes = federation, nodes
        self.clerks = Clerks(federation)
        self.stores = {agency: Store(node.store) for agency, node in nodes.items()}

    def round(self, seed: int, troubles: Schedule) -> Round:
        """Work with trouble, then healing, settling and the verdict."""
        before, began = len(self.clerks.notebook.attempts), monotonic()
        self.clerks.begin(seed, self.year_of(seed))
        for due, step in steps(troubles, self.begin, self.mend):
            sleep(max(began + due - monotonic(), 0))
            step()
        sleep(max(began + PHASE - monotonic(), 0))
        self.clerks.rest()
        self.heal()
        whole = monotonic()
        own = {agency: store.heads().get(agency, NONE) for agency, store in self.stores.items()}
        settling = self.clerks.settle(PATIENCE)
        self.wait("all have what was decided by then", partial(self.have, own))
        caught_up = monotonic() - whole
        settling.result()
        self.come_together()
        attempts = self.clerks.notebook.attempts[before:]
        return Round(
            seed=seed,
            caught_up=caught_up,
            settled=monotonic() - whole,
            verdict=judged(self.stores, self.clerks.notebook),
            abandoned=tuple(abandoned(attempts, troubles, began)),
            alone=sum(alone(one, troubles, began) for one in attempts),
        )

    def verdict(self) -> Verdict:
        """Of all there is, with the contents of the streams, once the nodes have come together."""
        self.clerks.rest()
        self.heal()
        self.clerks.settle(PATIENCE).result()
        self.come_together()
        end = monotonic() + PATIENCE
        while (unlike := self.unlike_streams()) and monotonic() < end:
            sleep(0.2)  # they are read back, and made again where that shows damage
        return replace(judged(self.stores, self.clerks.notebook), streams=unlike)

    def unlike_streams(self) -> tuple[str, ...]:
        return tuple(streams.unlike(self.federation, self.ledgers()))

    @staticmethod
    def year_of(seed: int) -> int:
        """Of the missions of a round: each has one of its own, so that its plan is short."""
        return 2000 + seed

    def lately_asked(self, number: int) -> list[str]:
        """The streams of the last commands."""
        last = list(self.clerks.notebook.letters.values())[-number:]
        return [stream_of(letter.command) for letter in last]

    def read(self) -> Mapping[Agency, Store]:
        """The stores, as they stand now."""
        for store in self.stores.values():
            store.read_on()
        return self.stores

    def ledgers(self) -> Ledgers:
        """Each as its owner has it now."""
        return {agency: store.ledger(agency) for agency, store in self.stores.items()}

    def begin(self, trouble: Trouble) -> None:
        match trouble.fault, trouble.agency:
            case Fault.CUT, str(agency):
                self.federation.links[agency].cut()
            case Fault.FLAPPING, str(agency):
                self.federation.links[agency].flap(2, (trouble.ends - trouble.begins) / 5)
                self.federation.links[agency].cut()
            case Fault.HELD_UP, str(agency):
                self.federation.links[agency].hold(Way.UP)
            case Fault.HELD_DOWN, str(agency):
                self.federation.links[agency].hold(Way.DOWN)
            case Fault.HELD_BOTH, str(agency):
                self.federation.links[agency].hold(Way.UP, Way.DOWN)
            case ((Fault.HUB_KILLED | Fault.LEAF_KILLED | Fault.NODE_KILLED), _):
                self._struck(trouble).kill()
            case ((Fault.HUB_PAUSED | Fault.LEAF_PAUSED | Fault.NODE_PAUSED), _):
                self._struck(trouble).pause()

    def mend(self, trouble: Trouble) -> None:
        match trouble.fault, trouble.agency:
            case (
                (Fault.CUT | Fault.FLAPPING | Fault.HELD_UP | Fault.HELD_DOWN | Fault.HELD_BOTH),
                str(agency),
            ):
                self.federation.links[agency].heal()
            case ((Fault.HUB_KILLED | Fault.LEAF_KILLED | Fault.NODE_KILLED), _):
                self._struck(trouble).start()
            case ((Fault.HUB_PAUSED | Fault.LEAF_PAUSED | Fault.NODE_PAUSED), _):
                self._struck(trouble).resume()

    def _struck(self, trouble: Trouble) -> Process:
        if trouble.agency is None:
            return self.federation.hubs[0]
        if trouble.fault in (Fault.LEAF_KILLED, Fault.LEAF_PAUSED):
            return self.federation.leaves[trouble.agency]
        return self.nodes[trouble.agency]

    def heal(self) -> None:
        """Everything runs, and all leaves are linked."""
        self.federation.heal()
        for node in self.nodes.values():
            if not node.running:
                node.start()
        self.federation.wait_linked()

    def have(self, wanted: Heads) -> bool:
        """Whether all three nodes have these ledgers, as far."""
        return all(
            store.heads().get(ledger, NONE)[0] >= seq
            for store in self.stores.values()
            for ledger, (seq, _) in wanted.items()
        )

    def come_together(self) -> None:
        """Waits until the three nodes are alike, and all streams have their length."""
        self.wait("the three nodes are alike", self.alike)
        heads = {ledger: seq for ledger, (seq, _) in self.stores[HUB].heads().items()}
        self.wait("streams are whole", partial(streams.are_whole, self.federation, heads))

    def alike(self) -> bool:
        one, *others = (store.heads() for store in self.stores.values())
        return all(other == one for other in others)

    def wait_for_more(self, node: Agency, ledger: Agency, events: int) -> None:
        """Until a node has so many more events of a ledger than now."""
        store = self.stores[node]
        wanted = store.heads().get(ledger, NONE)[0] + events
        self.wait("work goes on", lambda: store.heads().get(ledger, NONE)[0] >= wanted)

    def wait(self, what: str, holds: Callable[[], bool]) -> None:
        with self.explained():
            self.federation.wait(what, holds, PATIENCE)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """A TimeoutError tells how far each node has come, and the ends of all logs."""
        try:
            yield
        except TimeoutError as error:
            logs = "\n".join(f"== {node.name}\n{node.log_end()}" for node in self.nodes.values())
            heads = {
                agency: store.heads() if store.path.exists() else {}
                for agency, store in self.stores.items()
            }
            held = {str(at): one for at, one in streams.extents(self.federation).items()}
            raise TimeoutError(f"{heads}\n{held}\n{logs}\n{error}") from None

    def readers(self) -> dict[Agency, Reader]:
        return {agency: Reader(node.environ) for agency, node in self.nodes.items()}


def abandoned(attempts: list[Attempt], troubles: Schedule, began: float) -> Iterator[str]:
    """What a node did not answer its own agency, though it and its server were left alone."""
    for attempt in attempts:
        if attempt.letter.own and not attempt.heard:
            struck = (
                attempt.letter.asker == trouble.agency
                and trouble.fault in AT_HOME
                and attempt.ended > began + trouble.begins
                and attempt.began < began + trouble.ends + STARTING
                for trouble in troubles
            )
            if not any(struck):
                yield attempt.letter.id


def alone(attempt: Attempt, troubles: Schedule, began: float) -> bool:
    """Whether it was asked and answered within an agency that was cut off at the time."""
    return (
        attempt.letter.own
        and attempt.heard
        and any(
            (trouble.agency in (None, attempt.letter.asker) and trouble.fault not in AT_HOME)
            and began + trouble.begins < attempt.began
            and attempt.ended < began + trouble.ends
            for trouble in troubles
        )
    )


@contextmanager
def running(
    folder: Path,
    *,
    hubs: int = 1,
    version: str = PINNED,
    programs: Mapping[Agency, tuple[str, ...]] | None = None,
) -> Iterator[Three]:
    """Linked, and each node answers."""
    with servers.running(folder, hubs=hubs, version=version) as federation, ExitStack() as stack:
        nodes = {
            agency: Node(federation, agency, (programs or {}).get(agency, RUN), replicas=hubs)
            for agency in federation.agencies
        }
        for node in nodes.values():
            stack.enter_context(node)
        three = Three(federation, nodes)
        stack.enter_context(three.clerks)
        with three.explained():
            three.clerks.wait_for_nodes()
        yield three
