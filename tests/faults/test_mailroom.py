"""kill -9 while letters are taken in and answered: what was acknowledged is there, and whole."""

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct

from coordination.mailroom.kept import CameBy, Door, Reason, Settled
from coordination.mailroom.mailroom import Mailroom
from tests.coordination.mailroom.conftest import MORNING
from tests.coordination.mailroom.letters import DONE, letter
from tests.faults.killing import notes_of_killed

KILLS = 100
LONGEST = 0.04  # seconds that the postman is left alone
LINK = CameBy(Door.LINK, "fit")


class Damage(Struct, frozen=True):
    """What a series of kills did; `acknowledged` tells that there was something to lose."""

    acknowledged: int
    lost: tuple[str, ...]
    miscounted: int
    damaged: tuple[Any, ...]


def deliver(path: Path, run: int, kind: type[Mailroom], notes: int) -> None:
    """Takes in and answers without end, and notes each step once it has been acknowledged."""
    with kind(path, lambda: MORNING) as mailroom:
        for number in count():
            id = f"{run}-{number}"
            mailroom.accept(letter(id))
            os.write(notes, f"asked {id}\n".encode())
            mailroom.settle("fit", id, DONE)
            os.write(notes, f"settled {id}\n".encode())
            mailroom.note_answer("fit", id, "digest", DONE)
            os.write(notes, f"answered {id}\n".encode())
            kept = mailroom.keep(
                LINK, "cmd", {}, id.encode(), reason=Reason.NOT_JSON, parameters={}
            )
            os.write(notes, f"kept {kept}\n".encode())
            if number % 2 and kept is not None:
                mailroom.settle_kept(kept, Settled.REPLAYED)
                os.write(notes, f"replayed {kept}\n".encode())
            mailroom.note_evidence("awex", number, f"fork in run {run}", id.encode(), seal=None)
            os.write(notes, f"evidence {id}\n".encode())


def held(mailroom: Mailroom) -> set[str]:
    """The notes that what is there bears out."""
    letters, messages = mailroom.all(), mailroom.kept()
    return {
        *(f"asked {one.id}" for one in letters),
        *(f"settled {one.id}" for one in letters if one.answer == DONE),
        *(
            f"answered {one.id}"
            for one in letters
            if mailroom.answered("fit", one.id) == ("digest", DONE)
        ),
        *(f"kept {one.number}" for one in messages),
        *(f"replayed {one.number}" for one in messages if one.settled is not None),
        *(f"evidence {one.theirs.decode()}" for one in mailroom.evidence()),
    }


def killed(path: Path, kills: int, kind: type[Mailroom] = Mailroom) -> Damage:
    """Kills a postman again and again; each goes on in the mailroom of those before."""
    moments = random.Random(907)
    acknowledged: set[str] = set()
    for run in range(kills):
        work = partial(deliver, path, run, kind)
        acknowledged.update(notes_of_killed(moments.uniform(0, LONGEST), work))
    with Mailroom(path, lambda: MORNING) as mailroom:
        waiting = [one for one in mailroom.kept() if one.settled is None]
        [[messages, _]] = mailroom.selected("SELECT messages, bytes FROM room")
        damaged = mailroom.selected("PRAGMA integrity_check")
        lost = acknowledged - held(mailroom)
    return Damage(len(acknowledged), tuple(sorted(lost)), messages - len(waiting), tuple(damaged))


def test_nothing_acknowledged_is_lost_in_100_kills(tmp_path: Path) -> None:
    damage = killed(tmp_path / "mailroom.sqlite", KILLS)
    assert damage == Damage(damage.acknowledged, (), 0, (("ok",),))
    assert damage.acknowledged > 10 * KILLS


class AnswersBeforeTheCommit(Mailroom):
    """The planted fault: what it has done is durable a moment later."""

    def __init__(self, *given: Any) -> None:
        self._begun = False
        super().__init__(*given)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        if self._begun:
            time.sleep(0.002)
            connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        self._begun = True
        yield connection


def test_the_same_kills_show_a_mailroom_that_answers_before_the_commit(tmp_path: Path) -> None:
    assert killed(tmp_path / "mailroom.sqlite", 20, AnswersBeforeTheCommit).lost != ()
