"""kill -9 while the ledgers of three agencies are taken in: each is whole up to its head, and what
was acknowledged is there."""

import os
import random
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import count, cycle
from pathlib import Path

from msgspec import Struct

from coordination.store.checking import EVERYTHING
from coordination.store.ledger import Finding
from coordination.store.writer import Writer
from schemas.vocabulary import THREE, Agency
from tests.coordination.store.ledgers import Ledgers, three
from tests.faults.clerk import opened_by, started
from tests.faults.receivers import LooksAtNoSeq, MovesTheHeadLater
from tests.servers.postgres import Server

Environ = Mapping[str, str]
KILLS = 60
KILLS_OF_ONE_STORE = 20
MISSIONS = 1_500
BATCHES = (1, 3, 10, 40)


class Damage(Struct, frozen=True):
    """What a series of kills did; `acknowledged` tells that there was something to lose."""

    acknowledged: int
    lost: tuple[str, ...]
    altered: tuple[str, ...]
    findings: tuple[Finding, ...]


def killed(
    environs: Iterator[Environ], kills: int, seed: int, kind: type[Writer] = Writer
) -> Damage:
    """Kills a receiving process again and again, and looks at the store after each."""
    moments = random.Random(seed)
    sent = three(MISSIONS)
    acknowledged = 0
    lost: list[str] = []
    altered: list[str] = []
    for number in range(kills):
        if number % KILLS_OF_ONE_STORE == 0:
            environ = next(environs)
        said = run_and_kill(environ, sent, moments.uniform(0.02, 0.06), kind)
        acknowledged += len(said)
        with closing(opened_by(environ)) as store:
            if findings := tuple(store.verify()):
                return Damage(acknowledged, tuple(lost), tuple(altered), findings)
            held: dict[Agency, list[bytes]] = {ledger: [] for ledger in THREE}
            for _, stream, raw in store.stored(0, EVERYTHING):
                held[stream.split("-")[1]].append(raw)
        for ledger in THREE:
            if tuple(held[ledger]) != sent[ledger][: len(held[ledger])]:
                altered.append(ledger)
        lost += [one for one in said if len(held[one.split()[0]]) < int(one.split()[1])]
    return Damage(acknowledged, tuple(lost), tuple(altered), ())


def run_and_kill(environ: Environ, sent: Ledgers, after: float, kind: type[Writer]) -> list[str]:
    """What was acknowledged by a process that lived for so many seconds after its first answer."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        receive(started(opened_by(environ), kind), sent, writing)
        os._exit(1)  # it receives until it is killed
    os.close(writing)
    noted = os.read(reading, 65_536)
    time.sleep(after)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    while more := os.read(reading, 65_536):
        noted += more
    os.close(reading)
    return noted.decode().splitlines()


def receive(writer: Writer, sent: Ledgers, notes: int) -> None:
    """Takes in batch after batch, a little too early or too late now and then, and only then notes
    `ledger head`, a line each."""
    heads = {one.ledger: one.seq for one in writer.store.heads()}
    for size, offset, ledger in zip(cycle(BATCHES), cycle((0, -3, 1, 0, -20)), cycle(THREE)):
        first = max(0, heads.get(ledger, 0) + offset)
        received = writer.receive(ledger, sent[ledger][first : first + size])
        heads[ledger] = received.head
        os.write(notes, f"{ledger} {received.head}\n".encode())


def files(folder: Path) -> Iterator[Environ]:
    return ({"SQLITE_DBNAME": str(folder / f"{number}.sqlite")} for number in count())


def findings(damage: Damage) -> Sequence[str]:
    return sorted({finding.what for finding in damage.findings})


def test_nothing_received_is_lost_or_altered_in_60_kills(tmp_path: Path) -> None:
    damage = killed(files(tmp_path), KILLS, seed=907)
    assert damage == Damage(damage.acknowledged, (), (), ())
    assert damage.acknowledged > KILLS


def test_nor_on_postgresql(postgres: Server) -> None:
    environs = (postgres.environ() for _ in count())
    damage = killed(environs, KILLS_OF_ONE_STORE, seed=908)
    assert damage == Damage(damage.acknowledged, (), (), ())
    assert damage.acknowledged > KILLS_OF_ONE_STORE


def test_the_same_kills_show_a_receiver_that_does_not_look_at_the_seq(tmp_path: Path) -> None:
    damage = killed(files(tmp_path), KILLS_OF_ONE_STORE, seed=907, kind=LooksAtNoSeq)
    assert "ledger.seq" in findings(damage)


def test_the_same_kills_show_a_head_that_moves_in_a_transaction_of_its_own(tmp_path: Path) -> None:
    damage = killed(files(tmp_path), KILLS_OF_ONE_STORE, seed=907, kind=MovesTheHeadLater)
    assert findings(damage) == ["ledger.head"]
