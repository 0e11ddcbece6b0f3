"""A program of FIT's that knows the AsyncAPI document, NATS and JSON, and nothing else of us.

    stranger.py look|publish|ask|ask-later|read URL FOLDER

`FOLDER` holds the keys of a client. Each message that comes is printed as it is, one a line.
"""

import asyncio
import json
import ssl
import sys
from pathlib import Path

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

PATIENCE = 10  # seconds, as the document advises
MUCH_PATIENCE = 90  # seconds, for what waits until the others can be reached

PUBLISH = (
    "cmd.fit.fit.mission.publish",
    b"""{
        "mission": "mission-fit-2028-nairobi",
        "title": {"nl": "Groene havens in Nairobi", "en": "Green ports in Nairobi"},
        "action": "agency-mission",
        "period": {"period": "month", "year": 2028, "month": 3},
        "places": [{"country": "KE", "city": "Nairobi"}],
        "sectors": ["logistics", "environment"]
    }""",
    {"Command-Id": "crm-000417", "Role": "coordinator"},
)
ASK = (
    "cmd.awex.fit.mission.request-co-organisation",
    b'{"mission": "mission-awex-2028-hanoi", "terms": {"role": "co-organiser", "places": 8}}',
    {"Command-Id": "crm-000418", "Role": "coordinator", "Meeting": "meeting-2027-september"},
)
ASK_LATER = (
    "cmd.awex.fit.mission.request-co-organisation",
    b'{"mission": "mission-awex-2028-lima"}',
    {"Command-Id": "crm-000419"},
)
CREATE = (
    "$JS.API.CONSUMER.CREATE.LEDGER_AWEX.client",
    b"""{
        "stream_name": "LEDGER_AWEX",
        "config": {
            "name": "client",
            "ack_policy": "none",
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": 1,
            "inactive_threshold": 60000000000
        }
    }""",
)
NEXT = ("$JS.API.CONSUMER.MSG.NEXT.LEDGER_AWEX.client", b'{"batch": 100, "expires": 30000000000}')
AWAITED = "mission.co-organisation-accepted"


async def connected(url: str, folder: Path) -> Client:
    tls = ssl.create_default_context(cafile=folder / "ca.pem")
    tls.load_cert_chain(folder / "client.pem", folder / "client.key")
    return await nats.connect(
        url, tls=tls, nkeys_seed=str(folder / "client.nk"), inbox_prefix="_INBOX_client"
    )


async def ask(client: Client, asked: tuple[str, bytes, dict[str, str]]) -> None:
    subject, payload, headers = asked
    show(await client.request(subject, payload, timeout=PATIENCE, headers=headers))


async def ask_later(client: Client) -> None:
    """Asked, heard that it waits, and in the end what became of it; asked again, the same."""
    outcome = await client.subscribe("answer.fit.crm-000419")
    await ask(client, ASK_LATER)
    show(await outcome.next_msg(MUCH_PATIENCE))
    await ask(client, ASK_LATER)


async def read(client: Client) -> None:
    """Events of AWEX, from the first to the one that is awaited."""
    inbox = await client.subscribe(client.new_inbox())
    made = json.loads((await client.request(*CREATE, timeout=PATIENCE)).data)
    assert "error" not in made, made
    await client.publish(*NEXT, reply=inbox.subject)
    while True:
        event = await inbox.next_msg(MUCH_PATIENCE)
        show(event)
        if event.data and json.loads(event.data)["type"] == AWAITED:
            return


def show(message: Msg) -> None:
    print(message.data.decode() or message.headers, flush=True)


async def main(what: str, url: str, folder: str) -> None:
    client = await connected(url, Path(folder))
    match what:
        case "look":
            show(await client.request("node.fit.schema", timeout=PATIENCE))
            show(await client.request("node.fit.health", timeout=PATIENCE))
        case "publish":
            await ask(client, PUBLISH)
        case "ask":
            await ask(client, ASK)
        case "ask-later":
            await ask_later(client)
        case "read":
            await read(client)
    await client.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
