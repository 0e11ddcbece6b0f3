"""kill -9 while commands are acknowledged: nothing acknowledged is missing, nothing is twice."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

from msgspec import Struct

from coordination.store.ledger import Finding
from coordination.store.writer import Waiting, Writer
from tests.faults.clerk import opened, started, work
from tests.faults.killing import notes_of_killed

CLERKS = 4
KILLS = 200
KILLS_OF_ONE_STORE = 20  # a store is verified after each kill, so it must not grow too large


class Damage(Struct, frozen=True):
    """What a series of kills did; `acknowledged` tells that there was something to lose."""

    acknowledged: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    findings: tuple[Finding, ...]


def killed(folder: Path, kills: int, seed: int, kind: type[Writer] = Writer) -> Damage:
    """Kills a writing process again and again, and looks at the store after each."""
    moments = random.Random(seed)
    acknowledged: set[str] = set()
    every: list[str] = []
    lost: set[str] = set()
    twice: set[str] = set()
    findings: list[Finding] = []
    for number in range(kills):
        if number % KILLS_OF_ONE_STORE == 0:
            acknowledged.clear()
        database = str(folder / f"{number // KILLS_OF_ONE_STORE}.sqlite")
        noted = run_and_kill(database, str(number), moments.uniform(0.02, 0.06), kind)
        acknowledged.update(noted)
        every += noted
        store = opened(database)
        held = Counter(f"{one.stream} {one.version}" for one in store.events())
        findings += store.verify()
        store.close()
        lost |= acknowledged - held.keys()
        twice |= {event for event, times in held.items() if times > 1}
        acknowledged -= lost
    return Damage(len(every), tuple(sorted(lost)), tuple(sorted(twice)), tuple(findings))


def run_and_kill(database: str, run: str, after: float, kind: type[Writer]) -> list[str]:
    """What was acknowledged by a process that lived for so many seconds after its first answer."""

    def write(notes: int) -> None:
        writer = started(opened(database), kind)
        clerks = [
            Thread(target=work, args=(writer, f"{run}-{clerk}", notes), daemon=True)
            for clerk in range(CLERKS)
        ]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()

    return notes_of_killed(after, write)


def test_nothing_acknowledged_is_lost_or_twice_in_200_kills(tmp_path: Path) -> None:
    damage = killed(tmp_path, KILLS, seed=907)
    assert damage == Damage(damage.acknowledged, (), (), ())
    assert damage.acknowledged > KILLS


class AnswersBeforeTheCommit(Writer):
    """The planted fault."""

    def handle(self, batch: Sequence[Waiting]) -> None:
        draft = self.decide(batch)
        self.reply(batch)
        time.sleep(0.002)
        self.commit(draft)


def test_the_same_kills_show_a_writer_that_answers_before_the_commit(tmp_path: Path) -> None:
    assert killed(tmp_path, KILLS_OF_ONE_STORE, seed=907, kind=AnswersBeforeTheCommit).lost != ()
