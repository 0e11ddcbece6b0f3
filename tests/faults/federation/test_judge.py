"""The judge sees each kind of wrong: a verdict that was never anything but clean says nothing."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from coordination.store.answers import Asked, Done
from schemas.vocabulary import AWEX, FIT, Agency
from tests.faults.clerk import commands, opened, started
from tests.faults.federation.evidence import Store
from tests.faults.federation.judge import Verdict, judged
from tests.faults.federation.notebook import Letter, Notebook, Told

Stores = dict[Agency, Store]


@pytest.fixture
def evidence(tmp_path: Path) -> tuple[Stores, Notebook]:
    """Two nodes with the same ledger of AWEX, and the answers to the commands behind it."""
    path = tmp_path / "awex.sqlite"
    store, notebook = opened(str(path)), Notebook()
    writer = started(store)
    for number, command in zip(range(6), commands("one"), strict=False):
        done = writer.ask_and_wait(Asked(command=command, role="coordinator", id=f"c-{number}"))
        assert isinstance(done, Done)
        notebook.letters[f"c-{number}"] = Letter(f"c-{number}", "one", AWEX, command)
        answer = {"answer": "done", "events": done.events}
        notebook.note(notebook.letters[f"c-{number}"], msgspec.json.encode(answer))
    writer.close()
    store.close()
    return {AWEX: Store(path), FIT: Store(path)}, notebook


def test_nodes_that_are_alike_and_as_answered_are_well(
    evidence: tuple[Stores, Notebook],
) -> None:
    stores, notebook = evidence
    assert judged(stores, notebook) == Verdict()
    assert {agency: len(store.ledgers[AWEX]) for agency, store in stores.items()} == {
        AWEX: 6,
        FIT: 6,
    }


def drop_the_last(stores: Stores, notebook: Notebook) -> Verdict:
    stores[FIT].ledgers[AWEX].pop()
    return Verdict(different=("awex at fit",))


def leave_a_hole(stores: Stores, notebook: Notebook) -> Verdict:
    del stores[FIT].ledgers[AWEX][2]
    return Verdict(different=("awex at fit",), broken=("awex at fit",))


def repeat_one(stores: Stores, notebook: Notebook) -> Verdict:
    for store in stores.values():
        store.ledgers[AWEX].append(store.ledgers[AWEX][-1])
    event = msgspec.json.decode(stores[AWEX].ledgers[AWEX][-1])["id"]
    return Verdict(broken=("awex at awex", "awex at fit"), twice=(event, "c-5"))


def lose_the_last(stores: Stores, notebook: Notebook) -> Verdict:
    for store in stores.values():
        store.ledgers[AWEX].pop()
    return Verdict(lost=("c-5",), twice=("c-5",))


def decide_what_was_refused(stores: Stores, notebook: Notebook) -> Verdict:
    letter = notebook.letters["c-3"]
    letter.told, letter.answer = [], Told("rejected")
    return Verdict(twice=("c-3",))


def decide_in_another_order(stores: Stores, notebook: Notebook) -> Verdict:
    letters = notebook.letters
    notebook.letters = {id: letters[id] for id in ("c-1", "c-0", "c-2", "c-3", "c-4", "c-5")}
    return Verdict(disordered=("c-0",))


def leave_one_waiting(stores: Stores, notebook: Notebook) -> Verdict:
    letter = notebook.letters["c-5"]
    letter.told, letter.answer = [], Told("waiting")
    return Verdict(unsettled=("c-5",))


def answer_otherwise(stores: Stores, notebook: Notebook) -> Verdict:
    notebook.note(notebook.letters["c-5"], b'{"answer": "rejected"}')
    return Verdict(contradicted=("c-5",))


@pytest.mark.parametrize(
    "wrong",
    [
        drop_the_last,
        leave_a_hole,
        repeat_one,
        lose_the_last,
        decide_what_was_refused,
        decide_in_another_order,
        leave_one_waiting,
        answer_otherwise,
    ],
)
def test_each_kind_of_wrong_is_seen(
    evidence: tuple[Stores, Notebook], wrong: Callable[[Stores, Notebook], Verdict]
) -> None:
    stores, notebook = evidence
    for store in stores.values():
        store.read_on()
    expected = wrong(stores, notebook)
    assert judged(stores, notebook) == expected
