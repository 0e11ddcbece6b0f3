"""Taking in many messages at a time: nobody is left without knowing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from nats import micro
from nats.aio.client import Client
from nats.aio.msg import Msg

from coordination.bus import desk as desks
from coordination.bus.connection import connect
from coordination.bus.desk import Clerk, Desk
from coordination.bus.understanding import Wanted
from coordination.mailroom.kept import CameBy, Door
from coordination.mailroom.refusal import MailroomRefused
from coordination.store.refusal import StoreRefused
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import new_id, now, settings_of, until
from tests.coordination.bus.offices import Office, Offices
from tests.servers.federation import Federation

PUBLISH = "cmd.awex.awex.mission.publish"
HANOI = msgspec.json.encode(mission("awex", "hanoi"))


class Slow(Desk):
    """Answers once it may, with what it is given, or raises that."""

    def __init__(self, client: Client, clerk: Clerk, outcome: bytes | Exception) -> None:
        super().__init__(client, clerk)
        self.may, self.outcome, self.attended = asyncio.Event(), outcome, 0

    def came_by(self, subject: str) -> CameBy:
        return CameBy(Door.CLIENT, "awex")

    async def attend(self, wanted: Wanted, headers: Mapping[str, str], raw: bytes) -> bytes:
        self.attended += 1
        await self.may.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


Opened = tuple[Slow, Client]


@asynccontextmanager
async def opened(
    federation: Federation, of: Office, outcome: bytes | Exception
) -> AsyncIterator[Opened]:
    """The desk, and a client that asks there."""
    node = await connect(settings_of(federation, "awex"), "node")
    client = await connect(settings_of(federation, "awex"), "client")
    clerk = Clerk("awex", of.service.known, of.mailroom, now, new_id)
    desk = Slow(node, clerk, outcome)
    service = await micro.add_service(node, name="desk", version="1.0.0")
    await service.add_endpoint(name="commands", subject="cmd.awex.>", handler=desk.take)
    await node.flush()
    try:
        yield desk, client
    finally:
        desk.may.set()
        await desk.close()
        await client.close()
        await node.close()


async def asked(client: Client, raw: bytes = HANOI) -> tuple[bytes, str | None]:
    """What was answered, and why nothing was done."""
    answer: Msg = await client.request(PUBLISH, raw, timeout=10)
    return answer.data, (answer.headers or {}).get("Nats-Service-Error")


async def test_who_comes_when_all_are_busy_is_told_to_ask_again(
    federation: Federation, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "AT_ONCE", 2)
    async with opened(federation, offices["awex"], b"done") as (desk, client):
        first = [asyncio.create_task(asked(client)) for _ in range(2)]
        await until(lambda: desk.attended == 2)
        assert await asked(client) == (b"", "node.busy")
        desk.may.set()
        assert await asyncio.gather(*first) == [(b"done", None)] * 2
        assert await asked(client) == (b"done", None)


@pytest.mark.parametrize(
    "outcome, key",
    [
        (StoreRefused("store.disk-full", path="x"), "store.disk-full"),
        (MailroomRefused("mailroom.not-usable", path="x", reason="y"), "mailroom.not-usable"),
    ],
)
async def test_who_cannot_be_answered_now_is_told_why(
    federation: Federation, offices: Offices, outcome: Exception, key: str
) -> None:
    async with opened(federation, offices["awex"], outcome) as (desk, client):
        desk.may.set()
        assert await asked(client) == (b"", key)


async def test_a_fault_of_the_program_is_logged_and_leaves_nobody_waiting(
    federation: Federation, offices: Offices
) -> None:
    logged: list[Mapping[str, Any]] = []
    log: Callable[..., None] = lambda _, context: logged.append(context)  # noqa: E731
    asyncio.get_running_loop().set_exception_handler(log)
    fault = ZeroDivisionError("a fault")
    async with opened(federation, offices["awex"], fault) as (desk, client):
        desk.may.set()
        assert await asked(client) == (b"", "node.fault")
        assert await asked(client) == (b"", "node.fault")
    assert [(one["message"], one["exception"]) for one in logged] == [
        (f"not answered: {PUBLISH}", fault)
    ] * 2


async def test_an_answer_that_no_message_holds_is_told_instead_of_ending_the_connection(
    federation: Federation, offices: Offices
) -> None:
    async with opened(federation, offices["awex"], b"x" * 300_000) as (desk, client):
        desk.may.set()
        assert await asked(client) == (b"", "node.fault")


async def test_who_wants_no_answer_is_attended_to(federation: Federation, offices: Offices) -> None:
    async with opened(federation, offices["awex"], b"done") as (desk, client):
        desk.may.set()
        await client.publish(PUBLISH, HANOI)
        await client.publish(PUBLISH, b"{")
        await until(lambda: desk.attended == 1 and len(offices["awex"].mailroom.kept()) == 1)
        assert await asked(client) == (b"done", None)


async def test_what_was_begun_is_answered_before_the_desk_closes(
    federation: Federation, offices: Offices
) -> None:
    async with opened(federation, offices["awex"], b"done") as (desk, client):
        waits = asyncio.create_task(asked(client))
        await until(lambda: desk.attended == 1)
        closing = asyncio.create_task(desk.close())
        await asyncio.sleep(0.05)
        assert not closing.done()
        desk.may.set()
        await closing
        assert await waits == (b"done", None)


async def test_what_is_not_understood_is_kept_with_its_reason(
    federation: Federation, offices: Offices
) -> None:
    async with opened(federation, offices["awex"], b"done") as (_, client):
        for _ in range(2):
            answer, error = await asked(client, b"{}")
            assert (msgspec.json.decode(answer)["answer"], error) == ("malformed", None)
    [kept] = offices["awex"].mailroom.kept()
    assert (kept.reason, kept.subject, kept.count) == ("message.not-understood", PUBLISH, 2)
    assert {one["field"] for one in kept.parameters["problems"]} >= {"mission", "title"}
