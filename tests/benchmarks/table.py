"""The table of the repository, from the figures of one run; nobody edits it by hand."""

from collections.abc import Iterator
from itertools import groupby

from tests.benchmarks.results import Figure, Results
from tests.benchmarks.rows import Row, Unit, number, rows

INTRODUCTION = """\
# What it costs, measured

Written by `make bench` from one run, and by nobody’s hand. Contenders take turns within a round,
in one order and then in the other; a figure is the median of {turns} rounds, with the least and
the most in brackets, and a ratio is taken within each round. Two contenders that are never run
side by side say nothing about each other: compare ratios, not figures of different runs.

![how far each aim is met](results.svg)

{machine}

Durability is that of production everywhere: WAL and `synchronous=FULL` on SQLite, `fsync` and
`synchronous_commit` on PostgreSQL. The libraries keep their defaults, which are the same there,
and are measured on samples, for their pace does not depend on how much follows. Concurrent
clients are threads of one process. Over NATS two agencies have the servers of `deploy/nats`, with
mutual TLS and `sync_interval: always`, and a node each in a process of its own, all with the hub on
this one machine; programs ask over one connection. The events are those of
`tests/benchmarks/model`: 450 actions a year of three agencies, about twenty events an action, each
decided by the deciders."""

HEADING = "| measured | ours | against | ratio | aim | |\n|---|---|---|---|---|---|"


def markdown(results: Results) -> str:
    parts = [INTRODUCTION.format(turns=results.turns, machine=_machine(results))]
    for chapter, of_chapter in groupby(rows(results), lambda row: row.chapter):
        lines = [_line(row, results) for row in of_chapter]
        parts.append("\n".join([f"## {chapter}\n", HEADING, *lines]))
    if notes := list(_notes(results)):
        parts.append("## Notes\n\n" + "\n".join(f"- {note}" for note in notes))
    return "\n\n".join(parts) + "\n"


def _machine(results: Results) -> str:
    machine, synced = results.machine, results.figure("fsync")
    assert synced is not None
    return (
        f"{results.began:%d/%m/%Y}, {results.seconds / 60:.1f} minutes on {machine.processor}, "
        f"{machine.cores} cores, {machine.memory_gib} GiB, {machine.system}; "
        f"Python {machine.python}, SQLite {machine.sqlite}, PostgreSQL {machine.postgres}, "
        f"eventsourcing {machine.eventsourcing}. "
        f"An fsync took {_spread(synced, Unit.MILLISECONDS)}, p50 of each round: "
        "where it is noisy, so is everything that waits for it."
    )


def _line(row: Row, results: Results) -> str:
    ours = results.figure(row.name)
    cells = [
        row.what,
        _spread(ours, row.unit) if ours else "–",
        _against(row, results),
        _ratio(row, results),
        _aim(row),
        outcome(row, results),
    ]
    return "| " + " | ".join(cells) + " |"


def _spread(figure: Figure, unit: Unit) -> str:
    factor, of = unit.value
    least, most = number(figure.least * factor), number(figure.most * factor)
    return f"{number(figure.middle * factor)} {of} ({least}–{most})"


def _against(row: Row, results: Results) -> str:
    if row.against is None:
        return ""
    other = results.figure(row.against.name)
    return f"{row.against.who}: {row.unit.said(other.middle) if other else '–'}"


def _ratio(row: Row, results: Results) -> str:
    if row.against is None:
        return ""
    ratio = row.figure(results)
    if ratio is None:
        return "–"
    return f"{number(ratio.middle)} × ({number(ratio.least)}–{number(ratio.most)})"


def _aim(row: Row) -> str:
    if row.aim is None:
        return ""
    sign, unit = "≥" if row.aim.at_least else "≤", "×" if row.against else row.unit.value[1]
    return f"{sign} {row.aim.bound:g} {unit}"


def outcome(row: Row, results: Results) -> str:
    """`met`, or by how much not; why there is no figure; empty where there is no aim."""
    if row.figure(results) is None:
        names = (row.name, row.against.name if row.against else row.name)
        why = (results.absent[start] for start in results.absent for name in names if start in name)
        return next(why, "not measured")
    times = row.times_the_aim(results)
    if times is None:
        return ""
    return f"met, {number(times)} ×" if times >= 1 else f"**missed**: {times:.0%} of the aim"


def _notes(results: Results) -> Iterator[str]:
    for name, note in results.notes.items():
        yield f"`{name}`: {note}"
