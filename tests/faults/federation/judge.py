"""The verdict on three nodes that came together again: what they have against what was answered."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from schemas.vocabulary import Agency
from tests.faults.federation.evidence import Envelope, Ledgers, Reader, Store, envelope
from tests.faults.federation.notebook import Notebook


class Verdict(Struct, frozen=True):
    """
    All empty where all is well.

    `different`: ledgers that are not the same bytes on two nodes. `broken`: ledgers with a hole or
    a place taken twice. `lost`: letters that were answered with events which are not there.
    `twice`: letters with other events than they were answered with, and events that are there
    twice. `disordered`: letters of a lane that were decided before the ones asked earlier.
    `unsettled`: letters without an answer. `contradicted`: letters with two. `unlike`: questions
    that two nodes answer differently, and tables whose rows differ.
    """

    different: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    disordered: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    contradicted: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()


def judged(stores: Mapping[Agency, Store], notebook: Notebook) -> Verdict:
    """By the stores and the answers alone."""
    for store in stores.values():
        store.read_on()
    ledgers = {agency: store.ledgers.get(agency, []) for agency, store in stores.items()}
    decided = events(ledgers)
    return Verdict(
        different=tuple(different(stores)),
        broken=tuple(broken(stores)),
        lost=tuple(lost(notebook, {raw for ledger in ledgers.values() for raw in ledger})),
        twice=tuple(twice(notebook, decided)),
        disordered=tuple(disordered(notebook, decided)),
        unsettled=tuple(letter.id for letter in notebook.open()),
        contradicted=tuple(notebook.contradictions()),
    )


def events(ledgers: Ledgers) -> list[Envelope]:
    """Each ledger as its owner has it."""
    return [envelope(raw) for ledger in ledgers.values() for raw in ledger]


def different(stores: Mapping[Agency, Store]) -> Iterator[str]:
    for node, store in stores.items():
        for ledger, owner in stores.items():
            if store.ledgers.get(ledger, []) != owner.ledgers.get(ledger, []):
                yield f"{ledger} at {node}"


def broken(stores: Mapping[Agency, Store]) -> Iterator[str]:
    for node, store in stores.items():
        for ledger, recorded in store.ledgers.items():
            places = [envelope(raw).seq for raw in recorded]
            if places != list(range(1, len(places) + 1)):
                yield f"{ledger} at {node}"


def lost(notebook: Notebook, recorded: Collection[bytes]) -> Iterator[str]:
    for letter in notebook.letters.values():
        if any(raw not in recorded for told in letter.told for raw in told.recorded()):
            yield letter.id


def twice(notebook: Notebook, decided: Sequence[Envelope]) -> Iterator[str]:
    yield from (one for one, times in Counter(event.id for event in decided).items() if times > 1)
    found = Counter(event.causation for event in decided)
    for letter in notebook.letters.values():
        told = letter.answer
        if told is not None and told.final and found[letter.id] != len(told.events):
            yield letter.id


def disordered(notebook: Notebook, decided: Sequence[Envelope]) -> Iterator[str]:
    """Of the letters of a lane to its own agency, whose answers were awaited one by one."""
    places = {event.causation: event.seq for event in decided}
    last: dict[str, int] = {}
    for letter in notebook.letters.values():
        if letter.own and letter.id in places:
            if places[letter.id] <= last.get(letter.lane, 0):
                yield letter.id
            last[letter.lane] = places[letter.id]


def unlike(readers: Mapping[Agency, Reader], year: int, streams: Sequence[str]) -> Iterator[str]:
    (first, one), *others = readers.items()
    answers, rows = one.answers(year, streams), one.rows()
    for agency, other in others:
        for question, answer in other.answers(year, streams).items():
            if answer != answers[question]:
                yield f"{question} at {first} and {agency}"
        for table, kept in other.rows().items():
            if kept != rows[table]:
                yield f"{table} at {first} and {agency}"
