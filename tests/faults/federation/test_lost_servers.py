"""JetStream's files lost, rolled back to a copy, or damaged, on the hub and at an agency, while the
nodes run: the streams are made again from the stores, with the same ids in the same order."""

import random
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from time import sleep

import pytest

from schemas.vocabulary import AWEX
from tests.faults.federation import three
from tests.faults.federation.judge import Verdict
from tests.faults.federation.three import Three
from tests.servers.nats import Server
from tests.servers.process import NotReady

WORK = 0.7  # seconds
Damage = Callable[[Server, random.Random], None]


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    with three.running(tmp_path_factory.mktemp("three")) as started:
        yield started


@pytest.fixture(scope="module")
def seed() -> Iterator[int]:
    return count()


def lost(server: Server, chance: random.Random) -> None:
    """The disk is another one."""
    server.kill()
    shutil.rmtree(server.store)
    server.start()


def rolled_back(server: Server, chance: random.Random) -> None:
    """The disk is as it was a while ago."""
    copy = server.store.with_suffix(".copy")
    server.stop()
    shutil.copytree(server.store, copy)
    server.start()
    sleep(WORK)
    server.kill()
    shutil.rmtree(server.store)
    copy.rename(server.store)
    server.start()


def flipped(server: Server, chance: random.Random) -> None:
    """Some bits of the blocks with the messages are other ones."""
    server.kill()
    for block in sorted(server.store.rglob("*.blk")):
        damaged = bytearray(block.read_bytes())
        for _ in range(chance.randint(1, 5) if damaged else 0):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        block.write_bytes(damaged)
    try:
        server.start()
    except NotReady:  # it hangs on what it reads: then an administrator takes it away
        shutil.rmtree(server.store)
        server.start()


def flipped_unseen(server: Server, chance: random.Random) -> None:
    """As `flipped`, on a server that stopped in good order and does not read all of it again."""
    server.stop()
    flipped(server, chance)


@pytest.mark.parametrize("damage", [lost, rolled_back, *[flipped] * 5, *[flipped_unseen] * 5])
@pytest.mark.parametrize("where", ["hub", "leaf"])
def test_streams_are_made_again(
    nodes: Three, where: str, damage: Damage, seed: Iterator[int]
) -> None:
    server = nodes.federation.hubs[0] if where == "hub" else nodes.federation.leaves[AWEX]
    number = next(seed)
    nodes.clerks.begin(number, nodes.year_of(number))
    sleep(WORK)
    damage(server, random.Random(number))
    sleep(WORK)
    assert nodes.verdict() == Verdict()
