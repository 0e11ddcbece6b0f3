"""Whatever comes of three ledgers, in whatever order: their beginnings are kept, to the byte.

What is expected is said here once more, as plainly as a list of bytes allows.
"""

from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from coordination.store.receiving import Misfit, Received, What
from coordination.store.writer import Writer
from schemas.upcasting import read
from schemas.vocabulary import THREE, Agency
from tests.coordination.store.ledgers import another, changed, sent, three
from tests.faults.clerk import opened_by, started
from tests.servers.postgres import Server

WHOLE = len(three()["fit"])


class Arrival(Struct, frozen=True):
    """Events of a ledger from a place near its head on; one of them may be left out, said twice,
    be another event, or follow another one."""

    ledger: Agency
    offset: int
    length: int
    spoils: str
    at: int

    def batch(self, head: int) -> list[bytes]:
        first = max(0, head + self.offset)
        batch = list(three()[self.ledger][first : first + self.length])
        at = self.at
        if at < len(batch):
            match self.spoils:
                case "left out":
                    del batch[at]
                case "twice":
                    batch.insert(at, batch[at])
                case "before it":
                    batch[at : at + 2] = reversed(batch[at : at + 2])
                case "another" if read(batch[at]).seq <= head:
                    batch[at] = another(batch[at])
                case "follows another":
                    batch[at] = changed(batch[at], read(batch[at]).previous, "f" * 64)
        return batch


ARRIVALS = st.lists(
    st.builds(
        Arrival,
        ledger=st.sampled_from(THREE),
        offset=st.integers(-5, 2),
        length=st.integers(0, 9),
        spoils=st.sampled_from(
            ("", "", "left out", "twice", "before it", "another", "follows another")
        ),
        at=st.integers(0, 8),
    ),
    max_size=25,
)


def expected(ledger: Agency, held: list[bytes], batch: list[bytes]) -> Received:
    """What becomes of a batch; `held` is what the ledger holds, and grows."""
    kept = known = 0
    for raw in batch:
        seq = read(raw).seq
        what, ours = None, None
        if seq <= len(held):
            if held[seq - 1] != raw:
                what, ours = What.FORK, held[seq - 1]
            known += what is None
        elif seq > len(held) + 1:
            what = What.GAP
        elif raw != three()[ledger][seq - 1]:  # it follows another one
            what, ours = What.FORK, held[-1] if held else None
        else:
            held.append(raw)
            kept += 1
        if what is not None:
            misfit = Misfit(what=what, ledger=ledger, seq=seq, raw=raw, ours=ours)
            return Received(kept, known, len(held), misfit)
    return Received(kept, known, len(held))


def differing(environ: Mapping[str, str], arrivals: list[Arrival]) -> list[Arrival]:
    """The arrivals after which the answer was not as expected; at last all of it is delivered."""
    held: dict[Agency, list[bytes]] = {ledger: [] for ledger in THREE}
    wrong = []
    with ExitStack() as closes:
        store = closes.enter_context(closing(opened_by(environ)))
        writer: Writer = closes.enter_context(closing(started(store)))
        for arrival in arrivals:
            ledger = arrival.ledger
            batch = arrival.batch(len(held[ledger]))
            if writer.receive(ledger, batch) != expected(ledger, held[ledger], batch):
                wrong.append(arrival)
        for ledger in THREE:
            writer.receive(ledger, three()[ledger])
        if {ledger: sent(store, ledger) for ledger in THREE} != three() or list(store.verify()):
            wrong += arrivals
    return wrong


def in_a_folder(arrivals: list[Arrival]) -> list[Arrival]:
    with TemporaryDirectory() as folder:
        return differing({"SQLITE_DBNAME": str(Path(folder) / "events.sqlite")}, arrivals)


@given(ARRIVALS)
@settings(max_examples=150, deadline=None)
def test_any_order_of_arrival_keeps_the_beginnings_of_the_ledgers(arrivals: list[Arrival]) -> None:
    assert in_a_folder(arrivals) == []


@given(ARRIVALS)
@settings(max_examples=20, deadline=None)
def test_any_order_of_arrival_does_so_on_postgresql(
    postgres: Server, arrivals: list[Arrival]
) -> None:
    assert differing(postgres.environ(), arrivals) == []
