"""kill -9 while a new store is made: the next who opens it makes it."""

import random
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from itertools import count, islice
from pathlib import Path

from coordination.store.refusal import StoreRefused
from tests.faults.clerk import opened_by
from tests.faults.killing import killed_after
from tests.servers.postgres import Server

KILLS = 60


def refusals(places: Iterator[Mapping[str, str]], longest: float, **making: str) -> set[str]:
    """Why the stores cannot be opened whose making was killed within so many seconds."""
    moments = random.Random(907)
    found = set()
    for environ in islice(places, KILLS):
        killed_after(moments.uniform(0, longest), partial(opened_by, {**environ, **making}))
        try:
            with closing(opened_by(environ)) as store:
                assert (store.position(), list(store.verify())) == (0, [])
        except StoreRefused as refused:
            found.add(refused.key)
    return found


def test_a_file_is_made_where_its_making_was_killed(tmp_path: Path) -> None:
    files = ({"SQLITE_DBNAME": str(tmp_path / f"{number}.sqlite")} for number in count())
    assert refusals(files, 0.02) == set()


def test_a_schema_is_made_where_its_making_was_killed(postgres: Server) -> None:
    assert refusals((postgres.environ() for _ in count()), 0.1) == set()


def test_the_same_kills_show_a_schema_that_is_made_in_two_transactions(postgres: Server) -> None:
    halved = {"PERSISTENCE_MODULE": "tests.faults.halved_recorder"}
    assert refusals((postgres.environ() for _ in count()), 0.1, **halved) == {"store.not-ours"}
