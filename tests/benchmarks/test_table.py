from datetime import UTC, datetime
from xml.etree import ElementTree

from tests.benchmarks import picture, table
from tests.benchmarks.machine import Machine
from tests.benchmarks.results import Figure, Results
from tests.benchmarks.rows import Against, Aim, Row, Unit, at_least, at_most, number, rows

MACHINE = Machine(
    processor="a processor",
    cores=2,
    memory_gib=8,
    system="Linux 6",
    python="3.11.7",
    sqlite="3.40.1",
    eventsourcing="9.5.6",
    postgres="15",
)


def results(**rounds: list[float]) -> Results:
    return Results(
        began=datetime(2026, 11, 24, tzinfo=UTC),
        machine=MACHINE,
        sizes=(10_000, 1_000_000),
        clients=64,
        turns=3,
        rounds={"fsync": [0.0002], **rounds},
    )


def row(aim: Aim | None = None, against: Against | None = None) -> Row:
    return Row("(a) commands", "one client", "ours", Unit.MILLISECONDS, against, aim)


def test_rounds_become_a_median_between_the_least_and_the_most() -> None:
    assert results(ours=[3.0, 1.0, 2.0]).figure("ours") == Figure(2.0, 1.0, 3.0)
    assert results().figure("ours") is None


def test_a_ratio_is_taken_within_each_round() -> None:
    noisy = results(ours=[10.0, 1.0, 4.0], theirs=[5.0, 0.5, 1.0])
    assert noisy.ratio("ours", "theirs") == Figure(2.0, 2.0, 4.0)


def test_an_aim_is_met_or_missed_by_so_much() -> None:
    found = results(ours=[0.004], theirs=[0.008])
    assert table.outcome(row(at_most(5.0)), found) == "met, 1.25 ×"
    assert table.outcome(row(at_most(2.0)), found) == "**missed**: 50% of the aim"
    against = Against("the others", "others", "theirs")
    assert table.outcome(row(at_least(0.8), against), found) == "**missed**: 62% of the aim"
    assert table.outcome(row(), found) == ""


def test_what_was_not_measured_says_why() -> None:
    found = results(ours=[0.004])
    against = Against("Emmett", "emmett", "commands/emmett")
    assert table.outcome(row(at_least(2.0), against), found) == "not measured"
    found.absent["emmett"] = "`make bench-peers` measures it"
    assert table.outcome(row(at_least(2.0), against), found) == "`make bench-peers` measures it"


def test_figures_have_three_digits_that_count() -> None:
    assert [number(value) for value in (1_234.5, 123.4, 12.34, 1.234)] == [
        "1,234",
        "123",
        "12.3",
        "1.23",
    ]


def test_the_picture_shows_each_aim_at_the_largest_size_and_is_well_formed() -> None:
    found = everything()
    drawn = ElementTree.fromstring(picture.drawn(found))
    shown = [text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    signs = [text for text in shown if text.startswith(("✓", "✗"))]
    held = [one for one in rows(found) if one.aim is not None]
    small = [one for one in held if "10000" in one.name.split("/")]
    commands = [one for one in small if one.name.startswith("commands")]
    assert len(signs) == len(held) - len(small) + len(commands)


def test_every_row_stands_in_the_table_with_its_aim() -> None:
    found = everything()
    lines = [line for line in table.markdown(found).splitlines() if line.startswith("| ")]
    headings = len({one.chapter for one in rows(found)})
    assert len(lines) == len(list(rows(found))) + headings


def everything() -> Results:
    """A figure for every row."""
    found = results()
    for one in rows(found):
        found.rounds[one.name] = [2.0]
        if one.against is not None:
            found.rounds[one.against.name] = [1.0]
    return found
