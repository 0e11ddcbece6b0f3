"""Must-show 7 of the bus: who knows only the AsyncAPI document publishes, asks, waits and reads."""

import ast
import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.errors import Error

from schemas.asyncapi import document
from schemas.vocabulary import THREE, Agency
from tests.journeys import stranger
from tests.schemas.asyncapi.checking import wrong
from tests.servers.node import RUN
from tests.servers.process import Process
from tests.servers.sovereign import Sovereign, environ, running

STRANGER = Path(stranger.__file__)
SOON = 60.0  # seconds
PATIENCE = 15.0  # seconds for an answer
HANOI, LIMA, NAIROBI = (
    "mission-awex-2028-hanoi",
    "mission-awex-2028-lima",
    "mission-fit-2028-nairobi",
)


def test_the_stranger_knows_nothing_of_us() -> None:
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(STRANGER.read_text()))
        for name in named(node)
    }
    assert imported - sys.stdlib_module_names == {"nats"}


def named(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [one.name for one in names]
        case ast.ImportFrom(module=module):
            return [module or "."]
    return []


def test_what_the_stranger_sends_is_in_the_document() -> None:
    for subject, payload, headers in (stranger.PUBLISH, stranger.ASK, stranger.ASK_LATER):
        assert mistaken(subject, json.loads(payload), headers) == []


def test_a_field_that_the_document_does_not_have_is_found() -> None:
    subject, payload, headers = stranger.ASK
    misspelt = json.loads(payload.replace(b"mission", b"missions", 1))
    assert mistaken(subject, misspelt, headers) != []
    assert mistaken(subject.replace("cmd", "command"), json.loads(payload), headers) != []


def mistaken(subject: str, payload: Any, headers: dict[str, str]) -> list[str]:
    said = document()
    tag = subject.split(".", 3)[-1]
    address = said["channels"][tag]["address"]
    pattern = re.sub(r"\\{\w+\\}", "[a-z]+", re.escape(address))
    message = f"#/components/messages/{tag}"
    return [
        *([] if re.fullmatch(pattern, subject) else [f"{subject} is not {address}"]),
        *wrong(said, f"{message}/payload", payload),
        *wrong(said, f"{message}/headers", headers),
    ]


async def test_a_stranger_publishes_as_fit_and_asks_awex_and_both_plans_show_it(
    tmp_path: Path,
) -> None:
    with three_nodes(tmp_path) as (servers, nodes):
        for node in nodes.values():
            await found(servers, node)
        async with connected(servers, "awex") as awex:
            schema, health = lines(servers, "look")
            assert schema == document()
            assert list(wrong(schema, "#/components/messages/node.health/payload", health)) == []
            for mission in (HANOI, LIMA):
                await told(awex, "cmd.awex.awex.mission.publish", published(mission))
            assert [kinds(one) for one in answers(servers, "publish")] == [
                ("done", "mission.published")
            ]
            assert [kinds(one) for one in answers(servers, "ask")] == [
                ("done", "mission.co-organisation-requested")
            ]

            waits, decided, again = await asked_while_cut_off(servers)
            assert kinds(waits) == ("waiting", "awex")
            assert kinds(decided) == ("done", "mission.co-organisation-requested")
            assert again == decided

            accepted = json.dumps({"mission": HANOI, "partner": "fit"}).encode()
            await told(awex, "cmd.awex.awex.mission.accept-co-organisation", accepted)
            events = lines(servers, "read")
            assert [event["type"] for event in events] == [
                "mission.published",
                "mission.published",
                "mission.co-organisation-requested",
                "mission.co-organisation-requested",
                "mission.co-organisation-accepted",
            ]
            assert [event["seq"] for event in events] == [1, 2, 3, 4, 5]
            assert events[2:4] == [*answers(servers, "ask")[0]["events"], *decided["events"]]
            assert [mistakes for event in events for mistakes in wrong_event(event)] == []
            await copied(awex, "LEDGER_FIT", 1)
            plan = planned(servers, "awex")
            assert plan == planned(servers, "fit")
            assert {
                (row["line"]["mission"], tuple(row["regions"]), row["tag"])
                for row in plan["missions"]
            } == {
                (HANOI, ("awex", "fit"), "bi-regional"),
                (LIMA, ("awex",), "uni-regional"),
                (NAIROBI, ("fit",), "uni-regional"),
            }


class Node(Process):
    def __init__(self, servers: Sovereign, agency: Agency) -> None:
        self.agency = agency
        super().__init__(
            f"node-{agency}",
            servers.folder_of(agency),
            [sys.executable, *RUN],
            variables(servers, agency),
        )


@contextmanager
def three_nodes(folder: Path) -> Iterator[tuple[Sovereign, dict[Agency, Node]]]:
    """As they are deployed: mutual TLS, keys, and the server lets nobody do what is not his."""
    with running(folder) as servers, ExitStack() as stack:
        nodes = {agency: Node(servers, agency) for agency in THREE}
        for node in nodes.values():
            stack.enter_context(node)
        yield servers, nodes


def variables(servers: Sovereign, agency: Agency) -> dict[str, str]:
    at = servers.folder_of(agency)
    return {
        **environ(at / "node.env"),
        "COORDINATION_LANGUAGE": "en",
        "COORDINATION_BUS_URL": servers.url(agency),
        "COORDINATION_BUS_MONITORS": servers.leaves[agency].monitor_url,
        "SQLITE_DBNAME": str(at / "coordination.sqlite"),
    }


@asynccontextmanager
async def connected(servers: Sovereign, agency: Agency) -> AsyncIterator[Client]:
    """A program of the agency."""
    client = await servers.connect(agency, "client")
    try:
        yield client
    finally:
        await client.close()


async def found(servers: Sovereign, node: Node) -> None:
    """The node answers by NATS' protocol of services."""
    async with connected(servers, node.agency) as client, asyncio.timeout(SOON):
        while True:
            assert node.running, node.log_end()
            with suppress(Error, TimeoutError):
                await client.request(f"$SRV.PING.coordination-{node.agency}", timeout=1)
                return
            await asyncio.sleep(0.05)


def published(mission: str) -> bytes:
    return json.dumps(
        {
            "mission": mission,
            "title": {"fr": mission},
            "action": "agency-mission",
            "period": {"period": "year", "year": 2028},
            "places": [{"country": "VN" if mission == HANOI else "PE"}],
            "sectors": ["environment"],
        }
    ).encode()


async def told(client: Client, subject: str, payload: bytes) -> None:
    answer = json.loads((await client.request(subject, payload, timeout=PATIENCE)).data)
    assert answer["answer"] == "done", answer


async def copied(client: Client, stream: str, number: int) -> None:
    """The agency's own server has as many events of another's ledger."""
    async with asyncio.timeout(SOON):
        while (await client.jetstream().stream_info(stream)).state.last_seq < number:
            await asyncio.sleep(0.05)


def command(servers: Sovereign, what: str) -> list[str]:
    return [
        sys.executable,
        "-I",
        str(STRANGER),
        what,
        servers.url("fit"),
        str(servers.folder_of("fit")),
    ]


def lines(servers: Sovereign, what: str) -> list[dict[str, Any]]:
    """What the stranger received."""
    ran = subprocess.run(
        command(servers, what), capture_output=True, text=True, timeout=SOON, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def answers(servers: Sovereign, what: str) -> list[dict[str, Any]]:
    received = lines(servers, what)
    assert [mistake for one in received for mistake in wrong_answer(one)] == []
    return received


async def asked_while_cut_off(servers: Sovereign) -> list[dict[str, Any]]:
    """The hub is down when the stranger asks, and comes back once it knows that it waits."""
    servers.hubs[0].kill()
    process = await asyncio.create_subprocess_exec(
        *command(servers, "ask-later"), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(2 * SOON):
            received = [json.loads(await process.stdout.readline())]
            servers.hubs[0].start()
            received += [json.loads(await process.stdout.readline()) for _ in range(2)]
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert [mistake for one in received for mistake in wrong_answer(one)] == []
    return received


def kinds(answer: dict[str, Any]) -> tuple[str, ...]:
    return (
        answer["answer"],
        *(event["type"] for event in answer.get("events", ())),
        *([answer["owner"]] if "owner" in answer else []),
    )


def wrong_answer(answer: dict[str, Any]) -> list[str]:
    pointer = f"#/components/messages/answer.{answer['answer']}/payload"
    return list(wrong(document(), pointer, answer))


def wrong_event(event: dict[str, Any]) -> list[str]:
    return list(wrong(document(), f"#/components/messages/{event['type']}/payload", event))


def planned(servers: Sovereign, agency: Agency) -> Any:
    """The plan of 2028 as the agency's own node has it."""
    asked = ["plan", "2028", "--format", "json"]
    ran = subprocess.run(
        [sys.executable, "-c", "from coordination.cli import main; main()", *asked],
        env={**os.environ, **variables(servers, agency)},
        capture_output=True,
        text=True,
        timeout=SOON,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return json.loads(ran.stdout)
