"""A hundred schedules of trouble between three nodes: what was answered stays, once and in order,
and when all is whole again the nodes have the same bytes and answer the same."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.faults.federation import judge, three
from tests.faults.federation.judge import Verdict
from tests.faults.federation.schedules import Fault, schedule
from tests.faults.federation.three import Round

SCHEDULES = 100
AT_ONCE = 2  # federations, each with its share of the schedules
LOOKED_AT = 3  # streams of each round whose history and explanation are compared


def rounds(folder: Path, seeds: Sequence[int]) -> list[Round]:
    """On one federation, whose state accumulates."""
    found = []
    with three.running(folder) as nodes, ExitStack() as stack:
        readers = nodes.readers()
        for reader in readers.values():
            stack.callback(reader.close)
        for seed in seeds:
            found.append(nodes.round(seed, schedule(seed)))
            asked = nodes.lately_asked(LOOKED_AT)
            assert list(judge.unlike(readers, nodes.year_of(seed), asked)) == [], seed
        assert nodes.verdict() == Verdict()
    return found


def test_nodes_that_were_apart_come_together(tmp_path: Path) -> None:
    shares = [range(first, SCHEDULES, AT_ONCE) for first in range(AT_ONCE)]
    folders = [tmp_path / str(number) for number in range(AT_ONCE)]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = [one for share in threads.map(rounds, folders, shares) for one in share]
    assert [one for one in done if one.verdict != Verdict()] == []
    assert [one for one in done if one.abandoned] == []
    assert len(done) == SCHEDULES
    assert sum(one.alone for one in done) > 10 * SCHEDULES
    for what, seconds in (
        ("caught up", sorted(one.caught_up for one in done)),
        ("all settled", sorted(one.settled for one in done)),
    ):
        print(f"{what}: median {median(seconds):.2f} s, longest {seconds[-1]:.2f} s")


def test_the_schedules_have_every_fault_many_times_and_together() -> None:
    drawn = [schedule(seed) for seed in range(SCHEDULES)]
    counted = Counter(trouble.fault for troubles in drawn for trouble in troubles)
    assert {fault for fault in Fault if counted[fault] >= 5} == set(Fault)
    assert {len(troubles) for troubles in drawn} == {1, 2, 3, 4}
    assert schedule(7) == schedule(7)
