"""How one thing stands and what is behind it, and what a figure counts, for people."""

from collections.abc import Iterable, Iterator

from coordination.cli.tables.history import said
from coordination.cli.tables.page import Page, footnote, marked, sheet
from coordination.fields import heading, worded
from coordination.wording import Reader
from projections.explanation import Explanation, Fact
from projections.figures import Counted, FigureLines
from projections.history import Entry
from projections.read_model import Reference
from schemas.vocabulary import Provenance

ENTRIES = ("recorded", "from", "what", "who", "reference")


def explanation(answer: Explanation, reader: Reader) -> Page:
    parts = {
        "explanation.behind": answer.behind,
        "explanation.without-effect": answer.without_effect,
        "explanation.to-come": answer.to_come,
    }
    if not any(parts.values()):
        return [reader.say("history.none", stream=answer.stream)]
    facts = ((heading(fact.field, reader), _fact(fact, reader)) for fact in answer.facts)
    return [
        *sheet(reader, "explanation.facts", ("field", "stands"), facts, stream=answer.stream),
        *([] if answer.facts else [reader.say("explanation.nothing-yet", stream=answer.stream)]),
        *(
            part
            for title, entries in parts.items()
            for part in sheet(reader, title, ENTRIES, _entries(entries, reader))
        ),
        *footnote(reader, sum(map(_is_illustrative, answer.facts))),
    ]


def _fact(fact: Fact, reader: Reader) -> str:
    return marked(worded(fact.field, fact.value, reader), _is_illustrative(fact))


def _is_illustrative(fact: Fact) -> bool:
    return isinstance(fact.value, Provenance) and fact.value.illustrative


def _entries(entries: Iterable[Entry], reader: Reader) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        who = f"{reader.agency(entry.agency)}\n{reader.label('role', entry.role)}"
        yield *said(entry, reader), who, entry.reference


def figure(answer: FigureLines, reader: Reader) -> Page:
    name = reader.label("figure", answer.figure)
    headline = reader.pair(
        name if answer.year is None else f"{name}, {answer.year}", str(answer.value)
    )
    rows = (
        (str(number), _counted(one, reader), "\n".join(one.streams), ranges(one.behind))
        for number, one in enumerate(answer.lines, start=1)
    )
    columns = ("number", "counted", "streams", "behind")
    return [
        headline,
        *sheet(reader, "explanation.lines", columns, rows),
        *([reader.say("explanation.next")] if answer.lines else []),
        *footnote(reader, sum(one.illustrative for one in answer.lines)),
    ]


def _counted(one: Counted, reader: Reader) -> str:
    known = [
        *map(reader.title, one.titles),
        reader.period(one.period) if one.period else "",
        reader.value(one.place or one.part),
        reader.agency(one.agency),
    ]
    first, *others = [word for word in known if word] or [""]
    return "\n".join([marked(first, one.illustrative), *others])


def ranges(behind: Iterable[Reference]) -> str:
    """References on lines, those that follow each other together: `awex/3–7`."""
    runs: list[tuple[str, int, int]] = []
    for one in behind:
        ledger, _, number = one.partition("/")
        seq = int(number)
        if runs and (runs[-1][0], runs[-1][2] + 1) == (ledger, seq):
            runs[-1] = (ledger, runs[-1][1], seq)
        else:
            runs.append((ledger, seq, seq))
    return "\n".join(
        f"{ledger}/{first}" if first == last else f"{ledger}/{first}–{last}"
        for ledger, first, last in runs
    )
