"""A fingerprint changes with all that a line is made by, and with nothing else."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import grimp
import pytest
from msgspec.structs import replace

from projections.engine.fingerprint import fingerprint, sources
from projections.engine.projection import Column, Kind, Projection
from projections.tables import ALL
from projections.tables.missions import MISSIONS
from schemas import upcasting
from schemas.mission import MissionPublished
from tests.projections.engine.folds.shouting import SHOUTING

FOLD = "def evolve(line, recorded): return {answer}\n"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module outside of ours, whose text a test may change."""
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "a_changing_fold.py"
    file.write_text(FOLD.format(answer=1))
    yield file
    sys.modules.pop(file.stem, None)


def module(file: Path) -> ModuleType:
    return importlib.import_module(file.stem)


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("projections", "schemas", cache_dir=None)


@pytest.mark.parametrize("projection", ALL, ids=[one.name for one in ALL])
def test_every_module_of_ours_that_a_fold_imports_is_in_it(
    projection: Projection[Any], imports: grimp.ImportGraph
) -> None:
    began = {
        projection.evolve.__module__,
        projection.line.__module__,
        upcasting.__name__,
        *(column.of.__module__ for column in projection.columns),
        *(years.__module__ for years in projection.years.values()),
    }
    needed = began.union(*(imports.find_upstream_modules(name) for name in began))
    empty = {"projections", "schemas"}  # these packages say nothing themselves
    assert set(sources(projection)) - empty == needed - empty
    assert all(sources(projection)[name] for name in needed - empty)


def test_it_is_the_same_each_time_and_for_each_projection_another() -> None:
    first, again = ([fingerprint(one) for one in ALL] for _ in range(2))
    assert first == again
    assert len({*first, fingerprint(SHOUTING)}) == len(ALL) + 1
    assert {len(one) for one in first} == {12}


def test_it_changes_with_the_name() -> None:
    assert fingerprint(replace(MISSIONS, name="actions")) != fingerprint(MISSIONS)


def changes(projection: Projection[Any], file: Path) -> bool:
    """Whether another text of the module makes it another one."""
    before = fingerprint(projection)
    file.write_text(FOLD.format(answer=2))
    return fingerprint(projection) != before


def test_it_changes_with_the_fold(written: Path) -> None:
    assert changes(replace(MISSIONS, evolve=module(written).evolve), written)


def test_it_changes_with_a_column(written: Path) -> None:
    column = Column("one", Kind.INTEGER, "one", module(written).evolve)
    assert changes(replace(MISSIONS, columns=(*MISSIONS.columns, column)), written)


def test_it_changes_with_the_years_a_line_is_found_under(written: Path) -> None:
    years = {MissionPublished: module(written).evolve}
    assert changes(replace(MISSIONS, years=years), written)


def test_it_changes_with_the_line(written: Path) -> None:
    line = type("Line", (), {"__module__": module(written).__name__})
    assert changes(replace(MISSIONS, line=line), written)


def test_it_changes_with_the_reading_of_older_events() -> None:
    assert upcasting.__name__ in sources(MISSIONS)


def test_it_does_not_change_with_another_subject(imports: grimp.ImportGraph) -> None:
    assert "projections.posts" not in sources(MISSIONS)
    assert "projections.posts" in imports.modules
