"""
The servers with all that could be damaged, and witnesses who hear everything in every account.

What a witness may do is added to the accounts that the command made; nothing else is changed.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import nats
from msgspec import Struct, field
from nats.aio.client import Client
from nats.aio.msg import Msg

from coordination.bus.keys.environment import LOOPBACK
from coordination.bus.keys.layout import HUB_SERVER, account, others
from coordination.bus.subjects import ledger_stream
from schemas.vocabulary import Agency
from tests.bus.forbidden.at_the_leaf import PLANNED
from tests.bus.forbidden.operation import Operation, body, consumer, stream
from tests.servers.nats import Server
from tests.servers.sovereign import Sovereign, tls

Change = Callable[[Sovereign], None]
CONFIDENTIAL = "CONFIDENTIAL"


class Heard(Struct, frozen=True):
    """In which account of which server, such as `nats-hub/FIT` or `leaf-awex/NODE`."""

    where: str
    subject: str
    data: bytes
    mark: str


class Scene(Struct):
    sovereign: Sovereign
    heard: list[Heard] = field(default_factory=list)
    witnesses: dict[str, Client] = field(default_factory=dict)
    actors: dict[tuple[Agency, str], Client] = field(default_factory=dict)
    refusals: dict[tuple[Agency, str], list[str]] = field(default_factory=dict)
    known: dict[str, Any] | None = None

    @property
    def servers(self) -> list[Server]:
        return [*self.sovereign.hubs, *self.sovereign.leaves.values()]

    def on_hub(self, agency: Agency) -> str:
        """Where its ledger is; in an experiment, all are in one account."""
        own = f"{HUB_SERVER}/{account(agency)}"
        return own if own in self.witnesses else f"{HUB_SERVER}/ALL"

    def state(self) -> dict[str, Any]:
        """All streams and consumers of all accounts, with how far they are."""
        found: dict[str, Any] = {}
        for server in self.servers:
            page = server.shown("jsz?accounts=1&streams=1&consumers=1&config=1")
            for owner in page.get("account_details", []):
                for held in owner.get("stream_detail", []):
                    where = f"{server.name}/{owner['name']}/{held['name']}"
                    state = held["state"]
                    kept = ("messages", "first_seq", "last_seq", "num_deleted")
                    found[where] = [held["config"], *(state.get(name, 0) for name in kept)]
                    for one in held.get("consumer_detail") or ():
                        at = [one["delivered"][name] for name in ("consumer_seq", "stream_seq")]
                        found[f"{where}/{one['name']}"] = [one["config"], *at, one.get("paused")]
        return found

    async def bait(self) -> None:
        """Something confidential is said in each place, between those whom it concerns."""
        agencies = self.sovereign.agencies
        for agency in agencies:
            inside = self.witnesses[f"leaf-{agency}/NODE"]
            # As a node asks its own server: what it hears has an inbox apart from the link's.
            answered = await inside.subscribe("_INBOX_node.asked")
            subject = f"cmd.{agency}.{agency}.mission.plan"
            await inside.publish(subject, _said(agency), reply="_INBOX_node.asked")
            await answered.next_msg(5)
            await answered.unsubscribe()
            for subject in (f"answer.{agency}.bait", "_INBOX_client.bait", "_INBOX_node.bait"):
                await inside.publish(subject, _said(agency))
            await self.witnesses[f"leaf-{agency}/LOCAL"].publish("confidential.bait", _said(agency))
            for other in others(agency, agencies):
                asked = f"link.cmd.{other}.{agency}.mission.plan"
                await inside.request(asked, _said(agency, other), timeout=5)


def _said(*agencies: Agency) -> bytes:
    return b"between " + " and ".join(sorted(agencies)).encode() + b" only"


def concerns(data: bytes, agency: Agency) -> bool:
    """Whether what the bait says is said to the agency."""
    return agency in data.decode(errors="replace").split()


@asynccontextmanager
async def played(
    folder: Path, users: Iterable[str], *, change: Change = lambda _: None, **options: Any
) -> AsyncIterator[Scene]:
    """
    Started, furnished and listened to. `users` are the actors of each agency's leaf; the actor
    `admin` may do everything at the leaf, `hub-admin` in the agency's account on the hub.
    """
    scene = Scene(Sovereign(folder, **options))
    change(scene.sovereign)
    _add_witnesses(scene.sovereign)
    with scene.sovereign.started():
        async with AsyncExitStack() as stack:
            for server, accounts in _accounts(scene.sovereign).items():
                for name in accounts:
                    where = f"{server}/{name}"
                    scene.witnesses[where] = await _witness(scene.sovereign, server, name, [])
                    stack.push_async_callback(scene.witnesses[where].close)
            await _furnish(scene)
            for agency in scene.sovereign.agencies:
                await _answer(scene.witnesses[f"leaf-{agency}/NODE"], agency)
                for user in users:
                    refusals: list[str] = []
                    actor = await _actor(scene.sovereign, agency, user, refusals)
                    stack.push_async_callback(actor.close)
                    scene.actors[agency, user] = actor
                    scene.refusals[agency, user] = refusals
            for where, witness in scene.witnesses.items():
                await witness.subscribe(">", cb=_note(scene.heard, where))
                await witness.flush()
            yield scene


def _accounts(sovereign: Sovereign) -> dict[str, list[str]]:
    """Of each server, but for SYS."""
    found = {}
    for server in (HUB_SERVER, *(f"leaf-{agency}" for agency in sovereign.agencies)):
        text = (sovereign.folder / server.removeprefix("leaf-") / "accounts.conf").read_text()
        found[server] = [name for name in re.findall(r"^  ([A-Z]+) {", text, re.M) if name != "SYS"]
    return found


def _add_witnesses(sovereign: Sovereign) -> None:
    for server, names in _accounts(sovereign).items():
        file = sovereign.folder / server.removeprefix("leaf-") / "accounts.conf"
        text = file.read_text()
        for name in names:
            user = f'{{ user: "witness-{name}", password: witness }},'
            text = re.sub(rf"(\n  {name} {{.*?users: \[)", rf"\1 {user}", text, count=1, flags=re.S)
        file.write_text(text)


async def _witness(sovereign: Sovereign, server: str, name: str, refusals: list[str]) -> Client:
    place = server.removeprefix("leaf-")
    own = sovereign.folder / place
    port = sovereign.hub_ports[0] if server == HUB_SERVER else sovereign.ports[place]
    return await nats.connect(
        f"tls://{LOOPBACK}:{port}",
        tls=tls(own / "ca.pem", own / "monitor"),
        user=f"witness-{name}",
        password="witness",
        inbox_prefix="_INBOX_link",
        allow_reconnect=False,
        error_cb=_keep(refusals),
    )


async def _actor(sovereign: Sovereign, agency: Agency, user: str, refusals: list[str]) -> Client:
    if user == "admin":
        return await _witness(sovereign, f"leaf-{agency}", "NODE", refusals)
    if user == "hub-admin":
        return await _witness(sovereign, HUB_SERVER, account(agency), refusals)
    return await sovereign.connect(agency, user, error_cb=_keep(refusals))


def _keep(refusals: list[str]) -> Callable[[Exception], Awaitable[None]]:
    async def keep(error: Exception) -> None:
        refusals.append(str(error))

    return keep


def _note(heard: list[Heard], where: str) -> Callable[[Msg], Awaitable[None]]:
    async def note(message: Msg) -> None:
        mark = (message.headers or {}).get("Mark", "")
        heard.append(Heard(where, message.subject, message.data, mark))

    return note


async def _answer(node: Client, agency: Agency) -> None:
    """As the agency's node does."""

    async def answer(message: Msg) -> None:
        if message.reply:
            await node.publish(
                message.reply, f"answered by leaf-{agency}: ".encode() + message.data
            )

    for subject in (f"cmd.{agency}.>", f"ledger.{agency}.>", f"node.{agency}.>", "$SRV.PING"):
        await node.subscribe(subject, cb=answer)
    await node.flush()


