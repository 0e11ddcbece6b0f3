"""The rows of the table: what is measured, against what, and the aim it is held to."""

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from tests.benchmarks.results import Figure, Results, middle_of

RAW = {"sqlite": "raw `sqlite3`, a commit a row", "postgres": "raw `psycopg`, a commit a row"}
DECODING = "raw SELECT and decoding"
STOCK = "`eventsourcing`, Application with aggregates"
STOCK_PROJECTION = {
    "sqlite": "`eventsourcing`, projection in a loop",
    "postgres": "`eventsourcing`, ProjectionRunner",
}
EMMETT = "Emmett"
DIRECT = "the service itself, in the process that asks"
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


class Unit(Enum):
    A_SECOND = (1.0, "/s")
    MILLISECONDS = (1e3, "ms")
    SECONDS = (1.0, "s")
    MEGABYTES = (1e-6, "MB")

    def said(self, value: float) -> str:
        factor, unit = self.value
        return f"{number(value * factor)} {unit}"


def number(value: float) -> str:
    """Three figures that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


class Aim(Struct, frozen=True):
    """At least, or at most, a bound: of the ratio where there is something to hold against, else
    of the figure itself, in its unit."""

    at_least: bool
    bound: float


def at_least(bound: float) -> Aim:
    return Aim(True, bound)


def at_most(bound: float) -> Aim:
    return Aim(False, bound)


class Against(Struct, frozen=True):
    """`briefly` is for the picture."""

    who: str
    briefly: str
    name: str


class Row(Struct, frozen=True):
    chapter: str
    what: str
    name: str
    unit: Unit
    against: Against | None = None
    aim: Aim | None = None

    def figure(self, results: Results) -> Figure | None:
        """What the aim is about."""
        if self.against is None:
            return results.figure(self.name)
        return results.ratio(self.name, self.against.name)

    def times_the_aim(self, results: Results) -> float | None:
        """How many times as good as the aim; below 1 it is missed."""
        figure = self.figure(results)
        if figure is None or self.aim is None:
            return None
        factor = 1.0 if self.against else self.unit.value[0]
        value = figure.middle * factor
        return value / self.aim.bound if self.aim.at_least else self.aim.bound / value


def rows(results: Results) -> Iterator[Row]:
    small, large = min(results.sizes), max(results.sizes)
    for database in DATABASES:
        yield from _commands(database, small, results.clients)
    if large != small:
        yield from _commands_at("sqlite", large, results.clients)
    yield from _rebuilding("sqlite", small, large)
    yield from _rebuilding("postgres", small, middle_of(results.sizes))
    yield from _reading(results.sizes, large)
    if large != small:
        yield from _growth(small, large, results.clients)
    yield from _over_the_bus(small, results.clients)
    yield from _streams()


def thousands(size: int) -> str:
    return f"{size // 1_000_000} M" if size % 1_000_000 == 0 else f"{size // 1_000} k"


def _commands(database: str, size: int, clients: int) -> Iterator[Row]:
    chapter = f"(a) durable commands on {DATABASES[database]}, {thousands(size)} events"
    name = f"commands/{database}/{size}"
    held: dict[tuple[int, str], Aim] = {}
    if database == "sqlite":
        held = {
            (1, "raw"): at_least(0.8),
            (clients, "raw"): at_least(2.0),
            (clients, "stock"): at_least(10.0),
        }
    for number_, words in ((1, "one client"), (clients, f"{clients} clients")):
        raw = Against(RAW[database], "raw", f"{name}/1/raw/per-second")
        others = {"raw": raw}
        for who, label in (("stock", STOCK), ("emmett", EMMETT)):
            others[who] = Against(label, who, f"{name}/{number_}/{who}/per-second")
        ours = f"{name}/{number_}/ours"
        for who, against in others.items():
            aim = held.get((number_, who))
            yield Row(chapter, words, f"{ours}/per-second", Unit.A_SECOND, against, aim)
        for share in ("p50", "p99"):
            yield Row(chapter, f"{words}, wait, {share}", f"{ours}/{share}", Unit.MILLISECONDS)


def _commands_at(database: str, size: int, clients: int) -> Iterator[Row]:
    chapter = f"(a) durable commands on {DATABASES[database]}, {thousands(size)} events"
    name = f"commands/{database}/{size}"
    raw = Against(RAW[database], "raw", f"{name}/1/raw/per-second")
    for number_, words, bound in ((1, "one client", 0.8), (clients, f"{clients} clients", 2.0)):
        ours = f"{name}/{number_}/ours"
        yield Row(chapter, words, f"{ours}/per-second", Unit.A_SECOND, raw, at_least(bound))
        for share in ("p50", "p99"):
            yield Row(chapter, f"{words}, wait, {share}", f"{ours}/{share}", Unit.MILLISECONDS)


def _rebuilding(database: str, small: int, size: int) -> Iterator[Row]:
    chapter = f"(b) read models rebuilt on {DATABASES[database]}"
    name, words = f"rebuild/{database}", f"after a change of the folds, {thousands(size)} events"
    raw = Against(DECODING, "raw", f"{name}/{size}/raw")
    others = (
        (raw, 0.5),
        (Against(STOCK_PROJECTION[database], "stock", f"{name}/{small}/stock"), 20.0),
        (Against(EMMETT, "emmett", f"{name}/{small}/emmett"), 20.0),
    )
    for against, bound in others:
        aim = at_least(bound) if database == "sqlite" else None
        yield Row(chapter, words, f"{name}/{size}/again", Unit.A_SECOND, against, aim)
    words = f"the first time, checking the chain, {thousands(size)} events"
    yield Row(chapter, words, f"{name}/{size}/first", Unit.A_SECOND, raw)


# After a change an answer is made anew; asked again, it is handed out as it was.
READ = (
    ("(c) command to visible line", "visible", "a mission revised, and seen by another", 10.0),
    ("(d) queries", "plan", "the plan of a year, after a change", 5.0),
    ("(d) queries", "plan-of-any-year", "the plan of any year, after a change", 5.0),
    ("(d) queries", "plan-again", "the plan of a year, asked again", 5.0),
    ("(d) queries", "joint-list", "the joint list, after a change", 5.0),
    ("(d) queries", "joint-list-again", "the joint list, asked again", 5.0),
    ("(e) earlier days", "as-of", "a plan as of a day", 200.0),
    ("(e) earlier days", "known-on", "a plan as known on a day", 200.0),
)


def _reading(sizes: tuple[int, ...], large: int) -> Iterator[Row]:
    milliseconds = Unit.MILLISECONDS
    for chapter, name, words, bound in READ:
        for size in sizes:
            of, aim = f"{words}, {thousands(size)} events", at_most(bound)
            yield Row(chapter, f"{of}, p50", f"{name}/{size}/p50", milliseconds)
            yield Row(chapter, f"{of}, p99", f"{name}/{size}/p99", milliseconds, aim=aim)
    for size in sizes:
        aim_of_start = at_most(1.0) if size == large else None
        of = f"a start, {thousands(size)} events"
        yield Row("(f) start to ready", of, f"ready/{size}", Unit.SECONDS, aim=aim_of_start)
    for what, words in (("again", "after a change of the folds"), ("first", "the first time")):
        for size in sizes:
            held, name = at_most(300.0) if size == large else None, f"memory/sqlite/{size}/{what}"
            of = f"peak while building {words}, {thousands(size)} events"
            yield Row("(g) memory", of, name, Unit.MEGABYTES, aim=held)


def _growth(small: int, large: int, clients: int) -> Iterator[Row]:
    chapter = f"(h) growth from {thousands(small)} to {thousands(large)} events"
    milliseconds = Unit.MILLISECONDS
    together = f"commands/sqlite/{{}}/{clients}/ours/per-second"
    kinds: list[tuple[str, str, Unit, Aim | None]] = [
        ("one client, wait, p50", "commands/sqlite/{}/1/ours/p50", milliseconds, None),
        (f"{clients} clients", together, Unit.A_SECOND, None),
        ("read models rebuilt", "rebuild/sqlite/{}/again", Unit.A_SECOND, None),
    ]
    for letter, name, words, _ in READ:
        for share in ("p50", "p99"):
            flat = at_most(1.2) if letter.startswith("(d)") else None
            kinds.append((f"{words}, {share}", f"{name}/{{}}/{share}", milliseconds, flat))
    kinds += [
        ("a start", "ready/{}", Unit.SECONDS, None),
        ("peak while rebuilding", "memory/sqlite/{}/again", Unit.MEGABYTES, None),
    ]
    for words, name, unit, aim in kinds:
        against = Against(f"{thousands(small)} events", thousands(small), name.format(small))
        yield Row(chapter, words, name.format(large), unit, against, aim)


def _over_the_bus(size: int, clients: int) -> Iterator[Row]:
    chapter = f"(i) commands over NATS, {thousands(size)} events"
    milliseconds = Unit.MILLISECONDS
    for number_, words in ((1, "one in flight"), (clients, f"{clients} in flight")):
        name = f"bus/asked/{number_}"
        for who, how in (("nats", ""), ("named", ", each to be asked again")):
            for share, unit in (
                ("per-second", Unit.A_SECOND),
                ("p50", milliseconds),
                ("p99", milliseconds),
            ):
                what = f"{words}{how}" if share == "per-second" else f"{words}{how}, wait, {share}"
                direct = Against(DIRECT, "direct", f"{name}/direct/{share}")
                yield Row(chapter, what, f"{name}/{who}/{share}", unit, direct)
    for name, words in (
        ("bus/asked/1/hub", "one agency asks another, wait"),
        ("bus/seen", "a command at one agency, until another’s plan shows it"),
    ):
        for share in ("p50", "p99"):
            yield Row(chapter, f"{words}, {share}", f"{name}/{share}", milliseconds)


def _streams() -> Iterator[Row]:
    chapter = "(j) a ledger over NATS, to the hub’s stream and from it"
    for what, name, against, aim in (
        (
            "relayed from a store",
            "relay/ours",
            Against("bare JetStream, published in the same window", "bare", "bus/relay/bare"),
            at_least(0.7),
        ),
        (
            "taken in by an empty store",
            "replica/ours",
            Against("bare JetStream, pulled and thrown away", "bare", "bus/replica/bare"),
            at_least(0.7),
        ),
        (
            "taken in by an empty store",
            "replica/ours",
            Against(
                "the same, and kept by raw `sqlite3`", "bare and kept", "bus/replica/bare-and-kept"
            ),
            None,
        ),
    ):
        yield Row(chapter, what, f"bus/{name}", Unit.A_SECOND, against, aim)
