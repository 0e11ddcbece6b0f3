"""The streams, made and brought to what is wanted: once or often, the same."""

import pytest
from nats.js.api import StreamConfig

from coordination.bus.connection import connect
from coordination.bus.refusal import BusRefused
from coordination.bus.setup import Made, setup
from coordination.bus.stream import Copy, Shape
from schemas.vocabulary import THREE
from tests.coordination.bus.letters import mission
from tests.coordination.bus.nodes import Three, alike, settings_of, until
from tests.servers.federation import Federation

SHAPE = Shape()


def made(messages: int, shape: Shape = SHAPE) -> list[Made]:
    copies = [Copy("fit", True, shape), *(Copy(one, False, shape) for one in THREE)]
    return [Made(copy, messages if copy.ledger == "fit" else 0) for copy in copies]


async def test_once_or_often_the_streams_are_the_same(federation: Federation) -> None:
    settings = settings_of(federation, "fit")
    for _ in range(3):
        assert await setup(settings, "fit", THREE, SHAPE) == made(0)


async def test_beside_a_running_node_it_changes_nothing(
    three: Three, federation: Federation
) -> None:
    await three["fit"].ask("fit", "mission.publish", mission("fit", "oslo"))
    await alike(three)
    present = three["fit"].node.present
    assert present is not None
    await until(lambda: present.local["fit"].seq == present.outgoing.seq == 1)
    assert await setup(settings_of(federation, "fit"), "fit", THREE, SHAPE) == made(1)


async def test_a_stream_that_somebody_changed_is_brought_back(federation: Federation) -> None:
    settings, copy = settings_of(federation, "fit"), Copy("fit", False, SHAPE)
    client = await connect(settings, "node")
    api = copy.api(client)
    await api.add_stream(StreamConfig(name=copy.name, subjects=["ev.fit.shared.mission.>"]))
    await setup(settings, "fit", THREE, Shape(duplicate_window=60.0))
    found = (await api.stream_info(copy.name)).config
    assert (found.subjects, found.duplicate_window, found.deny_delete, found.deny_purge) == (
        ["ev.fit.shared.>"],
        60.0,
        True,
        True,
    )
    await client.close()


async def test_what_one_server_cannot_keep_is_named(federation: Federation) -> None:
    """Three copies of a stream need three servers."""
    with pytest.raises(BusRefused) as refused:
        await setup(settings_of(federation, "fit"), "fit", THREE, Shape(replicas=3))
    assert refused.value.key == "bus.stream-not-made"
    assert refused.value.parameters["stream"] == "LEDGER_FIT"


async def test_who_is_cut_off_is_told_which_stream_cannot_be_made(federation: Federation) -> None:
    federation.links["fit"].cut()
    await until(lambda: not federation.linked("fit"))
    with pytest.raises(BusRefused) as refused:
        await setup(settings_of(federation, "fit"), "fit", THREE, SHAPE)
    assert refused.value.key == "bus.stream-not-made"
