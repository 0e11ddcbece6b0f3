"""A stream is kept equal to a ledger of the store, whatever happens to the stream meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
import pytest
from nats.aio.client import Client

from coordination.bus import relay as relaying
from coordination.bus.audit import Ahead, Forked
from coordination.bus.connection import connect
from coordination.bus.ending import ended
from coordination.bus.ledgers import Sealed
from coordination.bus.relay import Relay
from coordination.bus.stream import Copy, Shape, declared
from coordination.bus.trouble import TROUBLES
from schemas.recorded_event import hash_of
from tests.coordination.bus.nodes import settings_of, until
from tests.coordination.bus.offices import Office, Offices, after, changed
from tests.servers.federation import Federation

COPY = Copy("awex", False, Shape())
Message = tuple[int, str, bytes, str]  # sequence, id, bytes, seal


@pytest.fixture
async def client(federation: Federation) -> AsyncIterator[Client]:
    """As the node of AWEX, at its own server."""
    connected = await connect(settings_of(federation, "awex"), "node")
    yield connected
    await connected.close()


@pytest.fixture
def awex(offices: Offices) -> Office:
    offices["awex"].publish("hanoi", "tokyo", "osaka")
    return offices["awex"]


class Counting(Relay):
    """How often it has read the whole stream."""

    audits = 0

    async def _audit(self, until: int) -> None:
        self.audits += self._unread
        await super()._audit(until)


def relay(client: Client, of: Office, kind: type[Relay] = Relay) -> Relay:
    return kind(
        client,
        COPY,
        lambda: of.ledgers.reader("awex"),
        consumer="node",
        seal=of.ledgers.sealed,
        own_seq=of.ledgers.own_seq,
    )


@asynccontextmanager
async def running(client: Client, of: Office, kind: type[Relay] = Relay) -> AsyncIterator[Relay]:
    one = relay(client, of, kind)
    task = asyncio.create_task(one.run())
    try:
        yield one
        assert not task.done()
    finally:
        await ended([task])


async def stream(client: Client) -> list[Message]:
    api = COPY.api(client)
    last = (await api.stream_info(COPY.name)).state.last_seq
    found = []
    for seq in range(1, last + 1):
        message = await api.get_msg(COPY.name, seq=seq)
        headers = message.headers or {}
        found.append(
            (
                seq,
                headers.get("Nats-Msg-Id", ""),
                message.data or b"",
                headers.get("Ledger-Seal", ""),
            )
        )
    return found


def wanted(of: Office) -> list[Message]:
    return [
        (event.seq, event.id, event.raw, of.ledgers.sealed(event)) for event in of.ledger("awex")
    ]


async def whole(client: Client, of: Office) -> None:
    """Until the stream is the ledger."""

    async def is_the_ledger() -> bool:
        try:
            return await stream(client) == wanted(of)
        except TROUBLES:
            return False

    with suppress(TimeoutError):
        await until(is_the_ledger)
    assert await stream(client) == wanted(of)


async def test_each_event_is_a_message_with_its_id_and_seal_at_its_place(
    client: Client, awex: Office
) -> None:
    async with running(client, awex):
        await whole(client, awex)
        awex.publish("kobe", "nara")
        await whole(client, awex)


async def filled(client: Client, of: Office) -> None:
    """By a relay that has ended since."""
    async with running(client, of):
        await whole(client, of)


async def test_a_stream_that_was_deleted_is_made_again_with_the_same_ids(
    client: Client, awex: Office
) -> None:
    async with running(client, awex):
        await whole(client, awex)
        before = await stream(client)
        await COPY.api(client).delete_stream(COPY.name)
        awex.publish("kobe")
        await whole(client, awex)
        assert (await stream(client))[:3] == before


async def test_a_deleted_stream_is_missed_though_nothing_new_is_recorded(
    client: Client, awex: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "LOOKS_AT_STREAM", 0.5)
    async with running(client, awex):
        await whole(client, awex)
        await COPY.api(client).delete_stream(COPY.name)
        await whole(client, awex)


async def test_an_old_message_that_somebody_sends_again_makes_the_stream_anew(
    client: Client, awex: Office
) -> None:
    await filled(client, awex)
    first = awex.sealed()[0]
    await COPY.api(client).publish("ev.awex.shared.mission.planned", first.raw, headers=None)
    async with running(client, awex):
        awex.publish("kobe")
        await whole(client, awex)


async def test_a_message_that_was_slipped_in_while_it_runs_is_found_at_the_next_event(
    client: Client, awex: Office
) -> None:
    async with running(client, awex):
        await whole(client, awex)
        await COPY.api(client).publish("ev.awex.shared.mission.planned", b"{}")
        awex.publish("kobe")
        await whole(client, awex)


async def test_a_changed_byte_anywhere_is_found_when_the_relay_begins(
    client: Client, awex: Office
) -> None:
    await declared(COPY.api(client), COPY)
    first, *others = awex.sealed()
    for one in (Sealed(changed(first.raw, role="auditor"), first.seal), *others):
        await append(client, one.raw, one.seal)
    async with running(client, awex):
        await whole(client, awex)


async def test_a_stream_whose_seals_nobody_would_believe_is_made_again(
    client: Client, awex: Office
) -> None:
    """As after the key was changed, and the one before is trusted no more."""
    await declared(COPY.api(client), COPY)
    for one in awex.sealed():
        await append(client, one.raw, "")
    async with running(client, awex):
        await whole(client, awex)


async def test_who_misses_something_makes_the_relay_read_all_of_it_again(
    client: Client, awex: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "RESTS", 0)
    async with running(client, awex) as one:
        await whole(client, awex)
        await COPY.api(client).delete_stream(COPY.name)
        one.doubt()
        await whole(client, awex)


async def test_who_asks_in_vain_does_not_keep_the_relay_reading(
    client: Client, awex: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "RESTS", 1e6)
    async with running(client, awex, Counting) as one:
        assert isinstance(one, Counting)
        await until(lambda: one.audits == 1)
        await asyncio.sleep(0.5)
        for _ in range(100):
            one.doubt()
            await asyncio.sleep(0.005)
    assert one.audits == 1


async def test_two_relays_publish_each_event_once(client: Client, awex: Office) -> None:
    async with running(client, awex), running(client, awex):
        for number in range(20):
            awex.publish(f"city-{number}")
        await whole(client, awex)


async def test_a_stream_that_goes_on_with_our_seal_is_ahead_of_an_older_store(
    client: Client, awex: Office
) -> None:
    await filled(client, awex)
    last = awex.sealed()[-1]
    following = awex.seal(after(last))
    await append(client, following.raw, following.seal)
    with pytest.raises(Ahead):
        await asyncio.wait_for(relay(client, awex).run(), 10)


async def test_a_stream_that_goes_on_without_our_seal_is_made_again(
    client: Client, awex: Office
) -> None:
    await filled(client, awex)
    await append(client, after(awex.sealed()[-1]), "")
    async with running(client, awex):
        await whole(client, awex)


@pytest.mark.parametrize("more", [(), ("kobe",), ("kobe", "nara")])
async def test_our_own_seal_on_another_history_stops_the_relay_and_leaves_the_stream(
    client: Client, awex: Office, more: tuple[str, ...]
) -> None:
    """As a node does that came back from an older backup and decided before it could look."""
    await filled(client, awex)
    third = awex.sealed()[-1]
    other = awex.seal(third.raw, role="auditor")
    await COPY.api(client).delete_stream(COPY.name)
    await declared(COPY.api(client), COPY)
    for one in (*awex.sealed()[:2], other):
        await append(client, one.raw, one.seal)
    awex.publish(*more)
    before = await stream(client)
    with pytest.raises(Forked):
        await asyncio.wait_for(relay(client, awex).run(), 10)
    assert await stream(client) == before


async def append(client: Client, raw: bytes, seal: str) -> None:
    """By somebody else who may publish there."""
    event = msgspec.json.decode(raw)
    headers = {"Nats-Msg-Id": f"{hash_of(raw)}", "Ledger-Seal": seal}
    await COPY.api(client).publish(f"ev.awex.shared.{event['type']}", raw, headers=headers)
