"""The picture of the table: how far each aim is met, and commands a second side by side.

Drawn by hand as SVG, without a font from elsewhere; readable on light and on dark pages.
"""

from collections.abc import Iterator
from html import escape
from math import log10

from msgspec import Struct

from tests.benchmarks.results import Results
from tests.benchmarks.rows import Row, Unit, number, rows, thousands

WIDTH = 1_000
LABEL = 490  # where what is measured ends and bars begin
BARS = 370  # how wide the longest bar is
STEP = 24
LOWEST, HIGHEST = 0.01, 100.0  # times the aim, on a scale of powers of ten

STYLE = """
text { font: 13px system-ui, "Liberation Sans", sans-serif; fill: #1f2328 }
text { paint-order: stroke; stroke: #ffffff; stroke-width: 3px }
.title { font-weight: 600; font-size: 15px }
.quiet { fill: #59636e; font-size: 12px }
.line { stroke: #8c959f; stroke-width: 1 }
.aim { stroke: #1f2328; stroke-width: 1.5 }
.met { fill: #2f7d6d } .missed { fill: #c2571a } .ours { fill: #2f7d6d } .other { fill: #8c959f }
.paper { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; stroke: #0d1117 } .quiet { fill: #9198a1 } .paper { fill: #0d1117 }
  .aim { stroke: #e6edf3 } .line { stroke: #656c76 }
  .met { fill: #4fb3a0 } .missed { fill: #f0883e } .ours { fill: #4fb3a0 } .other { fill: #656c76 }
}
"""


class Bar(Struct, frozen=True):
    words: str
    value: float
    ours: bool


def drawn(results: Results) -> str:
    aims, bars = list(_aims(results)), list(_bars(results))
    parts = [*_panel_of_aims(aims, 20)]
    top = 20 + STEP * (len(aims) + 3)
    parts += _panel_of_bars(bars, top, results)
    height = top + STEP * (len(bars) + 3)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="How far each aim is met">\n'
        f'<style>{STYLE}</style>\n<rect class="paper" width="{WIDTH}" height="{height}"/>\n'
        f"{body}\n</svg>\n"
    )


def _aims(results: Results) -> Iterator[tuple[str, float]]:
    """What is held to an aim, and how many times as good as that it is: commands at every size
    measured, all else at the largest."""
    smaller = {str(size) for size in results.sizes if size != max(results.sizes)}
    for row in rows(results):
        times = row.times_the_aim(results)
        if times is not None and (_is_of_commands(row) or smaller.isdisjoint(row.name.split("/"))):
            yield _words(row), times


def _is_of_commands(row: Row) -> bool:
    return row.chapter.startswith("(a)")


def _words(row: Row) -> str:
    letter, _, _ = row.chapter.partition(" ")
    of = f", {row.chapter.rpartition(', ')[2]}" if _is_of_commands(row) else ""
    against = f", against {row.against.briefly}" if row.against else ""
    return f"{letter} {row.what}{of}{against}"


def _panel_of_aims(aims: list[tuple[str, float]], top: int) -> Iterator[str]:
    """A bar from the line of the aim: to the right better, to the left worse, by powers of ten."""
    yield _text("title", 20, top + 4, "How far each aim is met")
    zero, bottom = _at(1.0), top + STEP * (len(aims) + 1)
    for power in (LOWEST, 0.1, 1.0, 10.0, HIGHEST):
        kind = "aim" if power == 1.0 else "line"
        x = _at(power)
        yield f'<line class="{kind}" x1="{x}" x2="{x}" y1="{top + 26}" y2="{bottom}"/>'
        words = "the aim" if power == 1.0 else f"{power:g} ×"
        yield _text("quiet", x, top + 20, words, "middle")
    for place, (words, times) in enumerate(aims, start=1):
        y = top + STEP * place + 10
        kind, sign = ("met", "✓") if times >= 1 else ("missed", "✗")
        end = _at(min(max(times, LOWEST), HIGHEST))
        left, width = min(zero, end), abs(end - zero)
        yield f'<rect class="{kind}" x="{left}" y="{y}" width="{width}" height="12"/>'
        yield _text("", LABEL - 10, y + 11, words, "end")
        x, anchor = (end + 6, "start") if times >= 1 else (end - 6, "end")
        yield _text("", x, y + 11, f"{sign} {number(times)} ×", anchor)


def _at(times: float) -> float:
    share = (log10(times) - log10(LOWEST)) / (log10(HIGHEST) - log10(LOWEST))
    return round(LABEL + 50 + share * BARS, 1)


def _bars(results: Results) -> Iterator[Bar]:
    name = f"commands/sqlite/{min(results.sizes)}"
    for clients, words in ((1, "one client"), (results.clients, f"{results.clients} clients")):
        for who, label in (
            ("raw", "raw sqlite3"),
            ("ours", "this service"),
            ("stock", "eventsourcing"),
            ("emmett", "Emmett"),
        ):
            if figure := results.figure(f"{name}/{clients}/{who}/per-second"):
                yield Bar(f"{label}, {words}", figure.middle, who == "ours")


def _panel_of_bars(bars: list[Bar], top: int, results: Results) -> Iterator[str]:
    size = thousands(min(results.sizes))
    title = f"Durable commands a second, SQLite, after {size} events"
    yield _text("title", 20, top + 4, title)
    most = max(bar.value for bar in bars)
    for place, bar in enumerate(bars, start=1):
        y, width = top + STEP * place - 4, round(bar.value / most * BARS, 1)
        kind = "ours" if bar.ours else "other"
        yield f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{width}" height="14"/>'
        yield _text("", LABEL - 10, y + 12, bar.words, "end")
        yield _text("", LABEL + width + 6, y + 12, Unit.A_SECOND.said(bar.value))


def _text(kind: str, x: float, y: float, words: str, anchor: str = "start") -> str:
    of = f' class="{kind}"' if kind else ""
    return f'<text{of} x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
