from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from tests.benchmarks import __main__ as program
from tests.benchmarks import results
from tests.benchmarks.contests.ground import QUICK
from tests.benchmarks.rows import rows
from tests.benchmarks.run import measured

LITTLE = replace(
    QUICK, sizes=(1_500, 3_000), rounds=1, alone=20, together=80, clients=8, stock_projected=100
)


def test_a_run_has_a_figure_for_every_row_but_those_it_says_are_absent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measured(tmp_path, LITTLE, Console(stderr=True))
    missing = {row.name for row in rows(found) if found.figure(row.name) is None}
    others = {row.against.name for row in rows(found) if row.against}
    unmeasured = {name for name in others if found.figure(name) is None}
    assert (missing, unmeasured) == (set(), {name for name in others if "emmett" in name})
    assert found.absent == {"emmett": "`make bench-peers` measures it"}
    assert {len(values) for values in found.rounds.values()} == {1}
    assert "round 1" in capsys.readouterr().err
    results.write(found, tmp_path / "results.json")
    assert results.read(tmp_path / "results.json") == found
    program.write(found, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == [
        "RESULTS.md",
        "results.json",
        "results.svg",
    ]
