"""Measures the service against its aims; writes the table and the picture of the repository.

python -m tests.benchmarks            measure, then write
python -m tests.benchmarks --quick    try everything on little, and write beside the figures
python -m tests.benchmarks --draw     write anew from the last figures
"""

import argparse
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console

from tests.benchmarks import picture, results, table
from tests.benchmarks.contests.ground import QUICK, Extent
from tests.benchmarks.run import measured

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="tests.benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="10 k events, three rounds")
    parser.add_argument("--draw", action="store_true", help="measure nothing")
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="for workloads")
    parser.add_argument("--sizes", type=_sizes, help="such as 10000,1000000")
    parser.add_argument("--peers", action="store_true", help="Emmett too: needs Node")
    chosen = parser.parse_args()
    extent = replace(QUICK if chosen.quick else Extent(), peers=chosen.peers)
    if chosen.sizes:
        extent = replace(extent, sizes=chosen.sizes)
    chosen.folder.mkdir(exist_ok=True)
    figures = chosen.folder / "results.json"
    if not chosen.draw:
        results.write(measured(chosen.folder, extent, Console(stderr=True)), figures)
    write(results.read(figures), chosen.folder if chosen.quick else HERE)


def write(found: results.Results, folder: Path) -> None:
    (folder / "RESULTS.md").write_text(table.markdown(found), encoding="utf-8")
    (folder / "results.svg").write_text(picture.drawn(found), encoding="utf-8")


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in text.split(",")))


if __name__ == "__main__":
    main()