async def _furnish(scene: Scene) -> None:
    """Each ledger on the hub and on each leaf, with its readers; something confidential."""
    agencies = scene.sovereign.agencies

    for owner in agencies:
        name, event = ledger_stream(owner), f"ev.{owner}.{PLANNED}"
        made = stream(name, subjects=[f"ev.{owner}.shared.>"], allow_direct=True)
        away = others(owner, agencies)
        places = {scene.on_hub(owner): away}
        places |= {f"leaf-{agency}/NODE": ["node"] for agency in agencies}
        for place, readers in places.items():
            at = scene.witnesses[place]
            await ask(at, f"$JS.API.STREAM.CREATE.{name}", made)
            for number in range(3):
                await ask(at, event, body({"number": number}))
            for reader in readers:
                await _read(at, name, reader)
    for agency in agencies:
        local = scene.witnesses[f"leaf-{agency}/LOCAL"]
        made = stream(CONFIDENTIAL, subjects=["confidential.visit"], allow_direct=True)
        await ask(local, f"$JS.API.STREAM.CREATE.{CONFIDENTIAL}", made)
        await ask(local, "confidential.visit", b"a secret")
        await _read(local, CONFIDENTIAL, "local")


async def _read(at: Client, name: str, reader: str) -> None:
    kept = consumer(name, reader, durable_name=reader)
    await ask(at, f"$JS.API.CONSUMER.CREATE.{name}.{reader}", kept)


async def ask(client: Client, subject: str, content: bytes) -> bytes:
    answer = await client.request(subject, content, timeout=5)
    assert b'"error"' not in answer.data, (subject, answer.data)
    return answer.data


async def tidy(scene: Scene, operation: Operation, *, again: bool = False) -> str:
    """
    Takes away the consumer that an operation is about; `again` makes it anew as it was furnished.
    Its name in the scene's state.
    """
    *_, name, reader = operation.subject.split(".")
    over_link = operation.subject.startswith("link.")
    owner = name.removeprefix("LEDGER_").lower()
    place = scene.on_hub(owner) if over_link else f"leaf-{operation.agency}/NODE"
    await scene.witnesses[place].request(f"$JS.API.CONSUMER.DELETE.{name}.{reader}", timeout=5)
    if again and over_link:
        await _read(scene.witnesses[place], name, reader)
    scene.known = None
    return f"{place}/{name}/{reader}"
