"""A hub of three servers: whichever of them dies while it leads, each event is there once."""

from pathlib import Path

from schemas.vocabulary import THREE
from tests.faults.federation import streams, three
from tests.faults.federation.judge import Verdict
from tests.faults.federation.streams import Place
from tests.faults.federation.three import Three

KILLS = 20
PUBLISHED = 10  # messages that a leader takes in before it dies


def lead(nodes: Three, place: Place) -> str:
    """The server that leads a stream, once it takes messages in."""
    federation = nodes.federation
    before = streams.extents(federation)[place].messages

    def moves() -> bool:
        return streams.extents(federation)[place].messages >= before + PUBLISHED

    nodes.wait(f"the {place} moves", moves)
    nodes.wait(f"the {place} has a leader", lambda: len(leaders(nodes, place)) == 1)
    return leaders(nodes, place)[0]


def leaders(nodes: Three, place: Place) -> list[str]:
    """Who says so of itself."""
    return [
        hub.name
        for hub in nodes.federation.hubs
        for stream in streams.streams_of(hub)
        if stream["name"] == streams.name(place.ledger)
        and stream.get("cluster", {}).get("leader") == hub.name
    ]


def test_leaders_that_die_while_it_is_published_lose_nothing(tmp_path: Path) -> None:
    with three.running(tmp_path, hubs=3) as nodes:
        hubs = {hub.name: hub for hub in nodes.federation.hubs}
        nodes.clerks.begin(0, 2027)
        died = []
        for number in range(KILLS):
            place = Place(THREE[number % len(THREE)], None)
            died.append(leader := lead(nodes, place))
            hubs[leader].kill()
            lead(nodes, place)  # another one
            hubs[leader].start()
        assert nodes.verdict() == Verdict()
        assert len(died) == KILLS
        assert min(len(ledger) for ledger in nodes.ledgers().values()) > KILLS * PUBLISHED // 3
