"""Messages that are repeated, or missing, in the stream of a ledger: absorbed, or waited for."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import sleep

import msgspec
from nats.errors import Error

from schemas.vocabulary import AWEX, FIT, HUB, THREE
from tests.faults.federation import streams, three
from tests.faults.federation.evidence import envelope
from tests.faults.federation.judge import Verdict, broken
from tests.faults.federation.short_window import SECONDS
from tests.faults.federation.three import Three
from tests.servers.federation import Federation
from tests.servers.node import RUN

SHORT_WINDOW = ("-m", "tests.faults.federation.short_window")
CARELESS = ("-m", "tests.faults.federation.careless_replica")
REPEATED = 40


async def repeat(federation: Federation, events: Sequence[bytes]) -> int:
    """
    The owner's own credentials are in the wrong hands, or its older program still runs.

    How many the streams took in anew; the others came while a stream was being made again.
    """
    stored = 0
    async with await streams.at_home(federation, AWEX) as client:
        for raw in events:
            event = envelope(raw)
            for prefix in ("link.", ""):
                subject = f"{prefix}ev.awex.shared.{event.type}"
                with suppress(Error):
                    answer = await client.request(
                        subject, raw, timeout=0.5, headers={"Nats-Msg-Id": event.id}
                    )
                    said = msgspec.json.decode(answer.data)
                    stored += "seq" in said and not said.get("duplicate")
    return stored


def test_what_is_repeated_after_the_window_is_absorbed(tmp_path: Path) -> None:
    with three.running(tmp_path, programs=dict.fromkeys(THREE, SHORT_WINDOW)) as nodes:
        for number in range(3):
            nodes.clerks.begin(number, 2027)
            nodes.wait_for_more(AWEX, AWEX, REPEATED)
            assert nodes.verdict() == Verdict()
            sleep(SECONDS + 0.2)
            nodes.clerks.begin(number + 10, 2027)
            old = nodes.stores[AWEX].ledger(AWEX)[:REPEATED]
            assert asyncio.run(repeat(nodes.federation, old)) > 0
            nodes.wait_for_more(AWEX, AWEX, REPEATED)
            assert nodes.verdict() == Verdict()


async def leave_out(federation: Federation, events: Sequence[bytes], place: int) -> None:
    """A hub administrator makes the stream of AWEX anew, without one of its messages."""
    async with await streams.at_the_hub(federation, AWEX) as client:
        api = client.jetstream()
        config = (await api.stream_info(streams.name(AWEX))).config
        seals = [
            (await api.get_msg(streams.name(AWEX), seq=number + 1)).headers
            for number in range(len(events))
        ]
        await api.delete_stream(streams.name(AWEX))
        await api.add_stream(config)
        for number, raw in enumerate(events):
            if number != place:
                headers = {"Ledger-Seal": (seals[number] or {})["Ledger-Seal"]}
                event = envelope(raw)
                await api.publish(
                    f"ev.awex.shared.{event.type}",
                    raw,
                    headers={**headers, "Nats-Msg-Id": event.id},
                )


def missing_one(nodes: Three) -> None:
    """FIT comes back to a stream of AWEX with a hole, while AWEX is away."""
    nodes.clerks.begin(0, 2027)
    nodes.wait_for_more(FIT, AWEX, 10)
    nodes.nodes[FIT].kill()
    known = nodes.stores[FIT].heads()[AWEX][0]
    nodes.wait_for_more(AWEX, AWEX, 20)
    nodes.clerks.rest()
    written = nodes.stores[AWEX].ledger(AWEX)
    nodes.wait(
        "the hub has it all", lambda: nodes.stores[HUB].heads() == nodes.stores[AWEX].heads()
    )
    nodes.nodes[AWEX].kill()
    asyncio.run(leave_out(nodes.federation, written, known + 5))
    nodes.nodes[FIT].start()
    nodes.clerks.wait_for_nodes(FIT)


def test_a_hole_is_waited_for(tmp_path: Path) -> None:
    with three.running(tmp_path) as nodes:
        missing_one(nodes)
        sleep(2)
        assert list(broken(nodes.read())) == []
        assert nodes.verdict() == Verdict()


def test_the_same_hole_shows_a_replica_that_does_not_look_at_places(tmp_path: Path) -> None:
    programs = {**dict.fromkeys(THREE, RUN), FIT: CARELESS}
    with three.running(tmp_path, programs=programs) as nodes:
        missing_one(nodes)
        nodes.wait("it took it", lambda: list(broken(nodes.read())) != [])
        assert list(broken(nodes.read())) == ["awex at fit"]
